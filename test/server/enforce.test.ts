import { once } from 'node:events'
import { Agent, createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ApiModel } from '../../src/model/api.ts'
import type { Verify } from '../../src/sandbox/caller.ts'
import { enforceHandler } from '../../src/server/enforce.ts'
import { type Cell, documents, matrix, summary, tokenOf } from '../sandbox/matrix.ts'
import { modelOf } from '../sandbox/sandbox.ts'
import { startNginx } from './nginx.ts'

const AUDIENCE = 'https://api.example'
const agent = new Agent({ keepAlive: true })

/** `<client>~<scopes>` is a token, as in the tests of the sandbox. */
const verify: Verify = async (token) => {
  const [clientId = '', scopes = ''] = token.split('~')
  if (token === 'expired') return { ok: false, reason: 'it has expired' }
  return {
    ok: true,
    token: {
      clientId,
      sub: 'person-1',
      scopes: scopes === '' ? [] : scopes.replaceAll('.', ':').split('+'),
      expiresAt: 9_999_999_999,
    },
  }
}

async function serve(handler: RequestListener): Promise<number> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return (server.address() as AddressInfo).port
}
const closing: (() => unknown)[] = []
afterAll(() => {
  for (const close of closing) close()
})

interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Paths go out as they are: `fetch` would put them right. */
function send(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    request({ agent, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
      .once('error', reject)
      .end()
  })
}

function enforcing(models: readonly ApiModel[], proxies = ['127.0.0.1']): Promise<number> {
  const all = new Map(models.map((model) => [model.name, { model, seed: {} }]))
  const catalog = { models: () => [...models], compiled: (name: string) => all.get(name) }
  const handler = enforceHandler({
    catalog,
    verify: async (token, audience) => {
      const verification = await verify(token)
      if (!verification.ok) return verification
      const { clientId, sub, scopes, expiresAt } = verification.token
      if (clientId === 'foreign' || audience !== AUDIENCE) return { ok: false, reason: 'it is for another API' }
      return {
        ok: true,
        token: {
          clientId,
          scopes,
          expiresAt,
          audience,
          issuedAt: 0,
          jti: '',
          claims: {},
          ...(sub === undefined ? {} : { sub }),
        },
      }
    },
    counselOf:
      ({ name }, audience) =>
      async ({ clientId, ways: [way] }) => ({
        link: `https://portal.example/apps/${clientId}/request?api=${name}&scope=${way?.missing}`,
        policy: { granted: false, reason: `No rule for ${audience}.` },
      }),
    readers: { ofApp: async (app) => ({ groups: app.startsWith('hr') ? ['hr'] : [], app, apis: ['api'] }) },
    proxies,
  })
  return serve((incoming, response) => void handler(incoming, response))
}

