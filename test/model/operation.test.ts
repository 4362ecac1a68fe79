import { describe, expect, test } from 'vitest'
import { buildModel } from '../../src/model/build.ts'
import { modelOf } from '../fixture.ts'

const ok = { responses: { 200: { description: 'ok' } } }

async function operationOf(operation: object, item: object = {}, root: object = {}) {
  const model = await modelOf({ openapi: '3.2.0', ...root, paths: { '/x': { ...item, get: { ...ok, ...operation } } } })
  const [found] = model.operations
  if (found === undefined) throw new Error('no operation')
  return found
}

describe('methods', () => {
  test('QUERY and additional operations are operations like others', async () => {
    const { operations } = await modelOf({
      openapi: '3.2.0',
      paths: { '/x': { query: ok, additionalOperations: { COPY: ok, get: ok } } },
    })
    expect(operations.map(({ id, method, pointer }) => ({ id, method, pointer }))).toEqual([
      { id: 'queryX', method: 'QUERY', pointer: '/paths/~1x/query' },
      { id: 'copyX', method: 'COPY', pointer: '/paths/~1x/additionalOperations/COPY' },
    ])
  })

  test.each([
    ['get', true, true],
    ['query', true, true],
    ['put', false, true],
    ['delete', false, true],
    ['post', false, false],
    ['patch', false, false],
  ])('%s: safe %s, idempotent %s', async (method, safe, idempotent) => {
    const { operations } = await modelOf({ openapi: '3.2.0', paths: { '/x': { [method]: ok } } })
    expect(operations[0]).toMatchObject({ safe, idempotent })
  })

  test.each([
    ['Idempotency-Key', true],
    ['idempotency-key', true],
    ['X-Idempotency-Key', true],
    ['Stripe-Idempotency-Key', true],
    ['PayPal-Request-Id', true],
    ['X-Request-Id', true],
    ['If-Match', false],
    ['X-Trace', false],
  ])('%s makes a POST repeatable: %s', async (name, recognised) => {
    const parameter = { name, in: 'header', required: true, schema: { type: 'string' } }
    const { operations } = await modelOf({
      paths: { '/x': { parameters: [parameter], post: ok, put: ok } },
    })
    const byMethod = Object.fromEntries(operations.map(({ method, idempotencyKey }) => [method, idempotencyKey]))
    expect(byMethod.POST).toEqual(recognised ? { header: name, required: true } : undefined)
    expect(byMethod.PUT).toBeUndefined()
  })
})

describe('callbacks and webhooks', () => {
  test('callbacks are read, through references, with their expressions', async () => {
    const callback = { '{$request.body#/url}': { post: { ...ok, summary: 'Paid', requestBody: { content: {} } } } }
    const { callbacks } = await operationOf(
      { callbacks: { onPaid: { $ref: '#/components/callbacks/Paid' }, 'on-paid': callback } },
      {},
      { components: { callbacks: { Paid: callback } } },
    )
    expect(callbacks).toMatchObject([
      {
        name: 'onPaid',
        id: 'onPaid',
        expression: '{$request.body#/url}',
        method: 'POST',
        summary: 'Paid',
        pointer: '/components/callbacks/Paid/{$request.body#~1url}/post',
        parameters: [],
      },
      { name: 'on-paid', pointer: '/paths/~1x/get/callbacks/on-paid/{$request.body#~1url}/post' },
    ])
    expect(callbacks[1]?.id).toMatch(/^onPaid_\w{6}$/)
  })

  test('webhooks of one name are told apart', async () => {
    const { webhooks } = await modelOf({ webhooks: { 'order paid': { post: ok, put: ok } } })
    expect(webhooks).toHaveLength(2)
    expect(new Set(webhooks.map(({ id }) => id)).size).toBe(2)
    expect(webhooks[0]).toMatchObject({ name: 'order paid', method: 'PUT', pointer: '/webhooks/order paid/put' })
  })
})

describe('parameters', () => {
  const parameter = async (given: object) =>
    (await operationOf({ parameters: [{ name: 'p', schema: { type: 'array', items: {} }, ...given }] })).parameters[0]

  test.each([
    [{ in: 'query' }, 'form', true],
    [{ in: 'query', explode: false }, 'form', false],
    [{ in: 'query', style: 'pipeDelimited' }, 'pipeDelimited', false],
    [{ in: 'query', style: 'deepObject', explode: true }, 'deepObject', true],
    [{ in: 'header' }, 'simple', false],
    [{ in: 'cookie' }, 'form', true],
    [{ in: 'cookie', style: 'cookie' }, 'cookie', true],
  ])('%j: style %s, explode %s', async (given, style, explode) => {
    expect(await parameter(given)).toMatchObject({ style, explode, pointer: '/paths/~1x/get/parameters/0' })
  })

  test('an operation overrides what its path says; each knows where it stands', async () => {
    const shared = { name: 'p', in: 'query', description: 'path', schema: {} }
    const { parameters } = await operationOf(
      { parameters: [{ ...shared, description: 'own' }, { $ref: '#/components/parameters/Q' }] },
      { parameters: [shared, { ...shared, name: 'r' }] },
      { components: { parameters: { Q: { ...shared, name: 'q' } } } },
    )
    expect(parameters.map(({ name, description, pointer }) => [name, description, pointer])).toEqual([
      ['r', 'path', '/paths/~1x/parameters/1'],
      ['p', 'own', '/paths/~1x/get/parameters/0'],
      ['q', 'path', '/components/parameters/Q'],
    ])
  })
})

