import { decodeJwt, decodeProtectedHeader, importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, expect } from 'vitest'
import { loadKeys } from '../../../src/authorization-server/keys.ts'
import { createSandbox } from '../../../src/sandbox/engine.ts'
import { nodeHandler } from '../../../src/sandbox/node.ts'
import { authorize, signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { modelOf } from '../../sandbox/sandbox.ts'
import { ask, webApp } from '../apps.ts'
import { credentials, flow, later, metadata, running, service } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const PATH = '/sandbox/people/employees'
const scopes = { 'employees:read': '', 'employees:write': '' }
const security = (scope: string) => ({ security: [{ oauth: [scope] }], responses: { 200: { description: '' } } })

/** The API: people's sandbox, which takes what is for it and no more. */
beforeAll(() => {
  const model = modelOf({
    components: {
      securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes } } } },
    },
    paths: { '/employees': { get: security('employees:read'), post: security('employees:write') } },
  })
  const verify = (token: string) => running.server.verify(token, running.resource('people'))
  const sandbox = createSandbox({ model, basePath: '/sandbox/people', verify })
  running.handlers.set(
    PATH,
    nodeHandler(sandbox, () => undefined),
  )
})

async function call(token: string, method = 'GET') {
  const { status, headers } = await ask(running, PATH, { method, headers: { authorization: `Bearer ${token}` } })
  return { status, challenge: headers.get('www-authenticate') ?? '' }
}

/** Signed by the server's own key, as a token that it never issued. `undefined` takes a claim away. */
async function forge(claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  const [key] = (await loadKeys(running.store)).signing
  if (key === undefined) throw new Error('No key.')
  const good = String((await credentials()).body.access_token)
  const payload = JSON.parse(JSON.stringify({ ...decodeJwt(good), ...claims })) as JWTPayload
  const protectedHeader = { ...decodeProtectedHeader(good), alg: 'ES256', ...header }
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(await importJWK(key, 'ES256'))
}

/** That the forger does it right otherwise is a row of its own: the type in full. */
function refused(forgeries: () => readonly Promise<string>[]): Row[1] {
  return async () => {
    for (const forged of forgeries())
      expect(await call(await forged)).toEqual({
        status: 401,
        challenge: expect.stringMatching(/^Bearer .*error="invalid_token"/),
      })
  }
}

