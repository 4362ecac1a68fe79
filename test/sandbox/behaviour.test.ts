import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BASE, modelOf, ORIGIN, sandboxOf, send } from './sandbox.ts'

const json = (schema: object) => ({ 'application/json': { schema } })
const thing = { $ref: '#/components/schemas/Thing' }
const read = { security: [{ oauth: ['a'] }] }
const model = modelOf({
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'name'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string' },
          size: { type: 'integer' },
          secret: { type: 'integer', 'x-required-scopes': ['s'] },
        },
      },
    },
    securitySchemes: {
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes: { a: '', s: '' } } } },
    },
  },
  ...read,
  paths: {
    '/things': {
      get: {
        operationId: 'list',
        parameters: ['sort', 'order'].map((name) => ({ in: 'query', name, schema: { type: 'string' } })),
        responses: {
          200: {
            description: '',
            content: {
              ...json({ type: 'array', items: thing }),
              'application/jsonl': { schema: { type: 'array', items: thing } },
            },
          },
        },
      },
      post: {
        operationId: 'create',
        requestBody: { content: json(thing) },
        responses: { 201: { description: '', content: json(thing) } },
      },
    },
    '/picture': {
      get: { operationId: 'picture', responses: { 200: { description: '', content: { 'image/png': {} } } } },
      put: {
        operationId: 'draw',
        requestBody: { content: { 'image/png': {}, 'multipart/form-data': { schema: { type: 'object' } } } },
        responses: { 204: { description: '' } },
      },
      delete: { operationId: 'erase', responses: { 204: { description: '' } } },
    },
  },
})
const data = {
  '/things': [
    { id: '1', name: 'b', size: 10, secret: 3 },
    { id: '2', name: 'a', size: 9, secret: 1 },
    { id: '3', name: 'b', size: 2, secret: 2 },
    { id: '4', name: 'c', secret: 4 },
  ],
}
const fresh = () => sandboxOf(model, { data })

describe('lists are sorted', () => {
  const order = async (query: string, token = 'app~a') => {
    const { body } = await send(fresh(), `/things?${query}`, { token })
    return (body as unknown as { id: string }[]).map(({ id }) => id).join('')
  }
  it.each([
    ['sort=name', '2134'],
    ['sort=-name', '4132'],
    ['sort=name,-size', '2134'],
    ['sort=name,size', '2314'],
    ['sort=size', '3214'],
    ['sort=size&order=desc', '4123'],
    ['sort=size:desc', '4123'],
    ['sort=nothing', '1234'],
  ])('%s', async (query, expected) => {
    expect(await order(query)).toBe(expected)
  })

  it('and not by what is withheld', async () => {
    expect(await order('sort=secret')).toBe('1234')
    expect(await order('sort=secret', 'app~a+s')).toBe('2314')
  })
})

it('answers in JSON Lines, each line without what is withheld', async () => {
  const { headers, body } = await send(fresh(), '/things', { token: 'app~a', headers: { accept: 'application/jsonl' } })
  expect(headers.get('content-type')).toBe('application/jsonl')
  const lines = String(body).trimEnd().split('\n')
  expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
    ['id', 'name', 'size'],
    ['id', 'name', 'size'],
    ['id', 'name', 'size'],
    ['id', 'name'],
  ])
})

describe('a request with an idempotency key', () => {
  const post = (sandbox: ReturnType<typeof fresh>, body: object, token = 'app~a') =>
    send(sandbox, '/things', { method: 'POST', token, body, headers: { 'idempotency-key': 'k' } })

  it('does once what it is sent twice for', async () => {
    const sandbox = fresh()
    const body = { id: 'x', name: 'x' }
    const [first, second] = [await post(sandbox, body), await post(sandbox, body)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    const { body: all } = await send(sandbox, '/things', { token: 'app~a' })
    expect(all).toHaveLength(5)
    // Another app's key is another key.
    expect((await post(sandbox, body, 'other~a')).status).toBe(201)
  })

  it('is refused where the key was used for another, or with other scopes', async () => {
    const sandbox = fresh()
    await post(sandbox, { id: 'x', name: 'x', secret: 1 }, 'app~a+s')
    expect((await post(sandbox, { id: 'y', name: 'y' }, 'app~a+s')).status).toBe(422)
    expect((await post(sandbox, { id: 'x', name: 'x' }, 'app~a')).status).toBe(422)
  })
})

describe('a file', () => {
  it('is what its path answers with, until it is deleted, and in its own session alone', async () => {
    const sandbox = fresh()
    const bytes = new Uint8Array([137, 80, 78, 71, 1, 2, 3])
    const call = (method: string, body?: BodyInit, app = 'app') =>
      sandbox.fetch(
        new Request(`${ORIGIN}${BASE}/picture`, {
          method,
          headers: {
            authorization: `Bearer ${app}~a`,
            ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'image/png' }),
          },
          body: body ?? null,
        }),
      )
    const stock = await (await call('GET')).bytes()
    expect((await call('PUT', bytes)).status).toBe(204)
    expect(await (await call('GET')).bytes()).toEqual(bytes)
    expect(await (await call('GET', undefined, 'other')).bytes()).toEqual(stock)
    const form = new FormData()
    form.append('file', new File([new Uint8Array([1])], 'a.png', { type: 'image/png' }))
    expect((await call('PUT', form)).status).toBe(204)
    expect(await (await call('GET')).bytes()).toEqual(new Uint8Array([1]))
    expect((await call('DELETE')).status).toBe(204)
    expect((await call('GET')).status).toBe(404)
  })
})

describe('a compressed body', () => {
  const post = (bytes: Uint8Array<ArrayBuffer>) =>
    fresh().fetch(
      new Request(`${ORIGIN}${BASE}/things`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer app~a',
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        },
        body: bytes,
      }),
    )
  it('is read', async () => {
    expect((await post(new Uint8Array(gzipSync('{"id":"x","name":"x"}')))).status).toBe(201)
  })

  it('is no bomb', async () => {
    expect((await post(new Uint8Array(gzipSync(`{"name":"${'x'.repeat(50_000_000)}"}`)))).status).toBe(413)
  })
})
