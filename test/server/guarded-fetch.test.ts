import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { guardedFetch } from '../../src/server/guarded-fetch.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each([
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0.0.0.0/',
  'https://224.0.0.1/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'https://[64:ff9b::a00:1]/',
  // By name: resolved first, and what it comes to is looked at.
  'https://localhost/',
  'https://a.localhost/',
])('%s is not read', async (url) => {
  await expect(guardedFetch(url, { loopback: false })).rejects.toThrow(/isn't (at )?a public address|can't be read \(E/)
})

test.each([
  ['http://example.com/', /isn't https/],
  ['http://127.0.0.1:1/', /isn't https/],
  ['file:///etc/passwd', /isn't https/],
  ['https://user:secret@example.com/', /password/],
  ['nonsense', /no address/],
])('%s: %s', async (url, message) => {
  await expect(guardedFetch(url, { loopback: false })).rejects.toThrow(message)
})

test('on one’s own machine, http on loopback is read, and redirects are followed', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/there') response.end('Hello')
    else response.writeHead(302, { Location: '/there' }).end()
  })
  const { url: last, bytes } = await guardedFetch(url, { loopback: true })
  expect([last, Buffer.from(bytes).toString()]).toEqual([`${url}/there`, 'Hello'])
})

test.each(['http://169.254.169.254/', 'https://10.0.0.1/', 'file:///etc/passwd', 'http://example.com/'])(
  'a redirect to %s is not followed',
  async (location) => {
    const url = await serve((_, response) => response.writeHead(302, { Location: location }).end())
    await expect(guardedFetch(url, { loopback: true })).rejects.toThrow(/isn't (https|a public address)/)
  },
)

test('redirects, bytes and time have a limit', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/round') response.writeHead(302, { Location: '/round' }).end()
    else if (request.url === '/large') {
      const more = (): void => void (response.write('x'.repeat(65_536)) && setImmediate(more))
      response.on('drain', more)
      more()
    } else if (request.url === '/zip') response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('x')
    else if (request.url === '/none') response.writeHead(404).end()
    else response.write('…')
  })
  const read = (path: string) => guardedFetch(url + path, { loopback: true, bytes: 1_000_000, milliseconds: 1_000 })
  await expect(read('/round')).rejects.toThrow(/redirects more than 5 times/)
  await expect(read('/large')).rejects.toThrow(/more than 1 MB/)
  await expect(read('/slow')).rejects.toThrow(/takes too long/)
  await expect(read('/zip')).rejects.toThrow(/compressed/)
  await expect(read('/none')).rejects.toThrow(/answered 404/)
})