describe('bodies and responses', () => {
  test.each([
    ['text/event-stream', {}, 'events'],
    ['application/jsonl', {}, 'lines'],
    ['application/x-ndjson; charset=utf-8', {}, 'lines'],
    ['application/json-seq', {}, 'sequence'],
    ['application/geo+json-seq', {}, 'sequence'],
    ['multipart/mixed', { itemSchema: {} }, 'parts'],
    ['multipart/form-data', { schema: {} }, undefined],
    ['application/json', { schema: {} }, undefined],
  ])('%s with %j streams as %s', async (type, media, stream) => {
    const { responses } = await operationOf({ responses: { 200: { description: '', content: { [type]: media } } } })
    expect(responses[0]?.content[0]?.stream).toBe(stream)
  })

  test('the schema of an item, headers and encodings are kept, with their defaults filled in', async () => {
    const components = { schemas: { Line: { type: 'string' } } }
    const described = {
      responses: {
        200: {
          summary: 'Fine',
          description: 'ok',
          headers: { 'X-List': { schema: { type: 'array' }, explode: true, deprecated: true } },
          content: {
            'application/jsonl': { itemSchema: { $ref: '#/components/schemas/Line' } },
            'multipart/form-data': {
              schema: {},
              encoding: { a: { contentType: 'image/png' }, b: { style: 'deepObject', explode: true } },
            },
          },
        },
      },
    }
    const { responses } = await operationOf(described, {}, { components })
    expect(responses[0]).toMatchObject({
      summary: 'Fine',
      headers: [{ name: 'X-List', explode: true, deprecated: true, required: false }],
      content: [
        { itemSchema: { $ref: '#/components/schemas/Line' } },
        {
          encoding: {
            a: { contentType: 'image/png', style: 'form', explode: true, allowReserved: false },
            b: { style: 'deepObject', explode: true },
          },
        },
      ],
    })
  })
})

test('deprecation, sunset, external documentation, visibility', async () => {
  expect(
    await operationOf({
      deprecated: true,
      'x-sunset': '2027-06-30T00:00:00Z',
      externalDocs: { url: 'https://example.com', description: 'More' },
      'x-visibility': { groups: ['staff'] },
    }),
  ).toMatchObject({
    deprecated: true,
    sunset: '2027-06-30',
    externalDocs: { url: 'https://example.com', description: 'More' },
    visibility: { groups: ['staff'] },
  })
})

test.each([
  ['public', 'public'],
  ['signed-in', 'signed-in'],
  [{ groups: ['a', 'b'] }, { groups: ['a', 'b'] }],
  [undefined, undefined],
  ['internal', { groups: [] }],
  [true, { groups: [] }],
])('x-visibility %j is read as %j: what is not understood is shown to no group', async (given, visibility) => {
  expect((await operationOf({ 'x-visibility': given })).visibility).toEqual(visibility)
  expect((await operationOf({}, { 'x-visibility': given })).visibility).toEqual(visibility)
})

test('tags form a hierarchy; a parent that is not there, or a circle, is none', async () => {
  const { tags } = await modelOf({
    openapi: '3.2.0',
    tags: [
      { name: 'products', summary: 'Products', kind: 'nav' },
      { name: 'books', parent: 'products' },
      { name: 'lost', parent: 'nowhere' },
      { name: 'a', parent: 'b' },
      { name: 'b', parent: 'a' },
      { name: 'below', parent: 'a' },
    ],
    paths: { '/x': { get: { ...ok, tags: ['undeclared'] } } },
  })
  expect(tags).toEqual([
    { name: 'products', summary: 'Products', kind: 'nav' },
    { name: 'books', parent: 'products' },
    { name: 'lost' },
    { name: 'a' },
    { name: 'b' },
    { name: 'below' },
    { name: 'undeclared' },
  ])
})

test('device flow, metadata, deprecated schemes', () => {
  const document = {
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          deprecated: true,
          oauth2MetadataUrl: 'https://login.example.com/.well-known/oauth-authorization-server',
          flows: {
            deviceAuthorization: {
              deviceAuthorizationUrl: 'https://login.example.com/device',
              tokenUrl: 'https://login.example.com/token',
              scopes: { a: 'A' },
            },
          },
        },
      },
    },
  }
  const { schemes } = buildModel({ name: 'api', document, sourceVersion: '3.2.0', hash: '', access: {} })
  expect(schemes.oauth).toEqual({
    name: 'oauth',
    type: 'oauth2',
    token: true,
    deprecated: true,
    oauth2MetadataUrl: 'https://login.example.com/.well-known/oauth-authorization-server',
    flows: {
      deviceAuthorization: {
        deviceAuthorizationUrl: 'https://login.example.com/device',
        tokenUrl: 'https://login.example.com/token',
      },
    },
  })
})
