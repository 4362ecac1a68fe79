import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { call } from '../../../sdk-templates/typescript/runtime/call.ts'
import { logger } from '../../../sdk-templates/typescript/runtime/logger.ts'
import type { Middleware } from '../../../sdk-templates/typescript/runtime/middleware.ts'
import { readBlob, readText } from '../../../sdk-templates/typescript/runtime/response.ts'
import { delay, retryAfter } from '../../../sdk-templates/typescript/runtime/retry.ts'
import { HostileServer, json } from './hostile-server.ts'
import { robot, THINGS } from './robot.ts'

test.each([
  ['3', undefined, 3000],
  ['Tue, 03 Jun 2008 11:05:40 GMT', 'Tue, 03 Jun 2008 11:05:30 GMT', 10_000],
  ['soon', undefined, undefined],
  ['-1', undefined, undefined],
])('Retry-After: %s, Date: %s → %s', (value, date, want) => {
  expect(retryAfter(new Headers({ 'retry-after': value, ...(date !== undefined && { date }) }))).toBe(want)
})

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

test('retries wait by full jitter: anything from nothing to twice as much each time', () => {
  const waits = (attempt: number): number[] => Array.from({ length: 500 }, () => delay(attempt, undefined) ?? -1)
  for (const [attempt, most] of [500, 1000, 2000, 4000, 8000, 8000].entries()) {
    const seen = waits(attempt)
    expect(Math.max(...seen)).toBeLessThanOrEqual(most)
    expect(Math.max(...seen)).toBeGreaterThan(most * 0.8)
    expect(Math.min(...seen)).toBeLessThan(most * 0.2)
  }
})

describe('a call', () => {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })

  const failing = (statuses: number[], headers: Record<string, string> = {}): void => {
    server.api = (_, response) => {
      const status = statuses.shift()
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      json(response, status ?? 200, { status })
    }
  }

  test('an idempotent call is repeated, another is not', async () => {
    failing([503, 429])
    await robot(server).call()
    expect(server.apiRequests).toHaveLength(3)
    failing([503])
    await expect(robot(server).call({ method: 'POST' })).rejects.toMatchObject({ name: 'ServerError', status: 503 })
    expect(server.apiRequests).toHaveLength(4)
  })

  test('an idempotency key makes a POST repeatable', async () => {
    failing([503])
    await robot(server).call({ method: 'POST' }, { options: { idempotencyKey: 'k1' } })
    expect(server.apiRequests.map(({ headers }) => headers['idempotency-key'])).toEqual(['k1', 'k1'])
  })

  test("a Retry-After beyond reason is the caller's to decide", async () => {
    failing([429], { 'retry-after': '3600' })
    await expect(robot(server).call()).rejects.toMatchObject({ name: 'RateLimitError', retryAfter: 3_600_000 })
    expect(server.apiRequests).toHaveLength(1)
  })

  test('maxRetries is the most', async () => {
    failing([500, 500, 500, 500])
    await expect(robot(server).call({}, { options: { maxRetries: 1 } })).rejects.toMatchObject({ status: 500 })
    expect(server.apiRequests).toHaveLength(2)
  })

  test('a connection that breaks off in the middle of an answer is tried again', async () => {
    let first = true
    server.api = (_, response) => {
      if (!first) return json(response, 200, { ok: 2 })
      first = false
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"ok"')
      setTimeout(() => response.destroy(), 10)
    }
    expect(await robot(server).call()).toEqual({ ok: 2 })
  })

  test('a server that never ends its answer times out', async () => {
    server.api = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{')
    }
    const call = robot(server).call({}, { options: { timeout: 60, maxRetries: 0 } })
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test("the caller's signal stops a call with its own reason", async () => {
    server.api = () => undefined
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 60)
    await expect(robot(server).call({}, { options: { signal: controller.signal } })).rejects.toThrow('enough')
  })

  test('nobody there', async () => {
    const client = robot(server, { baseUrl: 'http://127.0.0.1:9', maxRetries: 0 })
    await expect(client.call({ scopes: [] })).rejects.toMatchObject({ name: 'ConnectionError' })
  })

  test('HTML in the place of JSON, and JSON that is none', async () => {
    server.api = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in')
    await expect(robot(server).call()).rejects.toMatchObject({ name: 'UnexpectedResponseError' })
    server.api = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{')
    await expect(robot(server).call()).rejects.toMatchObject({ name: 'UnexpectedResponseError' })
  })

  test('no content, text and bytes', async () => {
    server.api = (_, response) => response.writeHead(204).end()
    expect(await robot(server).call()).toBeUndefined()
    server.api = (_, response) => response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b')
    expect(await robot(server).call({ accept: 'text/csv', read: readText })).toBe('a,b')
    server.api = (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2]))
    expect(await robot(server).call({ accept: 'image/png', read: readBlob })).toMatchObject({ size: 2 })
  })

  test('another media type, where the caller asks for it', async () => {
    server.api = ({ headers }, response) =>
      headers.accept === 'text/csv'
        ? response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b')
        : json(response, 200, { a: 1 })
    const operation = { reads: { 'text/csv': readText } }
    expect(await robot(server).call(operation)).toEqual({ a: 1 })
    expect(await robot(server).call(operation, { accept: 'text/csv' })).toBe('a,b')
  })

  test('values that the document does not know come through', async () => {
    const body = { status: 'brand-new', item: { kind: 'unheard-of', n: 1 }, extra: null }
    server.api = (_, response) => json(response, 200, body)
    expect(await robot(server).call()).toEqual(body)
  })

  test('withResponse gives status and headers beside the body', async () => {
    server.api = (_, response) => json(response, 201, { id: 1 })
    const { status, data, response } = await call(robot(server), THINGS, {}).withResponse()
    expect([status, data, response.headers.get('x-request-id')]).toEqual([201, { id: 1 }, 'req-1'])
  })

  test("the document's header for an idempotency key", async () => {
    await robot(server).call({ method: 'POST', idempotencyHeader: 'X-Key' }, { options: { idempotencyKey: 'k1' } })
    expect(server.apiRequests[0]?.headers).toMatchObject({ 'x-key': 'k1' })
  })

  test('variables of the server', async () => {
    const host = server.origin.replace('127.0.0.1', '{host}')
    await robot(server, { baseUrl: host, variables: { host: '127.0.0.1' } }).call()
    expect(server.apiRequests).toHaveLength(1)
  })

  test('problem details come through', async () => {
    server.api = (_, response) => json(response, 404, { type: 'about:blank', title: 'Gone', detail: 'no e1' })
    await expect(robot(server).call()).rejects.toMatchObject({
      name: 'NotFoundError',
      message: 'listThings: 404 – Gone – no e1',
      problem: { title: 'Gone' },
      requestId: 'req-1',
    })
  })
})

