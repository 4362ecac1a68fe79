import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAddress } from '../../src/server/client-address.ts'
import { setSecurityHeaders } from '../../src/server/headers.ts'
import { policySchema } from '../../src/spec/access-file.ts'
import { people } from '../authorization-server/api-models.ts'
import { authorize, type CodeFlow, refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { insecure, Running } from '../authorization-server/running.ts'
import { ask, basic, initialAccessToken, manage, REDIRECT, serviceApp, verifyAs, webApp } from './apps.ts'

const running = new Running()
let flow: CodeFlow
let token = ''
beforeAll(async () => {
  await running.start()
  flow = await webApp(running)
  token = await initialAccessToken(running)
})
afterAll(() => running.stop())

const PKCE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' }

function authorization(more: Record<string, string>) {
  const query = {
    client_id: flow.client.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'api:read',
    ...PKCE,
  }
  return ask(running, '/oauth/auth', { query: { ...query, ...more }, headers: { accept: 'text/html' } })
}

function register(json: unknown) {
  return ask(running, '/oauth/reg', { json, headers: { authorization: `Bearer ${token}` } })
}

const app = { client_name: 'App', sallyport_apis: ['publishing'], redirect_uris: [REDIRECT] }
const native = { client_name: 'App', sallyport_kind: 'native', sallyport_apis: ['publishing'] }

describe('RFC 9700, section 4', () => {
  it.each([
    'https://app.example.evil.example/callback',
    'https://app.example/callback/../other',
    'https://app.example/callback?next=https://evil.example',
    'https://APP.example/callback',
    'https://app.example:443/callback',
    'https://app.example/%63allback',
    'https://app.example/callback#',
    'https://user@app.example/callback',
  ])('4.1 insufficient validation of redirect URIs: %s is another', async (redirect_uri) => {
    const answer = await authorization({ redirect_uri })
    expect([answer.status, answer.location]).toEqual([400, undefined])
  })

  it('4.2 credentials leak by Referer: a code that leaked is of no use without its verifier; the portal’s pages send no referrer elsewhere', async () => {
    const { url } = await authorize(running, flow)
    // A code is good once, for a minute, with its verifier.
    const form = { grant_type: 'authorization_code', code: url.searchParams.get('code') ?? '', redirect_uri: REDIRECT }
    expect((await ask(running, '/oauth/token', { form, headers: basic(flow.client) })).body.error).toBe('invalid_grant')
    const headers = securityHeaders()
    expect(headers['referrer-policy']).toBe('same-origin')
    // Nor does what a request says of itself become part of the redirect with the code.
    expect([...url.searchParams.keys()].sort()).toEqual(['code', 'iss', 'state'])
  })

  it('4.3 credentials leak by browser history: no access token is ever in a URL, nor taken from one', async () => {
    const answer = await authorization({ response_type: 'token' })
    expect(answer.returned.get('error')).toBe('unsupported_response_type')
    const { tokens } = await signInAndGetTokens(running, { ...flow, parameters: { scope: 'openid' } })
    const info = await ask(running, '/oauth/me', { query: { access_token: tokens.access_token } })
    expect(info.status).toBeGreaterThanOrEqual(400)
  })

  it('4.4 mix-up: responses name their issuer, and a strict client refuses another', async () => {
    const { url, server, state } = await authorize(running, flow)
    expect(url.searchParams.get('iss')).toBe(running.server.issuer)
    url.searchParams.set('iss', 'https://evil.example')
    expect(() => oauth.validateAuthResponse(server, flow.client, url, state)).toThrow(/iss/)
  })

  it('4.5 code injection: a code is of no use with another verifier, client or redirect URI', async () => {
    const stolen = await authorize(running, flow)
    const own = await authorize(running, flow)
    const injected = oauth.authorizationCodeGrantRequest(
      own.server,
      flow.client,
      flow.authentication ?? oauth.None(),
      oauth.validateAuthResponse(own.server, flow.client, stolen.url, stolen.state),
      REDIRECT,
      own.verifier,
      insecure,
    )
    expect(((await (await injected).json()) as { error: string }).error).toBe('invalid_grant')
  })

  it('4.6 access token injection: a token of another audience is refused', async () => {
    const { tokens } = await signInAndGetTokens(running, flow)
    expect(await verifyAs(running, tokens.access_token, 'people')).toMatchObject({ ok: false })
  })

  it('4.7 CSRF: a response can not be forged into the flow of another, for PKCE is required', async () => {
    const query = { client_id: flow.client.client_id, response_type: 'code', redirect_uri: REDIRECT, scope: 'api:read' }
    const answer = await ask(running, '/oauth/auth', { query })
    expect(answer.returned.get('error')).toBe('invalid_request')
  })

  it('4.8 PKCE downgrade: a verifier without a challenge, and a challenge without S256, fail', async () => {
    expect((await authorization({ code_challenge_method: 'plain' })).returned.get('error')).toBe('invalid_request')
  })

  it('4.9 access token leak at the resource server: it is for one API, and short-lived', async () => {
    const { tokens } = await signInAndGetTokens(running, flow)
    expect(tokens.expires_in).toBeLessThanOrEqual(3600)
    expect(await verifyAs(running, tokens.access_token, 'people')).toMatchObject({ ok: false })
  })

  it('4.10 misuse of stolen access tokens: revoked, they are refused at the next call', async () => {
    const { tokens } = await signInAndGetTokens(running, flow)
    await running.server.revokeApp(flow.client.client_id)
    expect(await verifyAs(running, tokens.access_token)).toMatchObject({ ok: false })
  })

  it('4.11 open redirection: nothing of a request becomes a Location before it is validated', async () => {
    for (const more of [
      { client_id: 'nobody', redirect_uri: 'https://evil.example/' },
      { redirect_uri: '//evil.example' },
      { redirect_uri: 'https://evil.example/', response_type: 'nonsense' },
      { redirect_uri: 'https://evil.example/', prompt: 'none' },
      { redirect_uri: 'javascript:alert(1)', response_mode: 'form_post' },
      { redirect_uri: 'https://evil.example/', response_mode: 'nonsense' },
      { redirect_uri: 'https://evil.example/', request: 'x' },
    ]) {
      const answer = await authorization(more)
      expect([more, answer.status, answer.location?.origin]).toEqual([more, 400, undefined])
    }
    const query = { post_logout_redirect_uri: 'https://evil.example/', client_id: flow.client.client_id }
    expect((await ask(running, '/oauth/session/end', { query, headers: { accept: 'text/html' } })).status).toBe(400)
  })

  it('4.12 307: redirects after a form do not repeat the form', async () => {
    const answer = await authorization({})
    expect(answer.status).toBe(303)
  })

  it('4.13 TLS terminated by a proxy: what a client says of its address, host or certificate changes nothing', async () => {
    const { client, secret } = await serviceApp(running)
    const forged = {
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=10.0.0.1;host=evil.example',
      'x-forwarded-client-cert': 'x',
      'x-ssl-client-cert': 'x',
    }
    const headers = { ...basic(client, secret), ...forged }
    const answer = await ask(running, '/oauth/token', { form: { grant_type: 'client_credentials' }, headers })
    expect(decodeJwt(String(answer.body.access_token)).iss).toBe(running.server.issuer)
    const [entry] = await running.store.audit.list({ target: client.client_id, action: 'token.issued' })
    expect(entry?.ip).toMatch(/127\.0\.0\.1$/)
    const unauthenticated = { client_id: flow.client.client_id, grant_type: 'client_credentials' }
    expect((await ask(running, '/oauth/token', { form: unauthenticated, headers: forged })).status).toBe(401)
  })

  it('4.13 a rule on networks holds for the address that a trusted proxy names, and for no other', async () => {
    const inside = {
      name: 'Inside',
      mode: 'all-or-nothing',
      rules: [{ name: 'LAN', when: { networks: ['10.0.0.0/8'] } }],
    }
    for (const [proxies, granted] of [
      [[], false],
      [['192.0.2.1'], false],
      [['127.0.0.1', '::1', '::ffff:127.0.0.1'], true],
    ] as const) {
      const behind = new Running({ address: clientAddress(proxies) })
      behind.models = [{ ...people, policies: [policySchema.parse(inside)] }]
      await behind.start()
      const { client, secret } = await serviceApp(behind)
      const headers = { ...basic(client, secret), 'x-forwarded-for': '10.0.0.1' }
      const form = { grant_type: 'client_credentials', scope: 'employees:read' }
      expect([proxies, (await ask(behind, '/oauth/token', { form, headers })).status === 200]).toEqual([
        proxies,
        granted,
      ])
      await behind.stop()
    }
  })

  it('4.14 refresh tokens: rotated, and reuse ends the grant', async () => {
    const { tokens } = await signInAndGetTokens(running, flow)
    const next = await refresh(running, flow, String(tokens.refresh_token))
    expect(next.refresh_token).not.toBe(tokens.refresh_token)
    const before = Date.now
    Date.now = () => before() + 31_000
    try {
      await expect(refresh(running, flow, String(tokens.refresh_token))).rejects.toMatchObject({
        error: 'invalid_grant',
      })
      await expect(refresh(running, flow, String(next.refresh_token))).rejects.toMatchObject({ error: 'invalid_grant' })
    } finally {
      Date.now = before
    }
  })

  it('4.15 clients that pose as people: a client id is never the subject of a person', async () => {
    const { client, secret } = await serviceApp(running)
    const { access_token } = await running.clientCredentials(client, secret, {})
    const verification = await verifyAs(running, access_token, 'people')
    expect(verification.ok && verification.token.sub).toBeUndefined()
    expect(client.client_id).toMatch(/^[0-9a-f]{20}$/)
  })

  it('4.16 clickjacking: no answer of the portal can be framed, and the library renders no page of its own', async () => {
    // That Chromium does refuse to frame the pages is tested end to end.
    const headers = securityHeaders()
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    const answer = await authorization({ redirect_uri: 'https://evil.example/' })
    expect(answer.headers.get('content-type')).toContain('json')
  })

  it('4.17 attacks on in-browser messages: there is no web_message response mode', async () => {
    const { body } = await ask(running, '/.well-known/oauth-authorization-server/oauth')
    expect(body.response_modes_supported).not.toContain('web_message')
  })
})

/** Those that the portal's dispatcher sets before anything answers. */
function securityHeaders(): Record<string, unknown> {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  setSecurityHeaders(response, { https: true })
  return response.getHeaders()
}

/** Where others fell: each of these was published. */
describe('published failures', () => {
  it('CVE-2026-1180, CVE-2026-4366 (SSRF): nothing that a client names is fetched', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end('{"keys":[]}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    for (const member of [
      'jwks_uri',
      'sector_identifier_uri',
      'logo_uri',
      'initiate_login_uri',
      'backchannel_logout_uri',
    ])
      for (const uri of [url, url.replace('http:', 'https:'), 'https://169.254.169.254/latest/meta-data'])
        expect([member, (await register({ ...app, [member]: uri })).status]).toEqual([member, 400])
    expect((await register({ ...app, request_uris: [url] })).status).toBe(400)
    await authorization({ request_uri: url })
    server.close()
    expect(asked).toEqual([])
  })

  it.each([
    ...['javascript:alert(1)', 'JavaScript:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)'],
    ...['data:text/html,x', 'vbscript:x', 'blob:https://app.example/x', 'file:///etc/passwd', 'view-source:https://x'],
  ])('GHSA-q9xg-f2v2-695g: the redirect URI %j is never registered', async (uri) => {
    for (const metadata of [app, native])
      for (const member of ['redirect_uris', 'post_logout_redirect_uris']) {
        const answer = await register({ ...metadata, redirect_uris: ['com.example.app:/callback'], [member]: [uri] })
        expect(answer.status).toBe(400)
      }
  })

  it('CVE-2026-41479, CVE-2026-44681: errors are not redirected to what is not registered', async () => {
    for (const parameters of [
      { response_type: 'x' },
      { scope: 'nonsense' },
      { resource: 'x' },
      { prompt: 'x' },
      { max_age: 'x' },
    ]) {
      const answer = await authorization({ redirect_uri: 'https://evil.example/', ...parameters })
      expect([parameters, answer.location]).toEqual([parameters, undefined])
    }
  })

  it.each([
    ['CVE-2026-15572', { redirect_uris: ['javascript:alert(1)'] }],
    ['CVE-2026-18573', { redirect_uris: [] }],
    ['CVE-2026-18570', { grant_types: ['client_credentials'] }],
    ['CVE-2026-16093', { jwks_uri: 'http://169.254.169.254/' }],
    ['likewise', { sallyport_apis: ['people'] }],
    ['likewise', { sallyport_kind: 'service' }],
    ['likewise', { token_endpoint_auth_method: 'none' }],
    ['likewise', { scope: 'employees:read' }],
  ])('%s: an update to %j is judged as a registration would be', async (_, change) => {
    const { body } = await register(app)
    const answer = await manage(running, body, 'PUT', { ...app, client_id: body.client_id, ...change })
    expect(answer.status).toBe(400)
    expect((await manage(running, body, 'GET')).body).toMatchObject({ redirect_uris: [REDIRECT] })
  })

  it('likewise: what an update leaves out is judged, too', async () => {
    const { body } = await register(app)
    const answer = await manage(running, body, 'PUT', { client_id: body.client_id, client_name: 'Bare' })
    expect(answer.status).toBe(400)
  })

  it('likewise: an update does not make an app vouched for, nor anyone else its owner', async () => {
    const { body } = await register(app)
    const claims = { sallyport_verified: true, sallyport_owner: 'someone', software_id: 'publishing-desktop' }
    await manage(running, body, 'PUT', { ...app, client_id: body.client_id, ...claims })
    const stored = await running.store.clients.get(String(body.client_id))
    expect(stored).toMatchObject({ verified: false, ownerId: (await running.person('Kim')).id })
  })

  it('CVE-2026-9705: the registration token of a disabled app is dead', async () => {
    const { body } = await register(app)
    await running.server.setAppDisabled(String(body.client_id), true)
    for (const method of ['GET', 'DELETE'] as const) expect((await manage(running, body, method)).status).toBe(401)
    expect((await manage(running, body, 'PUT', { ...app, client_id: body.client_id })).status).toBe(401)
    await running.server.setAppDisabled(String(body.client_id), false)
    expect((await manage(running, body, 'GET')).status).toBe(401)
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer %00',
    'Basic x',
    '',
    'bearer {"a":1}',
    `Bearer ${'x'.repeat(8000)}`,
  ])('CVE-2026-9803: the header %j is a 401, never a 500', async (authorization) => {
    for (const path of ['/oauth/reg', '/oauth/reg/x'])
      for (const method of ['POST', 'GET', 'PUT', 'DELETE']) {
        if (path === '/oauth/reg' && method !== 'POST') continue
        if (path !== '/oauth/reg' && method === 'POST') continue
        const json = method === 'GET' || method === 'DELETE' ? {} : { json: app }
        const answer = await ask(running, path, { method, headers: { authorization }, ...json })
        expect([method, answer.status]).toEqual([method, 401])
      }
  })
})

it('a retired scope does not break the apps that hold it', async () => {
  const { client, secret } = await serviceApp(running, { scope: 'employees:read compensation:read' })
  const { models } = running
  await running.server.reload(
    models.map((model) => ({ ...model, scopes: model.scopes.filter(({ name }) => name !== 'compensation:read') })),
  )
  expect((await running.clientCredentials(client, secret, {})).scope).toBe('employees:read')
  expect((await manage(running, client, 'GET')).status).toBe(200)
  await running.server.reload(models)
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