const rows: Row[] = [
  [
    '2.1 tokens are signed, never with none, and of the type at+jwt',
    async () => {
      const header = decodeProtectedHeader(String((await credentials()).body.access_token))
      expect(header).toMatchObject({ typ: 'at+jwt', alg: 'ES256', kid: expect.any(String) })
    },
  ],
  [
    '2.2 iss, exp, aud, sub, client_id, iat and jti are in it',
    async () => {
      const claims = decodeJwt(String((await credentials()).body.access_token))
      expect(claims).toMatchObject({
        iss: running.server.issuer,
        exp: expect.any(Number),
        aud: running.resource('people'),
        sub: service.client.client_id,
        client_id: service.client.client_id,
        iat: expect.any(Number),
        jti: expect.any(String),
      })
      const { tokens } = await signInAndGetTokens(running, flow)
      expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: flow.personId, client_id: flow.client.client_id })
    },
  ],
  [
    '2.2.3 scope is in it, as granted',
    async () => {
      const { body } = await credentials({ scope: 'employees:read' })
      expect(decodeJwt(String(body.access_token)).scope).toBe('employees:read')
    },
  ],
  [
    '2.2.3 and is nothing that means nothing to the audience',
    async () => {
      const both = await webApp(running, { sallyport_apis: ['publishing', 'people'] })
      const parameters = { scope: 'openid api:read employees:read', resource: running.resource('publishing') }
      const { url } = await authorize(running, { ...both, parameters })
      expect(url.searchParams.get('error')).toBe('invalid_scope')
    },
  ],
  [
    '3 without a resource, the audience is the only API of the app',
    async () => {
      expect(decodeJwt(String((await credentials()).body.access_token)).aud).toBe(running.resource('people'))
    },
  ],
  [
    '3 of several APIs one is named: a token that could be for either is not issued',
    async () => {
      const client = await running.register({
        client_name: 'Both',
        sallyport_kind: 'service',
        sallyport_apis: ['people', 'publishing'],
      })
      const headers = { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` }
      expect((await credentials({}, headers)).body.error).toBe('invalid_target')
      const both: [string, string][] = ['people', 'publishing'].map((api) => ['resource', running.resource(api)])
      expect((await credentials(both, headers)).body.error).toBe('invalid_target')
    },
  ],
  [
    '4 both documents of metadata say the same of keys and issuer',
    async () => {
      const [oauth, openid] = [await metadata(), await metadata('/oauth/.well-known/openid-configuration')]
      expect([oauth.issuer, oauth.jwks_uri]).toEqual([openid.issuer, openid.jwks_uri])
    },
  ],
  [
    '4 the type, in short or in full, is that of access tokens',
    async () => {
      expect((await call(await forge({}, { typ: 'application/at+jwt' }))).status).toBe(200)
      const { tokens } = await signInAndGetTokens(running, { ...flow, parameters: { scope: 'openid api:read' } })
      await refused(() => [
        forge({}, { typ: 'JWT' }),
        forge({}, { typ: undefined as never }),
        Promise.resolve(String(tokens.id_token)),
      ])()
    },
  ],
  [
    '4 the issuer is exactly ours',
    refused(() => [forge({ iss: `${running.server.issuer}/` }), forge({ iss: undefined as never })]),
  ],
  [
    '4 the audience is this API',
    refused(() => [
      forge({ aud: running.resource('publishing') }),
      forge({ aud: `${running.resource('people')}/` }),
      forge({ aud: running.server.issuer }),
      forge({ aud: undefined as never }),
    ]),
  ],
  [
    '4 the signature is good, by a key of the server, and alg is not none',
    async () => {
      const good = String((await credentials()).body.access_token)
      expect((await call(good)).status).toBe(200)
      const [header = '', payload = '', signature = ''] = good.split('.')
      const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`
      const secret = new TextEncoder().encode(JSON.stringify((await loadKeys(running.store)).signing[0]))
      await refused(() => [
        Promise.resolve(none),
        Promise.resolve(`${header}.${payload}.${'A'.repeat(signature.length)}`),
        Promise.resolve(`${header}.${payload}`),
        Promise.resolve(good.slice(0, -2)),
        new SignJWT(decodeJwt(good)).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(secret),
        forge({}, { kid: 'another' }),
      ])()
    },
  ],
  [
    '4 the time is before exp',
    async () => {
      const token = String((await credentials()).body.access_token)
      expect((await later(86_500, () => call(token))).challenge).toMatch(/error="invalid_token"/)
      await refused(() => [forge({ exp: Math.floor(Date.now() / 1000) - 1 }), forge({ exp: undefined as never })])()
    },
  ],
  [
    '4, 2.2 a token that lacks what is required is none',
    refused(() => ['sub', 'client_id', 'iat', 'jti'].map((claim) => forge({ [claim]: undefined }))),
  ],
  [
    '4 errors are those of RFC 6750: too little is 403, and says what is missing',
    async () => {
      const { status, challenge } = await call(String((await credentials()).body.access_token), 'POST')
      expect([status, challenge]).toEqual([403, expect.stringMatching(/error="insufficient_scope"/)])
      expect(challenge).toContain('scope="employees:write"')
    },
  ],
  [
    '5 each API is an audience of its own',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const { body } = await credentials()
      expect(decodeJwt(tokens.access_token).aud).not.toBe(decodeJwt(String(body.access_token)).aud)
      expect((await call(tokens.access_token)).status).toBe(401)
    },
  ],
]

const notOurs: NotOurs = {
  '2.1 RS256 among the algorithms':
    'left out on purpose: ES256 alone signs, so that a token can not choose its algorithm; whoever verifies has one to support',
  '6 clients do not look into tokens': 'binds the client',
}

conformance('RFC 9068 (JWT access tokens)', rows, notOurs)
