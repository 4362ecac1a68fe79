import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BASE, modelOf, NOW, sandboxOf, send } from './sandbox.ts'

const content = (schema: object) => ({ 'application/json': { schema } })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const answer = (status: number, schema?: object) => ({
  [status]: { description: '', ...(schema && { content: content(schema) }) },
})
const id = { in: 'path', name: 'id', required: true, schema: { type: 'string' } }
const paged = (names: readonly string[]) =>
  names.map((name) => ({
    in: 'query',
    name,
    schema: name === 'cursor' ? { type: 'string' } : { type: 'integer', minimum: name === 'page' ? 1 : 0 },
  }))
const list = (parameters: object[], schema: object) => ({ parameters, responses: answer(200, schema) })

const model = modelOf({
  components: {
    schemas: {
      Book: {
        type: 'object',
        required: ['id', 'title', 'createdAt', 'updatedAt'],
        properties: {
          id: { type: 'string', pattern: '^bk_[a-z0-9]{8}$', readOnly: true },
          title: { type: 'string', minLength: 1 },
          pages: { type: 'integer', minimum: 1, default: 100 },
          subtitle: { type: ['string', 'null'] },
          tags: { type: 'array', items: { type: 'string' } },
          author: { type: 'object', properties: { name: { type: 'string' }, born: { type: 'integer' } } },
          status: { type: 'string', enum: ['draft', 'published'], default: 'draft', readOnly: true },
          publishedAt: { type: ['string', 'null'], format: 'date-time', readOnly: true },
          createdAt: { type: 'string', format: 'date-time', readOnly: true },
          updatedAt: { type: 'string', format: 'date-time', readOnly: true },
        },
      },
      Brief: {
        type: 'object',
        properties: { id: { type: 'string' }, title: { type: 'string' } },
        additionalProperties: false,
      },
      Shelf: {
        type: 'object',
        required: ['slug'],
        properties: { slug: { type: 'string' }, label: { type: 'string' } },
      },
      Count: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, n: { type: 'integer' } } },
    },
  },
  paths: {
    '/books': {
      get: list(
        [
          ...paged(['cursor', 'limit']),
          { in: 'query', name: 'tag', schema: { type: 'string' } },
          { in: 'query', name: 'q', schema: { type: 'string' } },
        ],
        {
          type: 'object',
          required: ['data', 'nextCursor', 'hasMore'],
          properties: {
            data: { type: 'array', items: ref('Book') },
            nextCursor: { type: ['string', 'null'] },
            hasMore: { type: 'boolean' },
          },
        },
      ),
      post: { requestBody: { content: content(ref('Book')) }, responses: answer(201, ref('Book')) },
    },
    '/books/{id}': {
      parameters: [id],
      get: {
        responses: {
          200: { description: '', headers: { ETag: { schema: { type: 'string' } } }, content: content(ref('Book')) },
        },
      },
      put: { requestBody: { content: content(ref('Book')) }, responses: answer(200, ref('Book')) },
      patch: { requestBody: { content: content({ type: 'object' }) }, responses: answer(200, ref('Book')) },
      delete: { responses: answer(204) },
    },
    '/books/{id}/publish': { parameters: [id], post: { responses: answer(200, ref('Book')) } },
    '/books/{id}/summary': {
      parameters: [id],
      get: { responses: answer(200, { type: 'object', properties: { text: { const: 'short' } }, required: ['text'] }) },
    },
    '/books/{id}/reviews': {
      parameters: [id],
      get: list([], { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } }),
      post: {
        requestBody: { content: content({ type: 'object' }) },
        responses: answer(201, { type: 'object', properties: { text: { type: 'string' } } }),
      },
    },
    '/briefs': {
      get: list(paged(['page', 'size']), {
        type: 'object',
        properties: {
          items: { type: 'array', items: ref('Brief') },
          page: { type: 'integer' },
          size: { type: 'integer' },
          total: { type: 'integer' },
          totalPages: { type: 'integer' },
        },
      }),
    },
    '/briefs/{id}': { parameters: [id], get: { responses: answer(200, ref('Book')) } },
    '/shelves': {
      get: list(paged(['offset', 'limit']), { type: 'array', items: ref('Shelf') }),
      post: { requestBody: { content: content(ref('Shelf')) }, responses: answer(201, ref('Shelf')) },
    },
    '/shelves/{slug}': { parameters: [{ ...id, name: 'slug' }], get: { responses: answer(200, ref('Shelf')) } },
    '/counts': {
      post: { requestBody: { content: content({ type: 'object' }) }, responses: answer(201, ref('Count')) },
    },
    '/counts/{countId}': {
      parameters: [{ ...id, name: 'countId', schema: { type: 'integer' } }],
      get: { responses: answer(200, ref('Count')) },
      delete: { responses: answer(204) },
    },
  },
})
const book = (n: number, more: object = {}) => ({
  id: `bk_0000000${n}`,
  title: `Book ${n}`,
  pages: n,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  ...more,
})
const data = {
  '/books': [book(1, { tags: ['a'] }), book(2, { tags: ['a', 'b'], author: { name: 'Zoë' } }), book(3)],
  '/briefs': [1, 2, 3, 4, 5].map((n) => book(n)),
  '/shelves': ['x', 'y/z', 'w'].map((slug) => ({ slug })),
  '/books/bk_00000001/reviews': [{ text: 'good' }],
}
const fresh = () => sandboxOf(model, { data })
const now = new Date(NOW).toISOString().replace('.000', '')