const environments = { production: { server: 'https://api.example/v1', audience: AUDIENCE } }
const model: ApiModel = {
  ...modelOf({
    components: {
      schemas: {
        Thing: { type: 'object', properties: { secret: { type: 'string', 'x-required-scopes': ['secret'] } } },
      },
      securitySchemes: {
        oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes: { read: '', secret: '' } } } },
        key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      },
    },
    paths: {
      '/things/{id}': {
        get: {
          operationId: 'get',
          security: [{ oauth: ['read'] }],
          responses: {
            200: {
              description: '',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
            },
          },
        },
      },
      '/open': { get: { operationId: 'open', responses: { 204: { description: '' } } } },
      '/hidden': {
        get: {
          operationId: 'hidden',
          'x-visibility': { groups: ['hr'] },
          security: [{ oauth: ['secret'] }],
          responses: { 204: { description: '' } },
        },
      },
      '/key': { get: { operationId: 'key', security: [{ key: [] }], responses: { 204: { description: '' } } } },
    },
  }),
  environments,
}
const original = (uri: string, method = 'GET') => ({ 'x-original-method': method, 'x-original-uri': uri })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('/enforce', () => {
  let port = 0
  beforeAll(async () => {
    port = await enforcing([model])
  })
  const ask = (headers: Record<string, string>, path = '/enforce/api') => send(port, path, headers)

  it('lets a call pass, and says whose it is and what to withhold', async () => {
    const { status, headers } = await ask({ ...original('/v1/things/1?x=1'), ...bearer('app~read') })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'sallyport-operation': 'get',
      'sallyport-client-id': 'app',
      'sallyport-sub': 'person-1',
      'sallyport-scopes': 'read',
      'sallyport-hidden-fields': '/components/schemas/Thing/properties/secret',
    })
  })

  it('says of a call without token that it is nobody’s, so that no client can say otherwise', async () => {
    const { status, headers } = await ask(original('/v1/open'))
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'sallyport-client-id': '', 'sallyport-sub': '', 'sallyport-scopes': '' })
  })

  it('challenges, and says how it came about', async () => {
    const none = await ask(original('/v1/things/1'))
    expect(none.status).toBe(401)
    expect(none.headers['www-authenticate']).toBe('Bearer scope="read"')
    const little = await ask({ ...original('/v1/things/1'), ...bearer('app~') })
    expect(little.status).toBe(403)
    expect(little.headers['www-authenticate']).toContain('error="insufficient_scope"')
    expect(JSON.parse(little.body)).toMatchObject({
      missing: [['read']],
      trace: expect.arrayContaining([
        expect.objectContaining({ check: 'policy', evidence: 'No rule for https://api.example.', decides: true }),
      ]),
      link: 'https://portal.example/apps/app/request?api=api&scope=read',
    })
    expect((await ask({ ...original('/v1/things/1'), ...bearer('foreign~read') })).status).toBe(401)
    expect((await ask({ ...original('/v1/things/1'), ...bearer('expired') })).status).toBe(401)
  })

  it('refuses what is hidden as if it weren’t there, to whoever may not know of it', async () => {
    const nothing = await ask(original('/v1/nothing'))
    for (const headers of [{}, bearer('app~read'), bearer('expired')]) {
      const { status, headers: answered, body } = await ask({ ...original('/v1/hidden'), ...headers })
      expect({ status, body }).toEqual({ status: nothing.status, body: nothing.body })
      expect(answered['www-authenticate']).toBeUndefined()
    }
    expect((await ask({ ...original('/v1/hidden'), ...bearer('hr~read') })).headers['www-authenticate']).toContain(
      'scope="secret"',
    )
    expect((await ask({ ...original('/v1/hidden'), ...bearer('app~secret') })).status).toBe(200)
  })

  it.each([
    ['nginx', '/enforce/api', original('/v1/things/1')],
    ['Traefik and Caddy', '/enforce/api', { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/v1/things/1' }],
    ['Envoy', '/enforce/api/v1/things/1', {}],
    ['an environment that is named', '/enforce/api@production', original('/v1/things/1')],
  ])('understands %s', async (_, path, headers) => {
    expect((await ask({ ...headers, ...bearer('app~read') }, path)).status).toBe(200)
    expect((await ask(headers, path)).status).toBe(401)
  })

  it.each([
    ['no call at all', '/enforce/api', {}],
    ['a method alone', '/enforce/api', { 'x-original-method': 'GET' }],
    ['two paths', '/enforce/api', { ...original('/v1/open'), 'x-forwarded-uri': '/v1/things/1' }],
    [
      'a path that another server would take instead',
      '/enforce/api',
      { ...original('/v1/open'), 'x-rewrite-url': '/x' },
    ],
    ['two methods', '/enforce/api', { ...original('/v1/open'), 'x-forwarded-method': 'DELETE' }],
    ['another path than Envoy’s', '/enforce/api/v1/open', { 'x-original-uri': '/v1/things/1' }],
    ['a method that a header overrides', '/enforce/api', { ...original('/v1/open'), 'x-http-method-override': 'PUT' }],
    ['an unknown operation', '/enforce/api', original('/v1/open', 'POST')],
    ['an unknown path', '/enforce/api', original('/v1/other')],
    ['a path above the API', '/enforce/api', original('/open')],
    ['an unknown API', '/enforce/other', original('/v1/open')],
    ['an unknown environment', '/enforce/api@staging', original('/v1/open')],
    ['a key, which can’t be verified here', '/enforce/api', { ...original('/v1/key'), 'x-key': 'k' }, 401],
  ])('denies %s', async (_, path, headers, status = 403) => {
    expect((await ask(headers as Record<string, string>, path)).status).toBe(status)
  })

  it.each([
    '/v1/open/../things/1',
    '/v1/things/../open',
    '/v1/./open',
    '/v1//open',
    '//v1/open',
    '/v1/open/..;/things/1',
    '/v1/open%2f..%2fthings',
    '/v1/open%2F',
    '/v1/open%5c',
    '/v1/%2e%2e/open',
    '/v1/%252e%252e/open',
    '/v1/open%252f',
    '/v1/open%00',
    '/v1/open%0d%0ax: y',
    '/v1/open\\..\\things',
    '/v1/open%',
    '/v1/open%zz',
    '/v1/open%ff',
    '/v1/open/',
    '/V1/open',
    '/v1/OPEN',
    'http://elsewhere/v1/open',
    'v1/open',
    '',
  ])('denies a path with two readings: %s', async (uri) => {
    expect((await ask(original(uri))).status).toBe(403)
  })

  it('takes what is merely unusual', async () => {
    for (const uri of [
      '/v1/things/a%20b',
      '/v1/things/%C3%A9',
      '/v1/things/a.b',
      '/v1/things/100%25',
      '/v1/open?a=/../',
    ])
      expect((await ask({ ...original(uri), ...bearer('app~read') })).status, uri).toBe(200)
  })

  it('answers the proxies that were named, and nobody else', async () => {
    const others = await enforcing([model], ['10.0.0.0/8'])
    expect((await send(others, '/enforce/api', original('/v1/open'))).status).toBe(403)
    const nobody = await enforcing([model], [])
    expect((await send(nobody, '/enforce/api', original('/v1/open'))).status).toBe(403)
  })

  it('takes no audience that two APIs claim, and no API that has no environment', async () => {
    const both = await enforcing([model, { ...model, name: 'other' }])
    expect((await send(both, '/enforce/api', original('/v1/open'))).status).toBe(403)
    const none = await enforcing([{ ...model, environments: {} }])
    expect((await send(none, '/enforce/api', original('/v1/open'))).status).toBe(403)
  })
})

