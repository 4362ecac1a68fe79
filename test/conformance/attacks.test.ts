import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Stranger } from '../../src/authorization-server/page.ts'
import { clientAddress } from '../../src/server/client-address.ts'
import { setSecurityHeaders } from '../../src/server/headers.ts'
import { policySchema } from '../../src/spec/access-file.ts'
import { people } from '../authorization-server/api-models.ts'
import { Browser } from '../authorization-server/browser.ts'
import { authorize, refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { connectDevice, shownPage, startDevice } from '../authorization-server/device.ts'
import { insecure, Running } from '../authorization-server/running.ts'
import { ask, basic, REDIRECT, serviceApp, verifyAs } from './apps.ts'
import { app, authorization, challenge, flow, prepare, register, running } from './target.ts'

prepare()

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

  it('4.1 of a native app’s loopback address the port varies, and nothing else', async () => {
    const redirect_uris = ['http://127.0.0.1/callback']
    const { body } = await register({ ...native, redirect_uris })
    const at = (redirect_uri: string) => authorization({ client_id: String(body.client_id), redirect_uri })
    expect((await at('http://127.0.0.1:52001/callback')).location?.pathname).toMatch(/^\/sign-in\//)
    for (const other of ['/other', '/callback?x', '/callback/..']) {
      const answer = await at(`http://127.0.0.1:52001${other}`)
      expect([other, answer.status, answer.location]).toEqual([other, 400, undefined])
    }
    for (const host of ['localhost', '[::1]', '127.0.0.1.evil.example', '127.0.0.2'])
      expect([host, (await at(`http://${host}:52001/callback`)).status]).toEqual([host, 400])
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

  it('4.8 PKCE downgrade: there is no code without a challenge by S256, so no verifier is ever taken without one', async () => {
    const query = { client_id: flow.client.client_id, response_type: 'code', redirect_uri: REDIRECT, scope: 'api:read' }
    for (const less of [
      {},
      { code_challenge: challenge().code_challenge },
      { ...challenge(), code_challenge_method: 'plain' },
    ]) {
      const answer = await ask(running, '/oauth/auth', { query: { ...query, ...less } })
      expect([less, answer.returned.get('error')]).toEqual([less, 'invalid_request'])
    }
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

  describe.each(['a developer', 'a stranger'])(
    '4.11 open redirection: an app that %s registered, and nobody vouches for',
    (who) => {
      const open = new Running({ anonymousRegistration: true })
      const desk = {
        ...app,
        sallyport_apis: ['people'],
        token_endpoint_auth_method: 'none',
        sallyport_kind: 'single-page',
      }
      let query: Record<string, string>
      let personId: string
      const register = async (redirectUri: string) => {
        const metadata = { ...desk, redirect_uris: [redirectUri] }
        const client =
          who === 'a developer'
            ? await open.register(metadata)
            : (await ask(open, '/oauth/reg', { json: metadata })).body
        const client_id = String(client.client_id)
        return { client_id, response_type: 'code', redirect_uri: redirectUri, scope: 'employees:read', ...challenge() }
      }
      const request = (more: Record<string, string>, headers = {}) =>
        ask(open, '/oauth/auth', { query: { ...query, state: 'xyz', ...more }, headers })
      beforeAll(async () => {
        await open.start()
        personId = (await open.person('Kim', 'staff')).id
        query = await register(REDIRECT)
      })
      afterAll(() => open.stop())

      it.each([
        ['a wrong scope', { scope: 'nonsense' }],
        ['a wrong response type', { response_type: 'x' }],
        ['silent authentication', { prompt: 'none' }],
      ])('sends nobody on by %s: they read where it leads, and may go there', async (_, more) => {
        const answer = await request(more)
        expect([answer.status, answer.location]).toEqual([400, undefined])
        expect(answer.body).toMatchObject({
          kind: 'failure',
          stranger: { name: 'App', verified: false, refused: false },
        })
        const { onward } = answer.body.stranger as Stranger
        const back = new URL(onward.href)
        expect(back.origin + back.pathname).toBe(REDIRECT)
        const said = ['error', 'state', 'iss'].map((name) => back.searchParams.get(name))
        expect(said).toEqual([answer.body.error, 'xyz', open.server.issuer])
      })

      it('nor by a form that would be sent at once', async () => {
        const { body, location, headers } = await request({ scope: 'nonsense', response_mode: 'form_post' })
        expect([location, headers.get('content-security-policy')]).toEqual([undefined, null])
        const fields = { error: 'invalid_scope', state: 'xyz', iss: open.server.issuer }
        expect((body.stranger as Stranger).onward).toMatchObject({ href: REDIRECT, fields })
      })

      it('nor by being refused', async () => {
        const { response } = await visit(open, query, { personId, answer: 'deny' })
        expect(response?.status).toBe(400)
        const shown = (await response?.json()) as { stranger: Stranger }
        expect(shown.stranger.refused).toBe(true)
        expect(new URL(shown.stranger.onward.href).searchParams.get('error')).toBe('access_denied')
      })

      it('nor, for the first time, by asking for no more than signing in brings', async () => {
        const browser = new Browser(open.publicUrl)
        const silent = { ...query, scope: 'openid' }
        expect((await visit(open, silent, { personId, answer: 'allow=openid', browser })).seen).toHaveLength(2)
        const again = await visit(open, silent, { personId, answer: 'deny', browser })
        expect(again.url.searchParams.has('code')).toBe(who === 'a developer')
        const other = { ...(await register(`${REDIRECT}/2`)), scope: 'openid', prompt: 'none' }
        const { response } = await visit(open, other, { personId, answer: 'deny', browser })
        expect(await response?.json()).toMatchObject({ kind: 'failure', error: 'interaction_required' })
      })

      it('sends those on who agreed', async () => {
        const { url } = await visit(open, query, { personId, answer: 'allow=employees:read' })
        expect([url.origin + url.pathname, url.searchParams.has('code')]).toEqual([REDIRECT, true])
      })

      it('hears of its errors on the own device of whoever develops it, and in a frame', async () => {
        const local = await register('http://localhost:5173/callback')
        expect((await request({ ...local, scope: 'nonsense' })).returned.get('error')).toBe('invalid_scope')
        const framed = await request({ prompt: 'none' }, { 'sec-fetch-dest': 'iframe' })
        expect(framed.returned.get('error')).toBe('login_required')
      })

      it('hears of its errors where it is tried on the portal itself', async () => {
        const portal = new Running({ anonymousRegistration: true })
        portal.publicUrl = 'https://portal.example'
        await portal.start()
        const back = `${portal.publicUrl}/try/callback`
        const { body } = await ask(portal, '/oauth/reg', { json: { ...desk, redirect_uris: [back] } })
        const request = { ...query, client_id: String(body.client_id), redirect_uri: back, scope: 'nonsense' }
        expect((await ask(portal, '/oauth/auth', { query: request })).returned.get('error')).toBe('invalid_scope')
        await portal.stop()
      })

      it('hears of them once someone vouches for it', async () => {
        await open.store.clients.setVerified(String(query.client_id), true)
        expect((await request({ scope: 'nonsense' })).returned.get('error')).toBe('invalid_scope')
        const { url } = await visit(open, { ...query, prompt: 'consent' }, { personId, answer: 'deny' })
        expect(url.searchParams.get('error')).toBe('access_denied')
      })
    },
  )

  it('4.12 307: redirects after a form do not repeat the form', async () => {
    expect((await authorization({})).status).toBe(303)
    const { browser, code } = await startDevice(running)
    const posted: number[] = []
    const post = browser.fetch.bind(browser)
    browser.fetch = async (location, form) => {
      const response = await post(location, form)
      if (form !== undefined && response.headers.has('location')) posted.push(response.status)
      return response
    }
    await connectDevice(browser, code.user_code, { personId: flow.personId })
    const page = await shownPage(await browser.fetch('/oauth/session/end'))
    if (page.kind !== 'sign-out') throw new Error(`Shown: ${page.kind}`)
    await browser.fetch(page.action, { xsrf: page.xsrf, logout: 'yes' })
    expect(posted).toEqual([303, 303])
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
    const answer = await authorization({ response_mode: 'web_message' })
    expect(answer.returned.get('error')).toBe('unsupported_response_mode')
  })
})

/** Someone follows a link to the authorization endpoint. @param answer to the question whether they agree */
function visit(
  { publicUrl }: Running,
  query: Record<string, string>,
  { personId, answer, browser = new Browser(publicUrl) }: { personId: string; answer: string; browser?: Browser },
) {
  return browser.follow(`/oauth/auth?${new URLSearchParams(query)}`, ({ kind }) =>
    kind === 'sign-in' ? `person=${personId}` : answer,
  )
}

/** Those that the portal's dispatcher sets before anything answers. */
function securityHeaders(): Record<string, unknown> {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  setSecurityHeaders(response, { https: true })
  return response.getHeaders()
}

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