describe('a resource', () => {
  it('is created, found, changed and removed', async () => {
    const sandbox = fresh()
    const made = await send(sandbox, '/books', {
      method: 'POST',
      body: { title: 'New', id: 'bk_mine0000', status: 'published', other: 1 },
    })
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: made.body.id,
      title: 'New',
      pages: 100,
      status: 'draft',
      createdAt: now,
      updatedAt: now,
    })
    expect(made.body.id).toMatch(/^bk_[a-z0-9]{8}$/)
    expect(made.headers.get('location')).toBe(`${BASE}/books/${made.body.id}`)
    const path = `/books/${made.body.id}`
    expect((await send(sandbox, path)).body).toEqual(made.body)

    const merged = await send(sandbox, path, {
      method: 'PATCH',
      body: { subtitle: 'Sub', author: { name: 'A', born: 1 }, id: 'x' },
    })
    expect(merged.body).toMatchObject({ id: made.body.id, title: 'New', subtitle: 'Sub' })
    const again = await send(sandbox, path, { method: 'PATCH', body: { subtitle: null, author: { born: null } } })
    expect(again.body).toMatchObject({ subtitle: null, author: { name: 'A' } })
    expect(again.body.author).not.toHaveProperty('born')

    const replaced = await send(sandbox, path, { method: 'PUT', body: { title: 'Other' } })
    expect(replaced.body).toEqual(made.body.title === 'New' ? { ...made.body, title: 'Other' } : {})

    expect((await send(sandbox, path, { method: 'DELETE' })).status).toBe(204)
    for (const method of ['GET', 'DELETE']) expect((await send(sandbox, path, { method })).status).toBe(404)
    expect((await send(sandbox, `${path}/summary`)).status).toBe(404)
  })

  it('refuses a change that would leave it invalid', async () => {
    const { status, body } = await send(fresh(), '/books/bk_00000001', { method: 'PATCH', body: { pages: 0 } })
    expect([status, body.errors.map(({ pointer }) => pointer)]).toEqual([400, ['/pages']])
  })

  it('refuses a second one with the same key', async () => {
    const sandbox = fresh()
    const sent = { method: 'POST', body: { slug: 'y/z' } }
    expect((await send(sandbox, '/shelves', sent)).status).toBe(409)
    expect((await send(sandbox, '/shelves', { method: 'POST', body: { slug: 'a b' } })).headers.get('location')).toBe(
      `${BASE}/shelves/a%20b`,
    )
    expect((await send(sandbox, '/shelves/a%20b')).status).toBe(200)
    expect((await send(sandbox, '/shelves/y%2Fz')).body).toEqual({ slug: 'y/z' })
  })

  it('counts up where its id is a number, and exists for the asking where nothing lists it', async () => {
    const sandbox = fresh()
    expect((await send(sandbox, '/counts/41')).body.id).toBe(41)
    expect((await send(sandbox, '/counts', { method: 'POST', body: { n: 7 } })).body).toEqual({ id: 2, n: 7 })
    expect((await send(sandbox, '/counts/2')).body).toEqual({ id: 2, n: 7 })
    await send(sandbox, '/counts/41', { method: 'DELETE' })
    expect((await send(sandbox, '/counts/41', {})).status).toBe(404)
  })

  it('has a tag, and is not overwritten by who knew another state of it', async () => {
    const sandbox = fresh()
    const path = '/books/bk_00000002'
    const tag = (await send(sandbox, path)).headers.get('etag') ?? ''
    const change = (ifMatch: string) =>
      send(sandbox, path, { method: 'PATCH', body: { title: 'X' }, headers: { 'if-match': ifMatch } })
    expect((await change('"0"')).status).toBe(412)
    expect((await change(`"0", ${tag}`)).status).toBe(200)
    expect((await change(tag)).status).toBe(412)
    expect((await change('*')).status).toBe(200)
  })

  it('takes on the state that an action is named for', async () => {
    const { body } = await send(fresh(), '/books/bk_00000001/publish', { method: 'POST' })
    expect(body).toMatchObject({ id: 'bk_00000001', status: 'published', publishedAt: now })
  })

  it('below another is found only where that one is', async () => {
    const sandbox = fresh()
    expect((await send(sandbox, '/books/bk_00000001/reviews')).body).toEqual([{ text: 'good' }])
    expect((await send(sandbox, '/books/bk_00000002/reviews')).body).toEqual([])
    await send(sandbox, '/books/bk_00000002/reviews', { method: 'POST', body: { text: 'bad' } })
    expect((await send(sandbox, '/books/bk_00000002/reviews')).body).toEqual([{ text: 'bad' }])
    expect((await send(sandbox, '/books/bk_99999999/reviews')).status).toBe(404)
    expect((await send(sandbox, '/books/bk_99999999/publish', { method: 'POST' })).status).toBe(404)
    expect((await send(sandbox, '/books/bk_00000001/summary')).body).toEqual({ text: 'short' })
  })

  it('seen through a narrower schema shows only what that names', async () => {
    const { body } = await send(fresh(), '/briefs?size=1')
    expect(body.items).toEqual([{ id: 'bk_00000001', title: 'Book 1' }])
  })
})

