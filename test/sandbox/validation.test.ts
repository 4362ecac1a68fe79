import { describe, expect, it } from 'vitest'
import type { Schema } from '../../src/model/schema.ts'
import { Validator } from '../../src/sandbox/validator.ts'
import { modelOf, type Sent, sandboxOf, send } from './sandbox.ts'

const responses = { 200: { description: '', content: { 'application/json': { schema: true } } } }
const query = (name: string, schema: object, more: object = {}) => ({ in: 'query', name, schema, ...more })
const strings = { type: 'array', items: { type: 'string' } }
const model = modelOf({
  paths: {
    '/items/{id}': {
      get: {
        parameters: [
          { in: 'path', name: 'id', required: true, schema: { type: 'integer', maximum: 9 } },
          query('limit', { type: 'integer', minimum: 1, maximum: 100 }),
          query('need', { type: 'string' }, { required: true }),
          query('flag', { type: 'boolean' }),
          query('tags', { ...strings, maxItems: 2 }),
          query('list', { type: 'array', items: { type: 'integer' } }, { explode: false }),
          query('piped', strings, { style: 'pipeDelimited', explode: false }),
          query('at', { type: 'object', properties: { x: { type: 'integer' } } }, { style: 'deepObject' }),
          { in: 'query', name: 'filter', content: { 'application/json': { schema: { type: 'object' } } } },
          { in: 'header', name: 'X-Count', schema: { type: 'integer' } },
          { in: 'cookie', name: 'theme', schema: { enum: ['light', 'dark'] } },
        ],
        responses,
      },
    },
    '/bodies': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['name', 'id'],
                additionalProperties: false,
                properties: {
                  id: { type: 'string', readOnly: true },
                  name: { type: 'string', minLength: 2 },
                  'a/b': { type: 'array', items: { type: 'integer' } },
                  choice: { oneOf: [{ type: 'integer' }, { type: 'boolean' }] },
                },
              },
            },
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                properties: {
                  n: { type: 'integer' },
                  all: strings,
                  json: { type: 'object', properties: { k: { type: 'integer' } } },
                  deep: {
                    type: 'object',
                    properties: {
                      k: { type: 'integer' },
                      inner: { type: 'object', properties: { yes: { type: 'boolean' } } },
                      list: { type: 'array', items: { type: 'object', properties: { k: { type: 'integer' } } } },
                    },
                    additionalProperties: false,
                  },
                },
                required: ['n'],
                additionalProperties: false,
              },
              encoding: { deep: { style: 'deepObject', explode: true } },
            },
            'multipart/form-data': {
              schema: {
                type: 'object',
                properties: { file: { type: 'string', format: 'binary' } },
                required: ['file'],
              },
            },
            'text/*': {},
          },
        },
        responses,
      },
    },
    '/typed': {
      get: {
        responses: {
          200: {
            description: '',
            content: {
              'application/json': { schema: { type: 'object' } },
              'text/plain': { schema: { type: 'string' }, example: 'plain' },
            },
          },
        },
      },
      put: {
        requestBody: { content: { 'application/json': { schema: { minimum: 1 } } } },
        responses: { ...responses, 422: { description: '' } },
      },
    },
  },
})
const sandbox = sandboxOf(model)

