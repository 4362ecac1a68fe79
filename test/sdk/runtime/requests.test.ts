import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeBody } from '../../../sdk-templates/typescript/runtime/body.ts'
import { bearerChallenge } from '../../../sdk-templates/typescript/runtime/challenge.ts'
import { events, parseEvents } from '../../../sdk-templates/typescript/runtime/events.ts'
import type { Pagination, Parameter } from '../../../sdk-templates/typescript/runtime/operation.ts'
import { page } from '../../../sdk-templates/typescript/runtime/page.ts'
import {
  cookieString,
  expandPath,
  headerValue,
  queryString,
} from '../../../sdk-templates/typescript/runtime/parameters.ts'
import { retryAfter } from '../../../sdk-templates/typescript/runtime/retry.ts'
import { HostileServer, json } from './hostile-server.ts'
import { robot, THINGS } from './robot.ts'

const list = ['blue', 'bl,ack', 'a b']
const object = { R: 100, G: 'a&b' }

describe('parameters', () => {
  test.each<[Partial<Parameter>, unknown, string]>([
    [{}, 'a/b?c#d', '/x/a%2Fb%3Fc%23d'],
    [{}, list, '/x/blue,bl%2Cack,a%20b'],
    [{}, object, '/x/R,100,G,a%26b'],
    [{ explode: true }, object, '/x/R=100,G=a%26b'],
    [{ style: 'label' }, 'v', '/x/.v'],
    [{ style: 'label' }, ['a', 'b'], '/x/.a,b'],
    [{ style: 'label', explode: true }, ['a', 'b'], '/x/.a.b'],
    [{ style: 'label', explode: true }, { a: 1, b: 2 }, '/x/.a=1.b=2'],
    [{ style: 'matrix' }, 'v', '/x/;id=v'],
    [{ style: 'matrix' }, '', '/x/;id'],
    [{ style: 'matrix' }, ['a', 'b'], '/x/;id=a,b'],
    [{ style: 'matrix', explode: true }, ['a', 'b'], '/x/;id=a;id=b'],
    [{ style: 'matrix', explode: true }, { a: 1, b: 2 }, '/x/;a=1;b=2'],
    [{ content: 'application/json' }, { a: 1 }, '/x/%7B%22a%22%3A1%7D'],
    [{}, new Date(0), '/x/1970-01-01T00%3A00%3A00.000Z'],
  ])('path %j %j → %s', (parameter, value, want) => {
    expect(expandPath('/x/{id}', [{ name: 'id', in: 'path', ...parameter }], { id: value })).toBe(want)
  })

  test.each(['..', '.', '%2e%2E', ''])('a path value can not be %j', (value) => {
    const bare = [{ name: 'id', in: 'path', content: 'text/plain' }] as const
    expect(() => expandPath('/x/{id}/y', bare, { id: value.replace('%2e%2E', '..') })).toThrow()
  })

  test('a path value that is missing is named', () => {
    expect(() => expandPath('/x/{id}', [], {})).toThrow('id is missing')
    expect(() => expandPath('/x/{toString}', [], {})).toThrow('toString is missing')
  })

  test.each<[Partial<Parameter>, unknown, string]>([
    [{}, 'a b&c=d+e', 'q=a%20b%26c%3Dd%2Be'],
    [{}, list, 'q=blue&q=bl%2Cack&q=a%20b'],
    [{ explode: false }, list, 'q=blue,bl%2Cack,a%20b'],
    [{}, object, 'R=100&G=a%26b'],
    [{ explode: false }, object, 'q=R,100,G,a%26b'],
    [{ style: 'spaceDelimited' }, ['a', 'b'], 'q=a%20b'],
    [{ style: 'pipeDelimited' }, ['a', 'b'], 'q=a%7Cb'],
    [{ style: 'pipeDelimited', explode: true }, ['a', 'b'], 'q=a&q=b'],
    [
      { style: 'deepObject', explode: true },
      { a: 1, b: { c: [2, 3] } },
      'q%5Ba%5D=1&q%5Bb%5D%5Bc%5D=2&q%5Bb%5D%5Bc%5D=3',
    ],
    [{ allowReserved: true }, 'a/b?c:d&e#f', 'q=a/b?c:d%26e%23f'],
    [{ content: 'application/json' }, { a: [1] }, 'q=%7B%22a%22%3A%5B1%5D%7D'],
    [{}, [], ''],
    [{}, null, ''],
    [{}, false, 'q=false'],
  ])('query %j %j → %s', (parameter, value, want) => {
    expect(queryString([{ name: 'q', in: 'query', ...parameter }], { q: value, left: undefined })).toBe(want)
  })

  test('headers and cookies', () => {
    expect(headerValue({ name: 'X', in: 'header' }, ['a', 1])).toBe('a,1')
    expect(headerValue({ name: 'X', in: 'header', explode: true }, { a: 1 })).toBe('a=1')
    expect(cookieString([], { a: 'x;y', b: 2 })).toBe('a=x%3By; b=2')
  })
})