describe('pages', () => {
  it('by cursor go on where the last one ended, whatever was added or removed', async () => {
    const sandbox = fresh()
    const first = (await send(sandbox, '/books?limit=2')).body
    expect(first).toMatchObject({ data: [{ id: 'bk_00000001' }, { id: 'bk_00000002' }], hasMore: true })
    await send(sandbox, '/books/bk_00000001', { method: 'DELETE' })
    const second = (await send(sandbox, `/books?limit=2&cursor=${first.nextCursor}`)).body
    expect(second).toMatchObject({ data: [{ id: 'bk_00000003' }], nextCursor: null, hasMore: false })
  })

  it.each(['x', '%20', 'bm90IG91cnM', '*'])('by a cursor that is not ours: 400 (%s)', async (cursor) => {
    expect((await send(fresh(), `/books?cursor=${cursor}`)).status).toBe(400)
  })

  it('by number', async () => {
    const page = (await send(fresh(), '/briefs?page=2&size=2')).body
    expect(page).toEqual({
      items: [
        { id: 'bk_00000003', title: 'Book 3' },
        { id: 'bk_00000004', title: 'Book 4' },
      ],
      page: 2,
      size: 2,
      total: 5,
      totalPages: 3,
    })
    expect((await send(fresh(), '/briefs?page=9&size=2')).body.items).toEqual([])
  })

  it('by offset, with a link to the next', async () => {
    const { headers, body } = await send(fresh(), '/shelves?offset=1&limit=1')
    expect(body).toEqual([{ slug: 'y/z' }])
    expect(headers.get('link')).toBe(`<${BASE}/shelves?limit=1&offset=2>; rel="next"`)
  })

  it('hold what fits the filters', async () => {
    const sandbox = fresh()
    const ids = async (query: string) =>
      ((await send(sandbox, `/books?${query}`)).body.data as { id: string }[]).map(({ id }) => id.at(-1))
    expect(await ids('tag=a')).toEqual(['1', '2'])
    expect(await ids('tag=b')).toEqual(['2'])
    expect(await ids('q=zoe')).toEqual(['2'])
    expect(await ids('q=BOOK&tag=a&limit=1')).toEqual(['1'])
  })
})

