import { describe, expect, test } from 'vitest'
import { EVERYTHING, type Lens } from '../../src/docs/lens.ts'
import { search } from '../../src/docs/search.ts'
import { parseQuery } from '../../src/docs/search-query.ts'
import { modelOf } from '../fixture.ts'

const oauth = {
  type: 'oauth2',
  flows: {
    clientCredentials: {
      tokenUrl: 'https://example.com',
      scopes: { 'orders:read': 'See orders', 'orders:write': 'Place orders' },
    },
  },
}
const ok = { 200: { description: 'OK' } }

const orders = () =>
  modelOf({
    info: { title: 'Orders', version: '1' },
    components: {
      securitySchemes: { oauth },
      schemas: {
        Parcel: {
          description: 'What is on its way.',
          properties: {
            weight: { type: 'number' },
            margin: { type: 'number', description: 'What we earn', 'x-required-scopes': ['orders:write'] },
          },
        },
        Order: {
          properties: {
            discount: { type: 'number', 'x-required-scopes': ['orders:write'] },
            total: { type: 'number', readOnly: true, 'x-required-scopes': ['orders:write'] },
          },
        },
      },
    },
    paths: {
      '/orders': {
        get: {
          operationId: 'listOrders',
          summary: 'List orders',
          security: [{ oauth: ['orders:read'] }],
          responses: ok,
        },
        post: {
          operationId: 'placeOrder',
          summary: 'Place an order',
          security: [{ oauth: ['orders:write'] }],
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
          responses: ok,
        },
      },
      '/parcels/{id}': {
        get: {
          summary: 'Track',
          deprecated: true,
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: ok,
        },
      },
    },
  })

const guides = [{ name: 'returns', title: 'Send things back', markdown: 'Use the reimbursement form.' }]
const found = async (text: string, lens: Lens = EVERYTHING) =>
  search(text, { apis: [{ model: await orders(), guides }], lens, apps: [] })
const titles = async (text: string) => (await found(text)).results.map(({ kind, title }) => `${kind} ${title}`)