describe('behind nginx, configured as the README says', async () => {
  const subjects = await documents()
  it.each(subjects)('every cell of scope × operation is decided as in the sandbox: $name', async (subject) => {
    const base = { server: 'https://api.example', audience: AUDIENCE }
    // Whatever the document is called, the configuration names the People API.
    const sallyport = await enforcing([{ ...subject.model, name: 'people', environments: { production: base } }])
    const reached: string[] = []
    const api = await serve((incoming, response) => {
      reached.push(`${incoming.method} ${incoming.url} ${incoming.headers['sallyport-scopes'] ?? ''}`)
      response.end('{}')
    })
    const nginx = await startNginx(sallyport, api)
    onTestFinished(() => nginx.stop())
    const asked = matrix(subject.document)
    const wrong: unknown[] = []
    const verdicts: Cell['expected'][] = []
    for (const cell of asked.cells) {
      reached.length = 0
      const spoofed = { 'sallyport-scopes': 'everything', 'sallyport-client-id': 'root' }
      const { status, headers } = await send(nginx.port, cell.path, { ...tokenOf(cell), ...spoofed }, cell.method)
      verdicts.push(status === 401 || status === 403 ? status : 'pass')
      const right =
        cell.expected === 'pass'
          ? status === 200 && reached[0] === `${cell.method} ${cell.path} ${cell.scopes?.join(' ') ?? ''}`
          : status === cell.expected && reached.length === 0 && headers['www-authenticate'] !== undefined
      if (!right) wrong.push({ ...cell, status, reached: [...reached], challenge: headers['www-authenticate'] })
    }
    expect(wrong).toEqual([])
    process.stdout.write(`behind nginx: ${summary(subject.name, asked, verdicts)}\n`)
    expect(asked.operations).toBe(subject.model.operations.length)
    expect(verdicts.length).toBe(asked.operations * asked.sets)
    for (const verdict of ['pass', 401, 403] as const) expect(verdicts).toContain(verdict)
    reached.length = 0
    for (const path of ['/employees/../health', '/%2e%2e/health', '//health', '/employees%2fx1', '/health/.%2e/x'])
      expect((await send(nginx.port, path)).status, path).toBeOneOf([400, 403])
    expect(reached).toEqual([])
  })
})
