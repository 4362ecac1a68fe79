import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { nodeHandler } from '../../src/sandbox/node.ts'
import { BASE, modelOf, sandboxOf, send } from './sandbox.ts'

const thing = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    note: { type: 'string', 'x-required-scopes': ['s'] },
  },
}
const ID = '7b2c1f0e-3d5a-4c6b-9e8f-0a1b2c3d4e5f'
const model = modelOf({
  components: {
    securitySchemes: {
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes: { a: '', s: '' } } } },
    },
  },
  security: [{ oauth: ['a'] }],
  paths: {
    '/thing': {
      get: {
        operationId: 'thing',
        parameters: [{ in: 'query', name: 'n', schema: { type: 'integer' } }],
        responses: {
          200: {
            description: '',
            content: {
              'application/json': {
                schema: thing,
                examples: {
                  first: { value: { id: ID, note: 'hush' } },
                  second: { value: { id: ID, note: 'other' } },
                  wrong: { value: { id: 'no uuid' } },
                },
              },
            },
          },
          404: {
            description: '',
            content: { 'application/json': { schema: { type: 'object' }, example: { gone: true } } },
          },
          '5XX': { description: '', content: { 'text/plain': { example: 'ouch' } } },
        },
      },
    },
  },
})
const reported: string[] = []
const sandbox = sandboxOf(model, { report: ({ where }) => reported.push(where) })
const get = (prefer: string, token = 'app~a+s', path = '/thing') => send(sandbox, path, { token, headers: { prefer } })

describe('Prefer (RFC 7240)', () => {
  it('chooses the status, as it is described', async () => {
    const { status, headers, body } = await get('code=404')
    expect({ status, body }).toEqual({ status: 404, body: { gone: true } })
    expect(headers.get('preference-applied')).toBe('code=404')
    expect(await get('code=502')).toMatchObject({ status: 502, body: 'ouch' })
    expect((await get('code=418')).status).toBe(400)
  })

  it('chooses what a document needn’t describe: too many calls', async () => {
    const { status, headers } = await get('code=429')
    expect(status).toBe(429)
    expect(headers.get('retry-after')).toBe('1')
    expect(headers.get('access-control-expose-headers')).toContain('Retry-After')
  })

  it('chooses the example, without what is withheld; a wrong one is told to the owner, and not served', async () => {
    expect((await get('example=second')).body).toEqual({ id: ID, note: 'other' })
    expect((await get('code=200, example="second"', 'app~a')).body).toEqual({ id: ID })
    expect((await get('example=none')).status).toBe(400)
    expect((await get('example=wrong')).status).toBe(500)
    expect(reported).toEqual(['example wrong of thing'])
  })

  it('makes answers up, the same for the same call', async () => {
    const { body } = await get('dynamic=true', 'app~a+s', '/thing?n=1')
    expect(body.id).not.toBe(ID)
    expect((await get('dynamic=true', 'app~a+s', '/thing?n=1')).body).toEqual(body)
    expect((await get('dynamic=true', 'app~a+s', '/thing?n=2')).body).not.toEqual(body)
    expect((await get('dynamic=true', 'app~a')).body.note).toBeUndefined()
  })

  it('opens nothing: who is denied, or sends what doesn’t fit, is told so', async () => {
    expect((await get('code=200', 'app~')).status).toBe(403)
    expect((await get('code=404', 'app~a', '/thing?n=x')).status).toBe(400)
  })

  it.each(['code=99', 'code=abc', 'dynamic=perhaps', 'latency=-1', 'latency=99999', 'fault=fire'])(
    'that makes no sense is refused: %s',
    async (prefer) => {
      expect((await get(prefer)).status).toBe(400)
    },
  )

  it('of other kinds are passed over', async () => {
    expect(await get('return=minimal, respond-async, wait=10')).toMatchObject({ status: 200, body: { id: ID } })
  })

  it('waits', async () => {
    const before = performance.now()
    expect((await get('latency=50')).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(45)
  })

  it('drops the connection', async () => {
    const server = createServer(nodeHandler(sandbox)).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}/thing`
    const sent = fetch(url, { headers: { authorization: 'Bearer app~a', prefer: 'fault=drop' } })
    await expect(sent).rejects.toThrow('fetch failed')
    const calls = await send(sandbox, '/-/calls', { token: 'app~a' })
    expect((calls.body.calls as { status: number }[]).at(-1)?.status).toBe(0)
  })
})
