import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Handler } from '../../src/server/dispatch.ts'
import { drained } from '../../src/server/drained.ts'
import { servePages } from '../../src/server/page-server.ts'

const TEXT = '<p>A sentence that repeats itself.</p>'.repeat(100)

/** A server of one page; counts how often it is rendered. */
async function serving(
  render: Handler,
  { edition = () => 1, path = '/page' }: { readonly edition?: () => number; readonly path?: string } = {},
) {
  let renders = 0
  const handler = servePages({
    render: (request, response) => {
      renders++
      return render(request, response)
    },
    edition,
    personal: (request: IncomingMessage) => request.headers.cookie?.includes('session') === true,
  })
  const server = createServer((request, response) => void handler(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const get = (headers: HeadersInit = {}, method = 'GET', signal?: AbortSignal) =>
    fetch(url, { headers, method, ...(signal && { signal }) })
  return { get, renders: () => renders }
}

const page: Handler = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'public, no-cache' })
  response.write(TEXT.slice(0, 100))
  response.end(TEXT.slice(100))
}

test('a page is compressed as the client likes it', async () => {
  const { get } = await serving(page)
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', null],
  ] as const) {
    const response = await get({ 'accept-encoding': accepted })
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('vary')).toContain('Accept-Encoding')
    expect(await response.text()).toBe(TEXT)
  }
})

test('what has not changed is not sent again', async () => {
  const { get } = await serving(page)
  const etag = (await get()).headers.get('etag') ?? ''
  const again = await get({ 'if-none-match': `"other", ${etag}` })
  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200)
})

test('a public page is rendered once for all readers, until documents change', async () => {
  let edition = 1
  const { get, renders } = await serving(page, { edition: () => edition })
  await get()
  await get()
  expect(renders()).toBe(1)
  edition = 2
  await get()
  expect(renders()).toBe(2)
})

test('a signed-in reader’s page is rendered for them, and kept for nobody', async () => {
  const { get, renders } = await serving((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'public, no-cache' })
    response.end(request.headers.cookie ?? 'nobody')
  })
  expect(await (await get({ cookie: 'session=ada' })).text()).toBe('session=ada')
  expect(await (await get({ cookie: 'session=bob' })).text()).toBe('session=bob')
  expect(await (await get()).text()).toBe('nobody')
  expect(renders()).toBe(3)
})

test.each<[string, Handler]>([
  ['private', (_, response) => void response.writeHead(200, { 'cache-control': 'private, no-cache' }).end('x')],
  ['without a word on caching', (_, response) => void response.end('x')],
  [
    'with a cookie',
    (_, response) => void response.writeHead(200, { 'cache-control': 'public', 'set-cookie': ['a=1', 'b=2'] }).end('x'),
  ],
  ['not found', (_, response) => void response.writeHead(404, { 'cache-control': 'public' }).end('x')],
])('a page %s is not kept', async (_, render) => {
  const { get, renders } = await serving(render)
  const status = (await get()).status
  expect((await get()).status).toBe(status)
  expect(renders()).toBe(2)
})

test('HEAD has the headers of GET, and no body; POST passes', async () => {
  const { get } = await serving((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': TEXT.length }).end(TEXT)
  })
  const [head, whole] = [await get({}, 'HEAD'), await get()]
  for (const name of ['etag', 'content-encoding', 'content-length'])
    expect(head.headers.get(name), name).toBe(whole.headers.get(name))
  expect(await head.text()).toBe('')
  expect(await (await get({}, 'POST')).text()).toBe(TEXT)
})

test('compressed bytes are what they say', async () => {
  const { encode } = await import('../../src/server/encoding.ts')
  const body = Buffer.from(TEXT)
  expect(brotliDecompressSync(await encode(body, 'br')).equals(body)).toBe(true)
  expect(gunzipSync(await encode(body, 'gzip')).equals(body)).toBe(true)
})

describe('what is made while it is sent', () => {
  const path = '/apis/github/llms-full.txt'
  /** Of which a compressor can't make so little that it waits for more. */
  const noise = randomBytes(500_000).toString('base64')

  test.each(['br', 'gzip', 'identity'])('goes out in parts: %s', async (encoding) => {
    const arrived = Promise.withResolvers<void>()
    const { get } = await serving(
      async (_, response) => {
        response.writeHead(200, { 'content-type': 'text/markdown', etag: 'W/"own"' })
        response.write(Buffer.from(noise))
        await arrived.promise
        response.end(Buffer.from('the end'))
      },
      { path },
    )
    const response = await get({ 'accept-encoding': encoding })
    expect(response.headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding)
    expect(response.headers.get('vary')).toContain('Accept-Encoding')
    const parts: Uint8Array[] = []
    for await (const part of response.body ?? []) {
      parts.push(part)
      arrived.resolve()
    }
    expect(Buffer.concat(parts).toString()).toBe(`${noise}the end`)
  })

  test('a refusal, an unchanged one and HEAD are sent as they are', async () => {
    for (const [status, method, body] of [
      [404, 'GET', 'none'],
      [304, 'GET', ''],
      [200, 'HEAD', ''],
    ] as const) {
      const { get } = await serving((_, response) => void response.writeHead(status).end(body), { path })
      const response = await get({ 'accept-encoding': 'br' }, method)
      expect([response.status, response.headers.get('content-encoding')]).toEqual([status, null])
      expect(await response.text()).toBe(body)
    }
  })

  test.each(['br', 'gzip', 'identity'])('no more of it is made than the client takes: %s', async (encoding) => {
    const parts = 40
    let made = 0
    const { get } = await serving(
      async (_, response) => {
        response.writeHead(200)
        for (; made < parts; made++) {
          await drained(response)
          response.write(Buffer.from(noise))
        }
        response.end()
      },
      { path },
    )
    const response = await get({ 'accept-encoding': encoding })
    for (let turn = 0; turn < 500; turn++) await new Promise(setImmediate)
    expect(made).toBeLessThan(parts / 2)
    expect((await response.text()).length).toBe(noise.length * parts)
  })

  test('whoever leaves early ends it', async () => {
    const left = Promise.withResolvers<void>()
    const { get } = await serving(
      async (_, response) => {
        response.once('close', left.resolve)
        response.writeHead(200)
        response.write(Buffer.from(noise))
        await left.promise
        response.write(Buffer.from(noise))
        response.end()
      },
      { path },
    )
    const leaving = new AbortController()
    await get({ 'accept-encoding': 'br' }, 'GET', leaving.signal)
    leaving.abort()
    await left.promise
  })
})