describe('search', () => {
  test.each([
    ['an operation by its words', 'list orders', 'operation List orders'],
    ['an operation by its operationId', 'placeOrder', 'operation Place an order'],
    ['an operation by a part of its path', 'parcels', 'operation Track'],
    ['a schema', 'parcel', 'schema Parcel'],
    ['a field, with its schema', 'parcel weight', 'field weight'],
    ['a scope', 'orders:write', 'scope orders:write'],
    ['a guide by a word in it', 'reimbursement', 'guide Send things back'],
    ['the API', 'orders', 'api Orders'],
    ['the beginning of a word', 'wei', 'field weight'],
    ['a misspelt word', 'weigth', 'field weight'],
  ])('%s', async (_, text, expected) => {
    expect(await titles(text)).toContain(expected)
  })

  test('every word has to be found', async () => {
    expect(await titles('list parcels')).toEqual([])
  })

  test('what matches nothing gets the nearest', async () => {
    const { results, total, nearest } = await found('wehgt')
    expect({ results, total }).toEqual({ results: [], total: 0 })
    expect(nearest.map(({ title }) => title)).toContain('weight')
    expect(nearest.length).toBeLessThanOrEqual(3)
  })

  test.each(['qqqqqqqq', 'zzyzx', 'xx', 'wogit'])('%s is near nothing', async (text) => {
    expect(await found(text)).toEqual({ results: [], total: 0, nearest: [] })
  })

  test('what was typed comes before what is spelt nearly so, also in another API', async () => {
    // A word is worth more where it is rare.
    const schemas = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`Moon${index}`, { type: 'string' }]))
    const galaxy = await modelOf({ info: { title: 'Scalar', version: '1' }, components: { schemas }, paths: {} })
    const people = await modelOf({
      info: { title: 'People', version: '1' },
      components: { schemas: { Person: { properties: { salary: { type: 'number' } } } } },
      paths: {},
    })
    const apis = [galaxy, people].map((model) => ({ model, guides: [] }))
    const { results } = await search('salary', { apis, lens: EVERYTHING, apps: [] })
    expect(results.map(({ title }) => title)).toEqual(['salary', 'Scalar'])
  })

  test('an address finds its operation first', async () => {
    const model = await modelOf({
      info: { title: 'People', version: '1' },
      paths: {
        '/people/{id}': { get: { summary: 'Get people get people', responses: ok } },
        '/people': { get: { operationId: 'everyone', summary: 'Everyone there is, by name', responses: ok } },
      },
    })
    for (const text of ['GET /people', '/people', 'get /People', 'everyone']) {
      const { results } = await search(text, { apis: [{ model, guides: [] }], lens: EVERYTHING, apps: [] })
      expect([text, results[0]?.place]).toEqual([text, 'GET /people'])
    }
  })

  test('a name finds its operation first, however it is written', async () => {
    const paths = {
      '/issues/create': { post: { operationId: 'issues/create-issues', summary: 'Create issues', responses: ok } },
      '/issues': { post: { operationId: 'issues/create', summary: 'Create an issue', responses: ok } },
    }
    const model = await modelOf({ info: { title: 'Hub', version: '1' }, paths })
    for (const text of ['issues/create', 'issuesCreate', 'issues create', 'issues.create']) {
      const { results } = await search(text, { apis: [{ model, guides: [] }], lens: EVERYTHING, apps: [] })
      expect([text, results[0]?.place]).toEqual([text, 'POST /issues'])
    }
  })

  test('filters narrow, and may stand alone', async () => {
    expect(await titles('method:post')).toEqual(['operation Place an order'])
    expect(await titles('order method:get,')).toEqual([])
    expect(await titles('scope:orders:write')).toEqual([
      'operation Place an order',
      'scope orders:write',
      'field margin',
      'field discount',
      'field total',
    ])
    expect(await titles('orders scope:orders:r')).toEqual(['operation List orders', 'scope orders:read'])
    expect(await titles('api:ap orders')).toContain('operation List orders')
    expect(await titles('api:people orders')).toEqual([])
    expect(await titles('api:"orders" scope:"orders:r')).toEqual(['operation List orders', 'scope orders:read'])
    expect(await titles('')).toEqual([])
  })

  test('results carry the verdict of the lens, and keep it in their links', async () => {
    const lens = { as: 'scopes', scopes: ['orders:read'] } as const
    const [list] = (await found('list orders', lens)).results
    expect(list).toMatchObject({ gate: 'open', judged: true, access: 'A token with these scopes can call this.' })
    const [place] = (await found('place', lens)).results
    expect(place).toMatchObject({ gate: 'scope', judged: true })
    expect(place?.access).toContain('It lacks orders:write')
    expect(place?.href).toBe('/apis/api/operations/placeOrder?as=scopes&scope=orders:read')
    const [margin] = (await found('margin', lens)).results
    expect(margin).toMatchObject({
      gate: 'scope',
      judged: true,
      access: 'hidden, and refused when sent: needs orders:write',
    })
    expect(margin?.href).toBe('/apis/api/schemas/Parcel?as=scopes&scope=orders:read#field.margin')
  })

  test('a field that only requests carry isn’t called hidden', async () => {
    const lens = { as: 'scopes', scopes: ['orders:read'] } as const
    const said = async (field: string) => (await found(field, lens)).results[0]?.access
    expect(await said('discount')).toBe('refused when sent: needs orders:write')
    expect(await said('total')).toBe('hidden: needs orders:write')
  })

  test('text of the document is plain', async () => {
    const hostile = await modelOf({
      info: { title: 'Evil', version: '1', description: '<img src=x onerror=alert(1)> [click](javascript:alert(1))' },
      paths: {},
    })
    const { results } = await search('evil', { apis: [{ model: hostile, guides: [] }], lens: EVERYTHING, apps: [] })
    expect(results[0]?.text).toBe('click')
  })
})

test('a query is words and filters', () => {
  expect(parseQuery('  pay slip SCOPE:a:b scope:c method:get method:POST api:People scope: ')).toEqual({
    words: 'pay slip',
    scopes: ['a:b', 'c'],
    methods: ['GET', 'POST'],
    apis: ['people'],
  })
  expect(parseQuery('"pay slip" api:"People API" scope:"a b"').apis).toEqual(['people api'])
})