describe('bodies', () => {
  test('JSON keeps its media type', () => {
    expect(encodeBody({ kind: 'json', type: 'application/merge-patch+json' }, { a: null })).toEqual({
      body: '{"a":null}',
      contentType: 'application/merge-patch+json',
      repeatable: true,
    })
  })

  test('a form repeats lists', () => {
    const format = { kind: 'form', type: 'application/x-www-form-urlencoded' } as const
    expect(encodeBody(format, { a: [1, 2], b: 'x&y', c: undefined }).body).toBe('a=1&a=2&b=x%26y')
  })

  test('multipart: files, bytes, lists, objects, and the type of a part', async () => {
    const { body, contentType } = encodeBody(
      {
        kind: 'multipart',
        type: 'multipart/form-data',
        parts: { meta: 'application/vnd.m+json', file: 'image/png, image/jpeg' },
      },
      {
        file: new File(['x'], 'a.png', { type: 'image/png' }),
        raw: new Uint8Array([1]),
        tags: ['a', 'b'],
        meta: { k: 1 },
      },
    )
    expect(contentType).toBeUndefined()
    const form = body as FormData
    expect((form.get('file') as File).name).toBe('a.png')
    expect((form.get('file') as File).type).toBe('image/png')
    expect(form.getAll('tags')).toEqual(['a', 'b'])
    expect((form.get('meta') as File).type).toBe('application/vnd.m+json')
    expect(await (form.get('meta') as File).text()).toBe('{"k":1}')
    expect((form.get('raw') as File).size).toBe(1)
  })

  test('what can not be sent is refused', () => {
    expect(() => encodeBody({ kind: 'multipart', type: 'multipart/form-data' }, 'x')).toThrow('is an object')
    expect(() => encodeBody({ kind: 'binary', type: 'image/png' }, { a: 1 })).toThrow('a Blob')
  })
})

describe('challenges', () => {
  test.each([
    [
      'Bearer error="insufficient_scope", scope="a b", resource_metadata="https://x/?a=b,c"',
      'insufficient_scope',
      ['a', 'b'],
    ],
    ['Basic realm="x, Bearer", bearer scope=a , error=insufficient_scope', 'insufficient_scope', ['a']],
    ['Bearer', undefined, []],
    ['Bearer error="a\\"b"', 'a"b', []],
  ])('%s', (header, error, scope) => {
    expect(bearerChallenge(header)).toEqual({ error, scope })
  })

  test.each([null, '', 'Basic realm="bearer"', 'DPoP error="x"'])('none in %j', (header) => {
    expect(bearerChallenge(header)).toBeUndefined()
  })
})

test.each([
  ['3', undefined, 3000],
  ['Tue, 03 Jun 2008 11:05:40 GMT', 'Tue, 03 Jun 2008 11:05:30 GMT', 10_000],
  ['soon', undefined, undefined],
  ['-1', undefined, undefined],
])('Retry-After: %s, Date: %s → %s', (value, date, want) => {
  expect(retryAfter(new Headers({ 'retry-after': value, ...(date !== undefined && { date }) }))).toBe(want)
})

test.each<[string, string[], object[]]>([
  ['torn line ends', ['data: a\r', '\ndata: b\r\n\r', '\n'], [{ event: 'message', data: 'a\nb', id: undefined }]],
  [
    'names, ids, comments',
    [': hi\nevent: x\nid: 7\ndata:1\n\ndata: 2\n\n'],
    [
      { event: 'x', data: '1', id: '7' },
      { event: 'message', data: '2', id: '7' },
    ],
  ],
  [
    'lone CR, byte order mark',
    ['\uFEFFdata: a\r\rdata: b\r\r'],
    [
      { event: 'message', data: 'a', id: undefined },
      { event: 'message', data: 'b', id: undefined },
    ],
  ],
  ['broken off', ['data: a\n\ndata: b\n'], [{ event: 'message', data: 'a', id: undefined }]],
  ['no data', ['event: x\n\n'], []],
])('event stream: %s', async (_, chunks, want) => {
  const got = []
  for await (const event of parseEvents(
    (async function* () {
      yield* chunks
    })(),
  ))
    got.push(event)
  expect(got).toEqual(want)
})

