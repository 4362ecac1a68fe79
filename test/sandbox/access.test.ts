import { describe, expect, it } from 'vitest'
import type { Counsel, Denied } from '../../src/sandbox/denial.ts'
import type { SandboxEvent } from '../../src/sandbox/engine.ts'
import { modelOf, sandboxOf, send } from './sandbox.ts'

const thing = {
  type: 'object',
  required: ['id', 'name', 'secret'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    secret: { type: 'string', 'x-required-scopes': ['secret'] },
    parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
  },
}
const json = (schema: object) => ({ 'application/json': { schema } })
const ref = { $ref: '#/components/schemas/Thing' }
const ok = (schema: object) => ({ 200: { description: '', content: json(schema) } })
const model = modelOf({
  components: {
    schemas: { Thing: thing, Whole: { type: 'object', 'x-required-scopes': ['secret'] } },
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: '/t', scopes: { read: '', write: '', secret: '' } } },
      },
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
      query: { type: 'apiKey', in: 'query', name: 'key' },
      basic: { type: 'http', scheme: 'basic' },
    },
  },
  paths: {
    '/things': {
      get: {
        operationId: 'list',
        security: [{ oauth: ['read'] }],
        parameters: [
          { in: 'query', name: 'secret', schema: { type: 'string' } },
          { in: 'query', name: 'q', schema: { type: 'string' } },
        ],
        responses: ok({ type: 'array', items: ref }),
      },
      post: {
        operationId: 'create',
        security: [{ oauth: ['write'] }],
        requestBody: { content: { ...json({ ...thing, required: [] }), 'application/xml': {} } },
        responses: { 201: { description: '', content: json(ref) } },
      },
    },
    '/things/{id}': {
      parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
      get: { operationId: 'get', security: [{ oauth: ['read'] }], responses: ok(ref) },
      // Describes the same thing without saying that a part of it is gated.
      patch: {
        operationId: 'change',
        security: [{ oauth: ['write'] }],
        requestBody: { content: json({ type: 'object' }) },
        responses: ok({ type: 'object', additionalProperties: true }),
      },
    },
    '/brief': { get: { operationId: 'brief', security: [{ key: [] }], responses: ok({ type: 'object' }) } },
    '/either': {
      get: {
        operationId: 'either',
        security: [{ cookie: [] }, { query: [] }, { basic: [] }],
        responses: ok({ type: 'object' }),
      },
    },
    '/both': {
      get: { operationId: 'both', security: [{ oauth: ['read'], key: [] }], responses: ok({ type: 'object' }) },
    },
    '/whole': {
      get: {
        operationId: 'whole',
        security: [{ oauth: ['read'] }],
        responses: ok({ $ref: '#/components/schemas/Whole' }),
      },
    },
    '/stream': {
      get: {
        operationId: 'stream',
        security: [{ oauth: ['read'] }],
        responses: {
          200: {
            description: '',
            content: { 'text/event-stream': { schema: ref, example: 'data: {"id":"1","name":"n","secret":"s"}\n\n' } },
          },
        },
      },
    },
    '/text': {
      get: {
        operationId: 'text',
        security: [{ oauth: ['read'] }],
        responses: { 200: { description: '', content: { 'text/csv': { schema: ref, example: 'id,secret\n1,s' } } } },
      },
    },
    '/open': { get: { operationId: 'open', responses: ok({ type: 'object' }) } },
  },
})
const data = {
  '/things': [{ id: '1', name: 'one', secret: 'hush', parts: [{ id: '1a', name: 'part', secret: 'hush too' }] }],
}
/** As a portal would: where to ask, and what its policies say. */
const counsel = async ({ clientId, ways: [way] }: Denied): Promise<Counsel> => ({
  link: `https://portal.example/request?scopes=${way?.missing}`,
  ...(clientId === undefined
    ? {}
    : { policy: { granted: false, reason: `${clientId} asked for ${way?.asked.join(' ')}` } }),
})
const sandbox = sandboxOf(model, { data, counsel })

describe('tokens', () => {
  it('are asked for with a bare challenge (RFC 6750 section 3.1)', async () => {
    const { status, headers, body } = await send(sandbox, '/things')
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(
      'Bearer scope="read", resource_metadata="https://portal.example/.well-known/oauth-protected-resource/sandbox/api"',
    )
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body.error).toBeUndefined()
  })

  it.each([
    ['expired', 'token'],
    ['foreign', 'audience'],
  ])('are refused: %s', async (token, check) => {
    const { status, headers, body } = await send(sandbox, '/things', { token })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(body.trace.find((row) => row.decides)?.check).toBe(check)
  })

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer app~read, Bearer app~read', 'bearer "x"'])(
    'are refused as malformed: %s',
    async (authorization) => {
      expect((await send(sandbox, '/things', { headers: { authorization } })).status).toBe(401)
    },
  )

  it('with too little are refused, with what is missing and where to get it', async () => {
    const { status, headers, body } = await send(sandbox, '/things', { token: 'app~write' })
    expect(status).toBe(403)
    expect(headers.get('www-authenticate')).toContain('Bearer error="insufficient_scope"')
    expect(body).toMatchObject({ status: 403, missing: [['read']], link: 'https://portal.example/request?scopes=read' })
    expect(body.trace.find((row) => row.decides)).toMatchObject({ check: 'policy', evidence: 'app asked for read' })
    expect(body.trace.at(-1)).toMatchObject({ check: 'result', state: 'shut' })
  })

  it('are not needed where anyone may call, and do no harm there', async () => {
    expect((await send(sandbox, '/open')).status).toBe(200)
    expect((await send(sandbox, '/open', { token: 'expired' })).status).toBe(200)
  })
})