describe('worlds', () => {
  it('are each to an app, start alike, and are made alike', async () => {
    const sandbox = fresh()
    const post = (token?: string) =>
      send(sandbox, '/books', { method: 'POST', body: { title: 'T' }, ...(token && { token }) })
    const [a, b, anonymous] = [await post('a~'), await post('b~'), await post()]
    expect(a.body.id).toBe(b.body.id)
    expect(anonymous.body.id).toBe(a.body.id)
    await send(sandbox, `/books/${a.body.id}`, { method: 'DELETE', token: 'a~' })
    expect((await send(sandbox, `/books/${a.body.id}`, { token: 'b~' })).status).toBe(200)
    sandbox.reset()
    expect((await send(sandbox, `/books/${a.body.id}`, { token: 'b~' })).status).toBe(404)
  })

  it('never show what another app did (any interleaving)', async () => {
    const step = fc.record({
      app: fc.constantFrom('a~', 'b~', 'c~'),
      does: fc.constantFrom('create', 'remove', 'change', 'list'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const sandbox = fresh()
        const expected = new Map(
          ['a~', 'b~', 'c~'].map((app) => [app, new Map(data['/books'].map((one) => [one.id, one.title]))]),
        )
        for (const { app, does } of steps) {
          const own = expected.get(app) ?? new Map<string, string>()
          const [first] = own.keys()
          const title = `${app} was here`
          if (does === 'create') {
            const { body } = await send(sandbox, '/books', { method: 'POST', token: app, body: { title } })
            own.set(body.id, title)
          } else if (does === 'remove' && first !== undefined) {
            await send(sandbox, `/books/${first}`, { method: 'DELETE', token: app })
            own.delete(first)
          } else if (does === 'change' && first !== undefined) {
            await send(sandbox, `/books/${first}`, { method: 'PATCH', token: app, body: { title } })
            own.set(first, title)
          }
          const listed = (await send(sandbox, '/books', { token: app })).body.data as { id: string; title: string }[]
          expect(new Map(listed.map((one) => [one.id, one.title]))).toEqual(own)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('hold only so much', async () => {
    const sandbox = fresh()
    const text = 'x'.repeat(900_000)
    const statuses: number[] = []
    for (let n = 0; n < 7; n++)
      statuses.push((await send(sandbox, '/books', { method: 'POST', body: { title: text }, token: 'a~' })).status)
    expect(statuses).toEqual([201, 201, 201, 201, 201, 507, 507])
    expect((await send(sandbox, '/books', { method: 'POST', body: { title: 'T' }, token: 'b~' })).status).toBe(201)
  })
})
