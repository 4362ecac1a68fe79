import { decodeJwt, decodeProtectedHeader } from 'jose'
import type * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize, type CodeFlow, refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { Running } from '../authorization-server/running.ts'
import { ask, basic, initialAccessToken, manage, REDIRECT, serviceApp, webApp } from './apps.ts'

/** What the standards say that an authorization server MUST do: one row each, in their order. */
const running = new Running()
let flow: CodeFlow
let web: oauth.Client
let service: Awaited<ReturnType<typeof serviceApp>>
let token = ''
beforeAll(async () => {
  await running.start()
  flow = await webApp(running)
  web = flow.client
  service = await serviceApp(running)
  token = await initialAccessToken(running)
})
afterAll(() => running.stop())

type Row = readonly [string, () => Promise<void>]

const challenge = () => ({
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

function authorization(more: Record<string, string | undefined> = {}) {
  const query = {
    client_id: web.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'api:read',
    state: 'xyz',
    ...challenge(),
    ...more,
  }
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return ask(running, '/oauth/auth', { query: given })
}

async function code(): Promise<{ code: string; verifier: string }> {
  const { url, verifier } = await authorize(running, flow)
  return { code: url.searchParams.get('code') ?? '', verifier }
}

function redeem(form: Record<string, string>, by = web) {
  return ask(running, '/oauth/token', { form: { grant_type: 'authorization_code', ...form }, headers: basic(by) })
}

function credentials(form: Record<string, string> | [string, string][] = {}, headers = basic(service.client)) {
  const entries = Array.isArray(form) ? form : Object.entries(form)
  return ask(running, '/oauth/token', { form: [['grant_type', 'client_credentials'], ...entries], headers })
}

function register(json: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
  return ask(running, '/oauth/reg', { json, headers })
}

const app = { client_name: 'App', sallyport_apis: ['publishing'], redirect_uris: [REDIRECT] }

async function metadata(path = '/.well-known/oauth-authorization-server/oauth') {
  return (await ask(running, path)).body
}

const RFC6749: Row[] = [
  [
    '2.3.1 the client_id and secret by HTTP Basic are supported',
    async () => {
      expect((await credentials()).status).toBe(200)
    },
  ],
  [
    '2.3 no more than one authentication method in a request',
    async () => {
      const answer = await credentials({ client_id: service.client.client_id, client_secret: service.secret })
      expect([400, 401]).toContain(answer.status)
    },
  ],
  [
    '3.1 parameters without a value are treated as omitted',
    async () => {
      expect((await authorization({ login_hint: '', state: 's' })).location?.pathname).toMatch(/^\/sign-in\//)
    },
  ],
  [
    '3.1 unrecognised parameters are ignored',
    async () => {
      expect((await authorization({ unheard_of: '1' })).location?.pathname).toMatch(/^\/sign-in\//)
    },
  ],
  [
    '3.1 parameters are not included more than once',
    async () => {
      const query: [string, string][] = [
        ['client_id', web.client_id],
        ['response_type', 'code'],
        ['state', 'a'],
        ['state', 'b'],
        ['redirect_uri', REDIRECT],
        ...Object.entries(challenge()),
      ]
      const answer = await ask(running, '/oauth/auth', { query })
      expect(answer.returned.get('error') ?? answer.body.error).toBe('invalid_request')
    },
  ],
  [
    '3.1.1 a missing or unknown response_type is an error',
    async () => {
      expect((await authorization({ response_type: undefined })).returned.get('error')).toBe('invalid_request')
      expect((await authorization({ response_type: 'token' })).returned.get('error')).toBe('unsupported_response_type')
    },
  ],
  [
    '3.1.2.4 no redirect to an invalid redirect URI',
    async () => {
      const answer = await authorization({ redirect_uri: 'https://app.example/other' })
      expect([answer.status, answer.location]).toEqual([400, undefined])
    },
  ],
  [
    '3.2 the token endpoint takes POST only',
    async () => {
      const answer = await ask(running, '/oauth/token', {
        query: { grant_type: 'client_credentials' },
        headers: basic(service.client),
      })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toHaveProperty('access_token')
    },
  ],
  [
    '4.1.2 state comes back as it was sent',
    async () => {
      expect((await authorization({ scope: 'nonsense' })).returned.get('state')).toBe('xyz')
    },
  ],
  [
    '4.1.2 a code is bound to its client',
    async () => {
      const { code: value, verifier } = await code()
      const other = await webApp(running)
      const answer = await redeem({ code: value, code_verifier: verifier, redirect_uri: REDIRECT }, other.client)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant'])
    },
  ],
  [
    '4.1.2 a code is used once, and a second use revokes what it gave',
    async () => {
      const { code: value, verifier } = await code()
      const form = { code: value, code_verifier: verifier, redirect_uri: REDIRECT }
      const first = await redeem(form)
      expect(first.status).toBe(200)
      expect((await redeem(form)).body.error).toBe('invalid_grant')
      const verification = await running.server.verify(String(first.body.access_token), running.resource('publishing'))
      expect(verification.ok).toBe(false)
    },
  ],
  [
    '4.1.3 redirect_uri is identical to that of the authorization request',
    async () => {
      const { code: value, verifier } = await code()
      const answer = await redeem({ code: value, code_verifier: verifier, redirect_uri: `${REDIRECT}/` })
      expect(answer.body.error).toBe('invalid_grant')
    },
  ],
  [
    '4.4 client credentials are for confidential clients only',
    async () => {
      const answer = await register({ ...app, sallyport_kind: 'single-page', grant_types: ['client_credentials'] })
      expect(answer.status).toBe(400)
    },
  ],
  [
    '5.1 responses with tokens are not cached',
    async () => {
      expect((await credentials()).headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '5.1 scope is said where it is not what was asked for',
    async () => {
      expect((await credentials()).body.scope).toBe('employees:read')
    },
  ],
  [
    '5.2 a client that authenticated by Basic and failed gets 401 with WWW-Authenticate',
    async () => {
      const answer = await credentials({}, basic(service.client, 'wrong'))
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/)
    },
  ],
  [
    '5.2 an unknown grant type is unsupported_grant_type',
    async () => {
      const answer = await ask(running, '/oauth/token', {
        form: { grant_type: 'password', username: 'a', password: 'b' },
        headers: basic(service.client),
      })
      expect(answer.body.error).toMatch(/unsupported_grant_type|unauthorized_client/)
    },
  ],
  [
    '5.2 a grant that the client has not is unauthorized_client',
    async () => {
      const answer = await ask(running, '/oauth/token', {
        form: { grant_type: 'client_credentials' },
        headers: basic(web),
      })
      expect(answer.body.error).toBe('unauthorized_client')
    },
  ],
  [
    '6 a refresh token is bound to its client',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const other = await webApp(running)
      await expect(refresh(running, other, String(tokens.refresh_token))).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    },
  ],
  [
    '6 a refresh does not widen the scope',
    async () => {
      const { tokens } = await signInAndGetTokens(running, { ...flow, parameters: { scope: 'api:read' } })
      const wider = refresh(running, flow, String(tokens.refresh_token), { scope: 'api:read api:write' })
      await expect(wider).rejects.toMatchObject({ error: 'invalid_scope' })
    },
  ],
  [
    '10.10 codes and tokens can not be guessed: 128 bits at least',
    async () => {
      expect((await code()).code.length).toBeGreaterThanOrEqual(43)
    },
  ],
]

const RFC7591: Row[] = [
  [
    '2 unknown metadata is ignored',
    async () => {
      const { status, body } = await register({ ...app, unheard_of: 'x' })
      expect([status, 'unheard_of' in body]).toEqual([201, false])
    },
  ],
  [
    '2 clients with redirects register them',
    async () => {
      expect((await register({ ...app, redirect_uris: [] })).status).toBe(400)
    },
  ],
  [
    '2.1 grant types and response types are consistent',
    async () => {
      const { body } = await register({ ...app, grant_types: ['authorization_code'], response_types: ['token'] })
      expect(body.error).toBe('invalid_client_metadata')
    },
  ],
  [
    '3 the registration endpoint takes POST of JSON',
    async () => {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await ask(running, '/oauth/reg', { form: { client_name: 'x' }, headers })
      expect(answer.status).toBe(400)
    },
  ],
  [
    '3.2.1 201 with all registered metadata, client_id unique, no caching',
    async () => {
      const [one, two] = [await register(app), await register(app)]
      expect(one.status).toBe(201)
      expect(one.body.client_id).not.toBe(two.body.client_id)
      expect(one.body).toMatchObject({ client_name: 'App', redirect_uris: [REDIRECT], client_secret_expires_at: 0 })
      expect(one.headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '3.2.2 errors are 400 with a code',
    async () => {
      const { status, body } = await register({ ...app, redirect_uris: ['http://app.example/'] })
      expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
    },
  ],
  [
    '5 a client is not told apart by what it says of itself: software statements are refused, not believed',
    async () => {
      expect((await register({ ...app, software_statement: 'eyJhbGciOiJub25lIn0.e30.' })).status).toBe(400)
    },
  ],
]

const RFC7592: Row[] = [
  [
    '2.1 a read returns what is registered',
    async () => {
      const { body } = await register(app)
      expect((await manage(running, body, 'GET')).body).toMatchObject({ client_id: body.client_id, client_name: 'App' })
    },
  ],
  [
    '2.1 a token of another client is 401',
    async () => {
      const [one, two] = [await register(app), await register(app)]
      const crossed = { ...one.body, registration_access_token: two.body.registration_access_token }
      expect((await manage(running, crossed, 'GET')).status).toBe(401)
    },
  ],
  [
    '2.2 an update replaces everything: what is left out goes back to its default',
    async () => {
      const { body } = await register({ ...app, client_uri: 'https://app.example/' })
      const answer = await manage(running, body, 'PUT', { ...app, client_id: body.client_id })
      expect([answer.status, 'client_uri' in answer.body]).toEqual([200, false])
    },
  ],
  [
    '2.2 client_id is included and matches',
    async () => {
      const { body } = await register(app)
      expect((await manage(running, body, 'PUT', app)).status).toBe(400)
    },
  ],
  [
    '2.2 a client does not choose its own secret',
    async () => {
      const { body } = await register(app)
      const chosen = { ...app, client_id: body.client_id, client_secret: 'mine' }
      expect((await manage(running, body, 'PUT', chosen)).status).toBe(400)
    },
  ],
  [
    '2.2 an update must not include registration_access_token or the like',
    async () => {
      const { body } = await register(app)
      const answer = await manage(running, body, 'PUT', {
        ...app,
        client_id: body.client_id,
        registration_access_token: 'x',
      })
      expect(answer.status).toBe(400)
    },
  ],
  [
    '2.3 a delete is 204, and the client, its tokens and its registration token are gone',
    async () => {
      const { client, secret } = await serviceApp(running)
      const { body } = await credentials({}, basic(client))
      expect((await manage(running, client, 'DELETE')).status).toBe(204)
      expect((await manage(running, client, 'GET')).status).toBe(401)
      expect((await credentials({}, basic(client, secret))).status).toBe(401)
      const verification = await running.server.verify(String(body.access_token), running.resource('people'))
      expect(verification.ok).toBe(false)
    },
  ],
]

const RFC7636: Row[] = [
  [
    '4.3 a code challenge is required',
    async () => {
      const answer = await authorization({ code_challenge: undefined, code_challenge_method: undefined })
      expect(answer.returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.3 plain is not supported',
    async () => {
      const answer = await authorization({ code_challenge: VERIFIER, code_challenge_method: 'plain' })
      expect(answer.returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.3 nor is a challenge without a method, which would mean plain',
    async () => {
      const answer = await authorization({ code_challenge_method: undefined })
      expect(answer.returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.6 another verifier is invalid_grant',
    async () => {
      const { code: value } = await code()
      expect((await redeem({ code: value, code_verifier: VERIFIER, redirect_uri: REDIRECT })).body.error).toBe(
        'invalid_grant',
      )
    },
  ],
  [
    '4.6 no verifier is invalid_grant',
    async () => {
      const { code: value } = await code()
      expect((await redeem({ code: value, redirect_uri: REDIRECT })).body.error).toBe('invalid_grant')
    },
  ],
]

const RFC8414: Row[] = [
  [
    '3.1 the metadata is where the issuer has a path: the well-known part comes first',
    async () => {
      const { status, headers } = await ask(running, '/.well-known/oauth-authorization-server/oauth')
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')])
    },
  ],
  [
    '3.3 issuer is the one that the address was made of',
    async () => {
      expect((await metadata()).issuer).toBe(running.server.issuer)
    },
  ],
  [
    '2 the endpoints and response types are named',
    async () => {
      expect(await metadata()).toMatchObject({
        authorization_endpoint: expect.any(String),
        token_endpoint: expect.any(String),
        response_types_supported: ['code'],
      })
    },
  ],
  [
    '2 both documents say the same',
    async () => {
      expect(await metadata()).toEqual(await metadata('/oauth/.well-known/openid-configuration'))
    },
  ],
]

async function device(form: Record<string, string> = {}) {
  const client = await running.register({ client_name: 'TV', sallyport_kind: 'device', sallyport_apis: ['publishing'] })
  const answer = await ask(running, '/oauth/device/auth', {
    form: { client_id: client.client_id, scope: 'api:read', ...form },
  })
  return { client, answer }
}

function poll(client_id: string, device_code: unknown) {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  return ask(running, '/oauth/token', { form: { grant_type, client_id, device_code: String(device_code) } })
}

const RFC8628: Row[] = [
  [
    '3.2 device_code, user_code, verification_uri and expires_in are returned, and not cached',
    async () => {
      const { answer } = await device()
      expect(answer.body).toMatchObject({
        device_code: expect.any(String),
        user_code: expect.any(String),
        verification_uri: expect.any(String),
        expires_in: 600,
      })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '3.3 verification_uri is short and without the code',
    async () => {
      const { answer } = await device()
      expect(answer.body.verification_uri).toBe(`${running.publicUrl}/device`)
    },
  ],
  [
    '3.5 until the person agrees it is authorization_pending',
    async () => {
      const { client, answer } = await device()
      expect((await poll(client.client_id, answer.body.device_code)).body.error).toBe('authorization_pending')
    },
  ],
  [
    '3.4 a device code is bound to its client',
    async () => {
      const [one, two] = [await device(), await device()]
      expect((await poll(two.client.client_id, one.answer.body.device_code)).body.error).toBe('invalid_grant')
    },
  ],
]

const RFC8707: Row[] = [
  [
    '2 resource is an absolute URI without a fragment',
    async () => {
      for (const resource of ['people', `${running.resource('people')}#x`])
        expect((await credentials({ resource })).body.error).toBe('invalid_target')
    },
  ],
  [
    '2 an unknown resource is invalid_target',
    async () => {
      expect((await credentials({ resource: 'https://api.example/' })).body.error).toBe('invalid_target')
      expect((await authorization({ resource: 'https://api.example/' })).returned.get('error')).toBe('invalid_target')
    },
  ],
  [
    '2.2 the token is for the resource, and no other',
    async () => {
      const { body } = await credentials({ resource: running.resource('people') })
      expect(decodeJwt(String(body.access_token)).aud).toBe(running.resource('people'))
    },
  ],
  [
    '2.2 a token request does not reach beyond what was granted',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const elsewhere = refresh(running, flow, String(tokens.refresh_token), { resource: running.resource('people') })
      await expect(elsewhere).rejects.toMatchObject({ error: 'invalid_target' })
    },
  ],
]

const RFC9068: Row[] = [
  [
    '2.1 the type is at+jwt, signed, never none',
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
    '3 without a resource, the audience is the only API of the app',
    async () => {
      expect(decodeJwt(String((await credentials()).body.access_token)).aud).toBe(running.resource('people'))
    },
  ],
  [
    '4 a resource server refuses other types, issuers, audiences and signatures',
    async () => {
      const good = String((await credentials()).body.access_token)
      const [header = '', payload = '', signature = ''] = good.split('.')
      const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`
      for (const bad of [
        none,
        `${header}.${payload}.${'A'.repeat(signature.length)}`,
        `${header}.${payload}`,
        good.slice(0, -2),
      ])
        expect((await running.server.verify(bad, running.resource('people'))).ok).toBe(false)
      expect((await running.server.verify(good, running.resource('publishing'))).ok).toBe(false)
    },
  ],
]

function push(form: Record<string, string> = {}, headers = basic(web)) {
  const parameters = {
    client_id: web.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'api:read',
    ...challenge(),
    ...form,
  }
  return ask(running, '/oauth/request', { form: parameters, headers })
}

const RFC9126: Row[] = [
  [
    '2.1 the client authenticates as at the token endpoint',
    async () => {
      expect((await push({}, basic(web, 'wrong'))).status).toBe(401)
    },
  ],
  [
    '2.1 request_uri is not pushed',
    async () => {
      expect((await push({ request_uri: 'urn:x' })).status).toBe(400)
    },
  ],
  [
    '2.2 201 with request_uri and expires_in, not cached',
    async () => {
      const answer = await push()
      expect([answer.status, answer.body]).toEqual([
        201,
        { request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/), expires_in: expect.any(Number) },
      ])
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '2.3 an invalid request fails when it is pushed',
    async () => {
      expect((await push({ redirect_uri: 'https://evil.example/' })).status).toBe(400)
    },
  ],
  [
    '4 a request_uri is bound to its client',
    async () => {
      const { body } = await push()
      const other = await webApp(running)
      const query = { client_id: other.client.client_id, request_uri: String(body.request_uri) }
      const answer = await ask(running, '/oauth/auth', { query })
      expect([answer.returned.get('code'), answer.location?.pathname.startsWith('/sign-in/') ?? false]).toEqual([
        null,
        false,
      ])
    },
  ],
]

const RFC9207: Row[] = [
  [
    '2 iss is in successful responses',
    async () => {
      const { url } = await authorize(running, flow)
      expect(url.searchParams.get('iss')).toBe(running.server.issuer)
    },
  ],
  [
    '2 iss is in error responses',
    async () => {
      expect((await authorization({ response_type: 'token' })).returned.get('iss')).toBe(running.server.issuer)
    },
  ],
  [
    '3 the metadata says so',
    async () => {
      expect((await metadata()).authorization_response_iss_parameter_supported).toBe(true)
    },
  ],
]

describe.each([
  ['RFC 6749 (OAuth 2.0)', RFC6749],
  ['RFC 7591 (registration)', RFC7591],
  ['RFC 7592 (management)', RFC7592],
  ['RFC 7636 (PKCE)', RFC7636],
  ['RFC 8414 (metadata)', RFC8414],
  ['RFC 8628 (devices)', RFC8628],
  ['RFC 8707 (resource indicators)', RFC8707],
  ['RFC 9068 (JWT access tokens)', RFC9068],
  ['RFC 9126 (pushed requests)', RFC9126],
  ['RFC 9207 (iss)', RFC9207],
])('%s', (_, rows) => {
  it.each(rows)('%s', (_, row) => row())
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
