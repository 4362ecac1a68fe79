import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from '../../../sdk-templates/typescript/runtime/page.ts'
import {
  nextByCursor,
  nextByHeader,
  nextByLink,
  nextByOffset,
  nextByPage,
  type Pagination,
} from '../../../sdk-templates/typescript/runtime/pagination.ts'
import { HostileServer, json } from './hostile-server.ts'
import { robot, THINGS } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

const everything = Array.from({ length: 45 }, (_, index) => index)
const list = (pagination: Pagination, query: Record<string, unknown> = {}) =>
  page<unknown, unknown>(robot(server), THINGS, pagination, { query })
const iterate = (pagination: Pagination, query?: Record<string, unknown>): Promise<unknown[]> =>
  Array.fromAsync(list(pagination, query))
const serve = (slice: (query: URLSearchParams) => object): void => {
  server.api = (request, response) => json(response, 200, slice(request.query))
}
const BY_CURSOR: Pagination = { next: nextByCursor, parameter: 'after', cursor: 'next', items: 'data' }

test('awaited, it is the first page; with its response; and asked for once', async () => {
  serve(() => ({ data: [1], next: null }))
  const first = list(BY_CURSOR)
  expect(server.apiRequests).toHaveLength(0)
  expect(await first).toEqual({ data: [1], next: null })
  expect((await first.withResponse()).response.headers.get('x-request-id')).toBe('req-1')
  expect(await Array.fromAsync(first)).toEqual([1])
  expect(server.apiRequests).toHaveLength(1)
})

test('by cursor', async () => {
  serve((query) => {
    const at = Number(query.get('after') ?? 0)
    return { data: everything.slice(at, at + 20), next: at + 20 < 45 ? String(at + 20) : null }
  })
  expect(await iterate(BY_CURSOR)).toEqual(everything)
  expect(server.apiRequests).toHaveLength(3)
})

test('page by page, and members at a depth', async () => {
  serve((query) => ({ result: { list: [query.get('after') ?? 'a'] }, meta: { next: query.has('after') ? '' : 'b' } }))
  const pagination = { ...BY_CURSOR, cursor: 'meta.next', items: 'result.list' }
  expect(await Array.fromAsync(list(pagination).pages())).toMatchObject([
    { meta: { next: 'b' } },
    { meta: { next: '' } },
  ])
  expect(await iterate(pagination)).toEqual(['a', 'b'])
})

test('by a cursor that is the whole address, or a path', async () => {
  for (const next of [`${server.origin}/things?x=1&after=7`, '/things?x=1&after=7']) {
    serve((query) => ({ data: [query.get('after') ?? '0'], next: query.has('after') ? '' : next }))
    expect(await iterate(BY_CURSOR)).toEqual(['0', '7'])
  }
})

test('an empty page in the middle does not end a list by cursor', async () => {
  serve((query) => (query.has('after') ? { data: [2], next: null } : { data: [], next: 'x' }))
  expect(await iterate(BY_CURSOR)).toEqual([2])
})

test('a cursor that leads in a circle ends', async () => {
  serve(() => ({ data: [1], next: 'same' }))
  await expect(iterate(BY_CURSOR)).rejects.toThrow('same page')
})

test('by a cursor in a header', async () => {
  server.api = ({ query }, response) => {
    if (!query.has('after')) response.setHeader('x-next', '2')
    json(response, 200, [query.get('after') ?? '1'])
  }
  expect(await iterate({ next: nextByHeader, parameter: 'after', cursor: 'X-Next', items: '' })).toEqual(['1', '2'])
})

test.each(['rel="next"', 'rel=next', 'title="a, b"; rel="prev next"'])('by Link header: %s', async (relation) => {
  server.api = ({ query }, response) => {
    const at = Number(query.get('page') ?? 1)
    const links = [
      `</things?page=1>; rel="first"`,
      ...(at < 3 ? [`<${server.origin}/things?per=2&page=${at + 1}>; ${relation}`] : []),
    ]
    json(response.setHeader('link', links.join(', ')), 200, [at])
  }
  expect(await iterate({ next: nextByLink, items: '' }, { per: 2 })).toEqual([1, 2, 3])
  expect(server.apiRequests.every(({ query }) => query.get('per') === '2')).toBe(true)
})

test('a Link that leads in a circle ends', async () => {
  server.api = (_, response) => json(response.setHeader('link', '<?page=2>; rel="next"'), 200, [1])
  await expect(iterate({ next: nextByLink, items: '' })).rejects.toThrow('same page')
})

test.each([true, false])('by page, total known: %s', async (total) => {
  serve((query) => {
    const at = (Number(query.get('page') ?? 1) - 1) * 20
    return { items: everything.slice(at, at + 20), ...(total && { total: 45 }) }
  })
  const pagination = { next: nextByPage, parameter: 'page', items: 'items', ...(total && { total: 'total' }) }
  expect(await iterate(pagination)).toEqual(everything)
  expect(server.apiRequests).toHaveLength(3)
  expect(await iterate(pagination, { page: 2 })).toEqual(everything.slice(20))
  expect(server.apiRequests).toHaveLength(5)
})

test('by offset, the body being the list', async () => {
  serve((query) => everything.slice(Number(query.get('offset') ?? 0)).slice(0, 20))
  const pagination = { next: nextByOffset, parameter: 'offset', items: '' }
  expect(await iterate(pagination, { offset: 7 })).toEqual(everything.slice(7))
  expect(server.apiRequests).toHaveLength(2)
})