describe('parameters', () => {
  const cases: [path: string, errors: string[], headers?: Record<string, string>][] = [
    ['/items/7?need=a', []],
    ['/items/10?need=a', ['path /id']],
    ['/items/x?need=a', ['path /id']],
    ['/items/7', ['query /need']],
    ['/items/7?need=', []],
    ['/items/7?need=a&limit=5', []],
    ['/items/7?need=a&limit=500', ['query /limit']],
    ['/items/7?need=a&limit=5.5', ['query /limit']],
    ['/items/7?need=a&limit=05', ['query /limit']],
    ['/items/7?need=a&limit=1&limit=2', ['query /limit']],
    ['/items/7?need=%E0%A4%A', ['query /need']],
    ['/items/7?need=a&%E0%A4%A=1', []],
    ['/items/7?need=a&flag=true', []],
    ['/items/7?need=a&flag=yes', ['query /flag']],
    ['/items/7?need=a&tags=a&tags=b', []],
    ['/items/7?need=a&tags=a&tags=b&tags=c', ['query /tags']],
    ['/items/7?need=a&list=1,2,3', []],
    ['/items/7?need=a&list=1,x', ['query /list/1']],
    ['/items/7?need=a&piped=a|b%7Cc', []],
    ['/items/7?need=a&at[x]=1', []],
    ['/items/7?need=a&at[x]=y', ['query /at/x']],
    ['/items/7?need=a&filter=%7B%22a%22%3A1%7D', []],
    ['/items/7?need=a&filter=1', ['query /filter']],
    ['/items/7?need=a&filter=%7B', ['query /filter']],
    ['/items/7?need=a', ['header /X-Count'], { 'x-count': 'many' }],
    ['/items/7?need=a', [], { 'x-count': '3', cookie: 'theme=dark; other=1' }],
    ['/items/7?need=a', ['cookie /theme'], { cookie: 'theme=blue' }],
    ['/items/7?need=a&unknown=1', []],
  ]
  it.each(cases)('%s: %o', async (path, errors, headers = {}) => {
    const { status, body } = await send(sandbox, path, { headers })
    expect(status).toBe(errors.length === 0 ? 200 : 400)
    expect((body.errors ?? []).map((error) => `${error.in} ${error.pointer}`)).toEqual(errors)
  })
})

describe('bodies', () => {
  const form = (entries: Record<string, string | File>): FormData => {
    const data = new FormData()
    for (const [name, value] of Object.entries(entries)) data.append(name, value)
    return data
  }
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
  const typed = (type: string) => ({ 'content-type': type })
  const cases: [name: string, sent: Sent, status: number, errors?: string[]][] = [
    ['fits, without what only a response has', { body: { name: 'ab' } }, 200],
    ['lacks a member', { body: {} }, 400, ['/name']],
    ['is too short', { body: { name: 'a' } }, 400, ['/name']],
    ['has a member too many', { body: { name: 'ab', more: 1 } }, 400, ['/more']],
    ['is wrong deep down', { body: { name: 'ab', 'a/b': [1, 'x'] } }, 400, ['/a~1b/1']],
    ['fits no alternative', { body: { name: 'ab', choice: 'x' } }, 400, ['/choice']],
    ['is of another type', { body: [] }, 400, ['']],
    ['is missing', {}, 400],
    ['is not JSON', { body: '{"name":', headers: typed('application/json') }, 400, ['']],
    ['is nested too deep', { body: `${'['.repeat(65)}${']'.repeat(65)}`, headers: typed('application/json') }, 400],
    ['only looks nested', { body: JSON.stringify({ name: '['.repeat(99) }), headers: typed('application/json') }, 200],
    ['is of no known type', { body: '<a/>', headers: typed('application/xml') }, 415],
    ['is of a type by range', { body: 'hello', headers: typed('text/markdown') }, 200],
    ['is in another charset', { body: '{}', headers: typed('application/json; charset=utf-16') }, 415],
    ['is compressed in a way that is not taken', { body: { name: 'ab' }, headers: { 'content-encoding': 'br' } }, 415],
    ['says that it is compressed', { body: { name: 'ab' }, headers: { 'content-encoding': 'gzip' } }, 400, ['']],
    ['is too large', { body: { name: 'x'.repeat(1_048_576) } }, 413],
    ['says that it is too large', { body: { name: 'ab' }, headers: { 'content-length': '9999999' } }, 413],
    ['is a form', { body: 'n=7&all=a&all=b', headers: urlencoded }, 200],
    ['is a form that does not fit', { body: 'n=x', headers: urlencoded }, 400, ['/n']],
    ['is a form with JSON in it', { body: 'n=7&json={"k":1}', headers: urlencoded }, 200],
    [
      'is a form with JSON in it that does not fit',
      { body: 'n=7&json={"k":"x"}', headers: urlencoded },
      400,
      ['/json/k'],
    ],
    [
      'is a deep form',
      { body: 'n=7&deep[k]=1&deep%5Binner%5D[yes]=true&deep[list][0][k]=1&deep[list][1][k]=2', headers: urlencoded },
      200,
    ],
    [
      'is a deep form that does not fit',
      { body: 'n=7&deep[inner][yes]=x', headers: urlencoded },
      400,
      ['/deep/inner/yes'],
    ],
    [
      'is a deep form with a member too many',
      { body: 'n=7&deep[__proto__][a]=x', headers: urlencoded },
      400,
      ['/deep/__proto__'],
    ],
    ['is an upload', { body: form({ file: new File(['abc'], 'a.txt') }) }, 200],
    ['is an upload without its file', { body: form({ other: 'x' }) }, 400, ['/file']],
    ['is no upload', { body: 'junk', headers: typed('multipart/form-data; boundary=x') }, 400, ['']],
  ]
  it.each(cases)('one that %s', async (_, sent, status, errors) => {
    const got = await send(sandbox, '/bodies', { method: 'POST', ...sent })
    expect(got.status).toBe(status)
    if (status !== 200) expect(got.headers.get('content-type')).toBe('application/problem+json')
    if (errors !== undefined) expect(got.body.errors.map(({ pointer }) => pointer)).toEqual(errors)
  })

  it('that does not fit is 422 where the document says so', async () => {
    expect((await send(sandbox, '/typed', { method: 'PUT', body: 0 })).status).toBe(422)
  })
})

