import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { crcShift, joinedCrc } from '../../src/server/crc.ts'
import { fragment } from '../../src/server/fragment.ts'
import { servePages } from '../../src/server/page-server.ts'
import { type Piece, place, spliced, textOf } from '../../src/server/splice.ts'

const bytes = fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array))

test('the checksum of two texts follows from those of each', () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const whole = crc32(Buffer.concat([first, second]))
      expect(joinedCrc(crc32(first), crc32(second), crcShift(second.length))).toBe(whole)
    }),
  )
})

test('fragments and what is between them are one text in gzip', async () => {
  const written = fc.string({ unit: 'binary', maxLength: 400 })
  const piece = fc.oneof(
    written.map((text): [string, Piece] => [text, Buffer.from(text)]),
    written.map((text): [string, Piece] => [text.toWellFormed(), fragment(text)]),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (parts) => {
      const pieces = parts.map(([, one]) => one)
      const text = parts.map(([one]) => one).join('')
      expect(textOf(pieces).toString()).toBe(text)
      expect(gunzipSync(await spliced(pieces)).toString()).toBe(text)
    }),
  )
})

const CONTRACT = '<p>Contract, 契約.</p>'.repeat(200)
const PAGE = `<html>${'<nav>'.repeat(300)}${CONTRACT}<!--${CONTRACT}:0--></html>`

/** A server of one page with two fragments. */
async function serving() {
  const parts = [fragment(CONTRACT), fragment(CONTRACT)]
  const handler = servePages({
    render: (_, response) => {
      const [first, second] = parts.map((part) => place(part, response))
      response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'public, no-cache' })
      response.end(`<html>${'<nav>'.repeat(300)}${first}<!--${second}:0--></html>`)
    },
    edition: () => 1,
    personal: () => false,
  })
  const server = createServer((request, response) => void handler(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`
  return (headers: HeadersInit, method = 'GET') => fetch(url, { headers, method })
}

test.each([
  // What is compressed already goes out as it is, to whoever takes it.
  ['gzip, deflate, br', 'gzip'],
  ['gzip', 'gzip'],
  ['br', 'br'],
  ['gzip;q=0, br', 'br'],
  ['identity', null],
])('a page with fragments, to a client that accepts %j', async (accepted, encoding) => {
  const get = await serving()
  // The second time from the cache.
  for (const method of ['GET', 'GET', 'HEAD']) {
    const response = await get({ 'accept-encoding': accepted }, method)
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('vary')).toContain('Accept-Encoding')
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(50)
    expect(await response.text()).toBe(method === 'GET' ? PAGE : '')
  }
  const etag = (await get({ 'accept-encoding': accepted })).headers.get('etag') ?? ''
  expect((await get({ 'accept-encoding': accepted, 'if-none-match': etag })).status).toBe(304)
})

test('clients that take Brotli alone, and both, each get what they take', async () => {
  const get = await serving()
  for (const accepted of ['br', 'gzip, br', 'br']) {
    const response = await get({ 'accept-encoding': accepted })
    expect([accepted, response.headers.get('content-encoding')]).toEqual([accepted, accepted === 'br' ? 'br' : 'gzip'])
  }
})