describe('against a server', () => {
  let server: HostileServer

  beforeEach(async () => {
    server = await new HostileServer().start()
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => server.stop())

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
    expect(await robot(server).call({ accept: 'text/csv' })).toBe('a,b')
    server.api = (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2]))
    expect(await robot(server).call({ accept: 'image/png' })).toMatchObject({ size: 2, type: 'image/png' })
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

  describe('pages', () => {
    const everything = Array.from({ length: 45 }, (_, index) => index)
    const iterate = async (pagination: Pagination, query: Record<string, unknown> = {}): Promise<unknown[]> => {
      const found = []
      for await (const item of page<unknown, unknown>(robot(server), THINGS, pagination, { query })) found.push(item)
      return found
    }
    const serve = (slice: (query: URLSearchParams) => object): void => {
      server.api = (request, response) => json(response, 200, slice(request.query))
    }

    test('by cursor', async () => {
      serve((query) => {
        const at = Number(query.get('after') ?? 0)
        return { data: everything.slice(at, at + 20), next: at + 20 < 45 ? String(at + 20) : null }
      })
      const pagination = { kind: 'cursor', cursor: 'after', next: 'next', items: 'data' } as const
      expect(await iterate(pagination)).toEqual(everything)
      expect(server.apiRequests).toHaveLength(3)
      expect(await page<unknown, object>(robot(server), THINGS, pagination, {})).toMatchObject({ next: '20' })
    })

    test('by a cursor that is the whole address', async () => {
      serve((query) => ({
        data: [query.get('after') ?? '0'],
        next: query.has('after') ? '' : `${server.origin}/things?x=1&after=7`,
      }))
      expect(await iterate({ kind: 'cursor', cursor: 'after', next: 'next', items: 'data' })).toEqual(['0', '7'])
    })

    test('a cursor that leads in a circle ends', async () => {
      serve(() => ({ data: [1], next: 'same' }))
      await expect(iterate({ kind: 'cursor', cursor: 'after', next: 'next', items: 'data' })).rejects.toThrow(
        'same page',
      )
    })

    test.each([true, false])('by page, total known: %s', async (total) => {
      serve((query) => {
        const at = (Number(query.get('page') ?? 1) - 1) * 20
        return { items: everything.slice(at, at + 20), ...(total && { total: 45 }) }
      })
      const pagination = {
        kind: 'page',
        page: 'page',
        size: 'perPage',
        items: 'items',
        ...(total && { total: 'total' }),
      } as const
      expect(await iterate(pagination)).toEqual(everything)
      expect(server.apiRequests).toHaveLength(3)
      expect(await iterate(pagination, { page: 2 })).toEqual(everything.slice(20))
      expect(server.apiRequests).toHaveLength(5)
    })

    test('by offset, the body being the list', async () => {
      serve((query) => everything.slice(Number(query.get('offset') ?? 0)).slice(0, 20))
      expect(await iterate({ kind: 'offset', offset: 'offset', limit: 'limit', items: '' }, { offset: 7 })).toEqual(
        everything.slice(7),
      )
      expect(server.apiRequests).toHaveLength(2)
    })
  })

  test('server-sent events, until the caller has seen enough', async () => {
    const closed = vi.fn()
    server.api = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      response.on('close', closed)
      response.write('event: tick\ndata: {"n":1}\n\ndata: {"n":2}\n\n')
    }
    const found = []
    for await (const event of events<{ n: number }>(
      robot(server),
      { ...THINGS, accept: 'text/event-stream' },
      {},
      true,
    )) {
      found.push(event.data.n)
      if (found.length === 2) break
    }
    expect(found).toEqual([1, 2])
    await vi.waitFor(() => expect(closed).toHaveBeenCalled())
  })

  test('a signal ends a stream of events', async () => {
    server.api = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    }
    const controller = new AbortController()
    const stream = events(robot(server), THINGS, { options: { signal: controller.signal } }, false)
    expect((await stream.next()).value).toMatchObject({ data: '1' })
    controller.abort(new Error('enough'))
    await expect(stream.next()).rejects.toThrow('enough')
  })
})