describe('middleware', () => {
  test('sees every attempt, changes what is sent, and never sees the token', async () => {
    let turn = 0
    server.api = (_, response) =>
      turn++ === 0 ? response.writeHead(503, { 'retry-after': '0' }).end() : json(response, 200, { ok: true })
    const seen: unknown[] = []
    const spy: Middleware = {
      request: (request) => {
        seen.push([request.attempt, request.headers.get('authorization')])
        request.headers.set('x-trace', String(request.attempt))
        request.url += '?added=1'
      },
      response: ({ status }) => void seen.push(status),
      error: ({ name }, { headers }) => void seen.push([name, headers.get('authorization')]),
    }
    await robot(server, { middleware: [spy] }).call()
    expect(seen).toEqual([[1, null], 503, ['ServerError', null], [2, null], 200])
    expect(server.apiRequests.map(({ headers, query }) => [headers['x-trace'], query.get('added')])).toEqual([
      ['1', '1'],
      ['2', '1'],
    ])
    expect(server.apiRequests.every(({ scopes }) => scopes !== undefined)).toBe(true)
  })

  test('another response in the place of the one that came; its own errors are its own', async () => {
    const other: Middleware = { response: () => Response.json({ mine: true }) }
    expect(await robot(server, { middleware: [other] }).call()).toEqual({ mine: true })
    const broken: Middleware = {
      request: () => {
        throw new Error('mine')
      },
    }
    await expect(robot(server, { middleware: [broken] }).call()).rejects.toThrow('mine')
  })

  test('the logger writes no secret: neither token, header, body nor query', async () => {
    const lines: unknown[] = []
    const client = robot(server, { middleware: [logger((...line) => lines.push(line))] })
    await client.call({}, { query: { key: 'secret' }, options: { headers: { 'x-key': 'secret' } } })
    expect(lines).toEqual([
      [
        `GET ${server.origin}/things`,
        expect.objectContaining({ operation: 'listThings', attempt: 1, status: 200, requestId: 'req-1' }),
      ],
    ])
    expect(JSON.stringify(lines)).not.toMatch(/secret|access-/)
  })

  test('a fetch of its own serves calls and token requests', async () => {
    const own = vi.fn(fetch)
    await robot(server, { fetch: own }).call()
    expect(own.mock.calls.map(([url]) => new URL(String(url)).pathname)).toEqual([
      '/.well-known/oauth-authorization-server',
      '/token',
      '/things',
    ])
  })
})