describe('negotiation', () => {
  it.each([
    ['application/json', 'application/json'],
    ['text/plain', 'text/plain'],
    ['text/*', 'text/plain'],
    ['text/plain;q=0.5, application/json;q=0.4', 'text/plain'],
    ['application/json;q=0, */*', 'text/plain'],
    ['*/*', 'application/json'],
    ['image/png', undefined],
  ])('%s: %s', async (accept, type) => {
    const { status, headers } = await send(sandbox, '/typed', { headers: { accept } })
    expect(status).toBe(type === undefined ? 406 : 200)
    if (type !== undefined) expect(headers.get('content-type')).toBe(type)
  })
})

describe('methods', () => {
  it('that are not described: 405 with those that are', async () => {
    const { status, headers } = await send(sandbox, '/bodies', { method: 'DELETE' })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('OPTIONS, POST')
  })

  it('HEAD: as GET, without the body', async () => {
    const { status, headers, body } = await send(sandbox, '/typed', { method: 'HEAD' })
    expect([status, headers.get('content-type'), body]).toEqual([200, 'application/json', ''])
  })

  it('OPTIONS: what is allowed, and to whom', async () => {
    const { status, headers } = await send(sandbox, '/bodies', {
      method: 'OPTIONS',
      headers: {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, x-a, b\tad',
      },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-methods')).toBe('OPTIONS, POST')
    expect(headers.get('access-control-allow-headers')).toBe('authorization, x-a')
  })

  it('answers expose what browsers hide', async () => {
    const { headers } = await send(sandbox, '/nowhere')
    expect(headers.get('access-control-expose-headers')).toMatch(/Location.*WWW-Authenticate/)
  })
})

describe('the validator', () => {
  const none = new Validator({}, 'request')
  it('leaves the schema as it is', () => {
    const schema: Schema = { type: 'object', example: { id: 'x' }, properties: { a: { example: { id: 'x' } } } }
    const frozen = structuredClone(schema)
    Object.freeze(schema)
    expect(none.check({ a: 1 }, schema)).toEqual([])
    expect(schema).toEqual(frozen)
  })

  it.each<readonly [string, unknown]>([
    ['a pattern that is none', { pattern: '(' }],
    ['lists that are none', { required: true, enum: 'x', allOf: {}, prefixItems: 3 }],
    ['numbers that are none', { minLength: 'x', multipleOf: null }],
    ['formats of the prototype', { format: '__proto__' }],
    ['references to nowhere', { $ref: '#/components/schemas/None' }],
    ['references to elsewhere', { $ref: 'https://example.com/schema' }],
  ])('ignores %s', (_, schema) => {
    expect(none.check('x', schema as Schema)).toEqual([])
  })

  it('survives schemas that only refer to each other', () => {
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
    const circular = new Validator({ A: { allOf: [ref('B')] }, B: { anyOf: [ref('A')] } }, 'request')
    expect(circular.check({}, ref('A'))).toEqual([])
  })

  it('survives names that are not Unicode', () => {
    const value = JSON.parse('{"\\ud800": 1}')
    expect(none.check(value, { additionalProperties: { type: 'string' } })).toHaveLength(1)
  })
})