describe('other credentials', () => {
  it.each([
    ['/brief', {}, 401],
    ['/brief', { 'x-key': '' }, 401],
    ['/brief', { 'x-key': 'k' }, 200],
    ['/either', {}, 401],
    ['/either', { cookie: 'other=1; session=s' }, 200],
    ['/either?key=k', {}, 200],
    ['/either', { authorization: 'Basic YTpi' }, 200],
    ['/both', { 'x-key': 'k' }, 401],
    ['/both', { authorization: 'Bearer app~read' }, 401],
    ['/both', { authorization: 'Bearer app~', 'x-key': 'k' }, 403],
    ['/both', { authorization: 'Bearer app~read', 'x-key': 'k' }, 200],
    ['/brief', { authorization: 'Bearer app~read+write+secret' }, 401],
  ])('%s with %o: %i', async (path, headers, status) => {
    expect((await send(sandbox, path, { headers })).status).toBe(status)
  })
})

describe('gated fields', () => {
  it('are left out, required or not, at any depth', async () => {
    const { status, body } = await send(sandbox, '/things/1', { token: 'app~read' })
    expect(status).toBe(200)
    expect(body).toEqual({ id: '1', name: 'one', parts: [{ id: '1a', name: 'part' }] })
    expect((await send(sandbox, '/things', { token: 'app~read' })).body).toEqual([body])
  })

  it('are there with their scope', async () => {
    expect((await send(sandbox, '/things/1', { token: 'app~read+secret' })).body).toEqual(data['/things'][0])
  })

  it('stay hidden where another operation describes the same thing without its gates', async () => {
    const changed = await send(sandbox, '/things/1', { method: 'PATCH', token: 'other~write', body: { name: 'two' } })
    expect(changed.status).toBe(200)
    expect(JSON.stringify(changed.body)).not.toContain('hush')
  })

  it('can not be found out by filtering', async () => {
    for (const secret of ['hush', 'other'])
      expect((await send(sandbox, `/things?secret=${secret}`, { token: 'app~read' })).body).toHaveLength(0)
    expect((await send(sandbox, '/things?q=hush', { token: 'app~read' })).body).toHaveLength(0)
    expect((await send(sandbox, '/things?secret=other', { token: 'app~read+secret' })).body).toHaveLength(0)
    expect((await send(sandbox, '/things?q=hush', { token: 'app~read+secret' })).body).toHaveLength(1)
  })

  it('may not be sent', async () => {
    const body = { id: '2', name: 'two', parts: [{ secret: 'x' }] }
    const refused = await send(sandbox, '/things', { method: 'POST', token: 'app~write', body })
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({
      missing: [['secret']],
      fields: [{ path: '/parts/0/secret', scopes: ['secret'] }],
    })
    expect(refused.headers.get('www-authenticate')).toContain('scope="secret"')
    expect((await send(sandbox, '/things/2', { token: 'app~read' })).status).toBe(404)
  })

  it('may not be sent in a form that can not be looked into', async () => {
    const xml = { method: 'POST', body: '<secret/>', headers: { 'content-type': 'application/xml' } }
    expect((await send(sandbox, '/things', { ...xml, token: 'app~write' })).status).toBe(403)
  })

  it('deny the call where the whole body is one', async () => {
    expect((await send(sandbox, '/whole', { token: 'app~read' })).status).toBe(403)
    expect((await send(sandbox, '/whole', { token: 'app~read+secret' })).status).toBe(200)
  })

  it('leave streams, or shut what can not be redacted', async () => {
    expect((await send(sandbox, '/stream', { token: 'app~read' })).body).toBe(
      'data: {"id":"1","name":"n","secret":"s"}\n\n'.replace(',"secret":"s"', ''),
    )
    expect((await send(sandbox, '/text', { token: 'app~read' })).status).toBe(403)
    expect((await send(sandbox, '/text', { token: 'app~read+secret' })).body).toBe('id,secret\n1,s')
  })
})

describe('the sandbox', () => {
  it('tells of every call', async () => {
    const events: SandboxEvent[] = []
    const observed = sandboxOf(model, { data, observe: (event) => events.push(event) })
    await send(observed, '/things', { token: 'app~read' })
    await send(observed, '/things', { token: 'app~' })
    await send(observed, '/nowhere')
    expect(events).toMatchObject([
      { clientId: 'app', operation: 'list', method: 'GET', path: '/things', status: 200, decision: { allow: true } },
      { clientId: 'app', operation: 'list', status: 403, decision: { allow: false } },
      { path: '/nowhere', status: 404 },
    ])
  })

  it('denies when tokens can not be verified, and says nothing of why', async () => {
    const events: SandboxEvent[] = []
    const verify = async () => Promise.reject(new Error('database password is hunter2'))
    const broken = sandboxOf(model, { verify, observe: (event) => events.push(event) })
    const { status, body } = await send(broken, '/things', { token: 'app~read' })
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('hunter2')
    expect(events[0]?.error).toBeInstanceOf(Error)
  })

  it('lets nothing that it answers run', async () => {
    const { headers } = await send(sandbox, '/things', { token: 'app~read' })
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; sandbox")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})
