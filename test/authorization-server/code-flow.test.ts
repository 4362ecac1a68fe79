import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Browser } from './browser.ts'
import { authorize, type CodeFlow, refresh, signInAndGetTokens } from './code-flow.ts'
import { Running } from './running.ts'

const running = new Running()
let kim = ''
beforeAll(async () => {
  await running.start()
  kim = (await running.person('Kim', 'staff', 'editors')).id
})
afterEach(() => vi.useRealTimers())
afterAll(() => running.stop())

const redirectUri = 'https://app.example/callback'

async function webApp(more: Record<string, oauth.JsonValue> = {}): Promise<CodeFlow> {
  const metadata = {
    client_name: 'Desk',
    sallyport_kind: 'web',
    sallyport_apis: ['publishing'],
    redirect_uris: [redirectUri],
  }
  const client = await running.register({ ...metadata, ...more })
  // Of an app that nobody vouches for, people are told first where it leads.
  await running.store.clients.setVerified(client.client_id, true)
  return { client, authentication: oauth.ClientSecretBasic(String(client.client_secret)), redirectUri, personId: kim }
}

function verify(token: string, api = 'publishing') {
  return running.server.verify(token, running.resource(api))
}

const readWrite = { parameters: { scope: 'api:read api:write' } }

describe('a person signs in to an app', () => {
  it('and the app calls in their name, with PKCE, state and iss checked by a strict client', async () => {
    const { tokens, seen } = await signInAndGetTokens(running, { ...(await webApp()), ...readWrite })
    expect(seen.map(({ kind }) => kind)).toEqual(['sign-in'])
    expect(seen[0]).toMatchObject({
      client: { name: 'Desk', verified: true, firstParty: false },
      formAction: 'https://app.example',
    })
    expect(tokens).toMatchObject({ scope: 'api:read api:write', expires_in: 300, refresh_token: expect.any(String) })
    // The person's groups are in it, because access.yaml says so; what only the server may say can't be redefined.
    expect(await verify(tokens.access_token)).toMatchObject({
      ok: true,
      token: { sub: kim, scopes: ['api:read', 'api:write'], claims: { sub: kim, groups: ['editors', 'staff'] } },
    })
  })

  it('is asked for consent where a scope requires it, once', async () => {
    const flow = await webApp({ sallyport_apis: ['people'] })
    const parameters = { scope: 'openid email employees:read compensation:read' }
    const first = await signInAndGetTokens(running, { ...flow, parameters })
    expect(first.seen.map(({ kind }) => kind)).toEqual(['sign-in', 'consent'])
    expect(first.seen[1]?.person).toMatchObject({ id: kim, name: 'Kim' })
    const api = { api: 'people', resource: running.resource('people') }
    expect(first.seen[1]?.scopes).toEqual([
      { name: 'employees:read', ...api, consent: 'implicit', agreed: false },
      { name: 'compensation:read', ...api, title: 'See salaries', consent: 'required', agreed: false },
      { name: 'openid', consent: 'implicit', agreed: false },
      { name: 'email', title: 'See your email address', consent: 'required', agreed: false },
    ])
    expect(await verify(first.tokens.access_token, 'people')).toMatchObject({ ok: true })
    expect(oauth.getValidatedIdTokenClaims(first.tokens)).toMatchObject({ sub: kim, email: 'kim@example.com' })
    const again = await signInAndGetTokens(running, { ...flow, parameters })
    expect(again.seen.map(({ kind }) => kind)).toEqual(['sign-in'])
    // Asked for more, they are told what of it they allowed before.
    const more = { scope: `${parameters.scope} profile` }
    const { seen } = await authorize(running, { ...flow, parameters: more, allow: [] })
    expect(seen[1]?.scopes.map(({ name, agreed }) => [name, agreed])).toEqual([
      ['employees:read', true],
      ['compensation:read', true],
      ['openid', true],
      ['profile', false],
      ['email', true],
    ])

    await running.server.withdrawConsent(kim, flow.client.client_id)
    expect(await verify(again.tokens.access_token, 'people')).toMatchObject({ ok: false })
    const afterwards = await authorize(running, { ...flow, parameters, allow: [] })
    expect(afterwards.seen.map(({ kind }) => kind)).toEqual(['sign-in', 'consent'])
    expect(afterwards.url.searchParams.get('error')).toBe('access_denied')
  })

  it('needs no page at all while signed in, for what is implicit', async () => {
    const browser = new Browser(running.publicUrl)
    await signInAndGetTokens(running, { ...(await webApp()), ...readWrite, browser })
    const { seen } = await signInAndGetTokens(running, { ...(await webApp()), ...readWrite, browser })
    expect(seen).toEqual([])
    expect(browser.cookies.map(({ name }) => name)).toContain('sallyport_op')
  })

  it('as someone else than before, who is then signed in', async () => {
    const browser = new Browser(running.publicUrl)
    const flow = await webApp()
    await signInAndGetTokens(running, { ...flow, ...readWrite, browser })
    const other = await running.person('Noor', 'staff')
    const parameters = { scope: 'openid api:read', prompt: 'login' }
    const { tokens } = await signInAndGetTokens(running, { ...flow, browser, personId: other.id, parameters })
    expect(await verify(tokens.access_token)).toMatchObject({ ok: true, token: { sub: other.id } })
  })

  it('and an app on their desktop asks each time', async () => {
    const client = await running.register({
      client_name: 'Desktop',
      sallyport_kind: 'native',
      sallyport_apis: ['publishing'],
      redirect_uris: ['http://127.0.0.1/callback', 'com.example.desk:/callback'],
    })
    // Any port will do on a loopback address (RFC 8252, section 7.3).
    const flow = { client, redirectUri: 'http://127.0.0.1:61234/callback', personId: kim, ...readWrite }
    const { seen, tokens } = await signInAndGetTokens(running, flow)
    expect(seen.map(({ kind }) => kind)).toEqual(['sign-in', 'consent'])
    expect(seen[1]?.formAction).toBe('http://127.0.0.1:61234')
    expect(tokens.scope).toBe('api:read api:write')
    const scheme = { ...flow, redirectUri: 'com.example.desk:/callback' }
    expect((await authorize(running, scheme)).url.protocol).toBe('com.example.desk:')
  })

  it('to the portal itself, which is a client like any other and needs no consent', async () => {
    const client = { client_id: 'sallyport-portal' }
    const redirectUri = `${running.publicUrl}/auth/callback`
    const flow = { client, redirectUri, personId: kim, parameters: { scope: 'openid', nonce: 'n' } }
    const { url, seen, server, verifier, state } = await authorize(running, flow)
    expect(seen.map(({ kind, client }) => [kind, client.firstParty])).toEqual([['sign-in', true]])
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      oauth.validateAuthResponse(server, client, url, state),
      redirectUri,
      verifier,
      { [oauth.allowInsecureRequests]: true },
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: 'n',
      requireIdToken: true,
    })
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(kim)
    const insecure = { [oauth.allowInsecureRequests]: true }
    const info = await oauth.userInfoRequest(server, client, tokens.access_token, insecure)
    expect(await oauth.processUserInfoResponse(server, client, kim, info)).toEqual({ sub: kim })
  })

  it('and leaves no secret behind in the clear', async () => {
    const browser = new Browser(running.publicUrl)
    const { tokens } = await signInAndGetTokens(running, { ...(await webApp()), ...readWrite, browser })
    const session = browser.cookies.find(({ name }) => name === 'sallyport_op')?.value
    const secrets = [tokens.access_token, tokens.refresh_token, session]
    expect(secrets).not.toContain(undefined)
    const contents = await running.contents()
    expect(contents).toContain(kim)
    for (const secret of secrets) expect(contents.includes(String(secret))).toBe(false)
  })

  it('though another person is signed in whom no rule is for, if the app asks for a new sign-in', async () => {
    const browser = new Browser(running.publicUrl)
    const stranger = await running.person('Stranger')
    const flow = { ...(await webApp()), browser }
    await authorize(running, { ...flow, ...readWrite, personId: stranger.id })
    const parameters = { ...readWrite.parameters, prompt: 'login' }
    const { tokens } = await signInAndGetTokens(running, { ...flow, parameters })
    expect(await verify(tokens.access_token)).toMatchObject({ ok: true, token: { sub: kim } })
  })

  it('and out again, after a question', async () => {
    const browser = new Browser(running.publicUrl)
    await signInAndGetTokens(running, { ...(await webApp()), ...readWrite, browser })
    const response = await browser.fetch('/oauth/session/end')
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ kind: 'sign-out' })])
  })
})

describe('an app authenticates', () => {
  it('with its secret in the body', async () => {
    const flow = await webApp({ token_endpoint_auth_method: 'client_secret_post' })
    const authentication = oauth.ClientSecretPost(String(flow.client.client_secret))
    const { tokens } = await signInAndGetTokens(running, { ...flow, ...readWrite, authentication })
    expect(tokens.scope).toBe('api:read api:write')
  })

  it('with a key of its own, which needs no secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] } as unknown as oauth.JsonValue
    const flow = await webApp({ token_endpoint_auth_method: 'private_key_jwt', jwks })
    expect(flow.client).not.toHaveProperty('client_secret')
    const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'one' })
    const { tokens } = await signInAndGetTokens(running, { ...flow, ...readWrite, authentication })
    expect(tokens.scope).toBe('api:read api:write')
    const other = oauth.PrivateKeyJwt({ key: (await generateKeyPair('ES256')).privateKey, kid: 'one' })
    const refused = refresh(running, { ...flow, authentication: other }, String(tokens.refresh_token))
    await expect(refused).rejects.toMatchObject({ status: 401 })
  })

  it('before the browser even knows, with a pushed authorization request', async () => {
    const { client, authentication } = await webApp()
    const server = await running.metadata()
    const parameters = {
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'api:read',
      code_challenge: await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()),
      code_challenge_method: 'S256',
    }
    const pushed = await oauth.processPushedAuthorizationResponse(
      server,
      client,
      await oauth.pushedAuthorizationRequest(server, client, authentication ?? oauth.None(), parameters, {
        [oauth.allowInsecureRequests]: true,
      }),
    )
    const query = new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri })
    const browser = new Browser(running.publicUrl)
    const { url } = await browser.follow(`/oauth/auth?${query}`, () => `person=${kim}`)
    expect([url.origin, url.searchParams.get('code')]).toEqual(['https://app.example', expect.any(String)])
  })

  it('from a browser only where it is registered to return to', async () => {
    const { client } = await webApp({ sallyport_kind: 'single-page', redirect_uris: ['https://app.example/callback'] })
    const ask = async (path: string, origin: string) => {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: client.client_id })
      const response = await fetch(`${running.publicUrl}/oauth/${path}`, { method: 'POST', headers: { origin }, body })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await ask('token', 'https://app.example')).toBe('https://app.example')
    expect(await ask('token', 'https://evil.example')).toBeNull()
    expect(await ask('token', 'null')).toBeNull()
    expect(await ask('reg', 'https://app.example')).toBeNull()
  })
})

describe('the policies at sign-in', () => {
  it('narrow what a person may give, in mode partial', async () => {
    const noor = await running.person('Noor', 'staff')
    const { tokens } = await signInAndGetTokens(running, { ...(await webApp()), ...readWrite, personId: noor.id })
    expect(tokens.scope).toBe('api:read')
  })

  it('deny whom no rule is for, and say so to the app', async () => {
    const stranger = await running.person('Stranger')
    const { url } = await authorize(running, { ...(await webApp()), ...readWrite, personId: stranger.id })
    expect(url.origin).toBe('https://app.example')
    expect(url.searchParams.get('error')).toBe('access_denied')
    expect(url.searchParams.get('iss')).toBe(running.server.issuer)
  })

  it('never see a request without PKCE', async () => {
    const { client } = await webApp()
    const parameters = {
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'api:read',
    }
    const response = await fetch(`${running.publicUrl}/oauth/auth?${new URLSearchParams(parameters)}`, {
      redirect: 'manual',
    })
    expect(new URL(response.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request')
  })

  it('never send anyone to a redirect URI that is not registered', async () => {
    const { client } = await webApp()
    const parameters = { client_id: client.client_id, response_type: 'code', scope: 'api:read', state: '<script>' }
    for (const uri of [
      'https://app.example/callback/',
      'https://app.example/callback?x=1',
      'https://evil.example/',
      'javascript:alert(1)',
    ]) {
      const query = new URLSearchParams({ ...parameters, redirect_uri: uri })
      const response = await fetch(`${running.publicUrl}/oauth/auth?${query}`, {
        redirect: 'manual',
        headers: { accept: 'text/html' },
      })
      expect([response.status, response.headers.get('location')]).toEqual([400, null])
      expect(await response.json()).toMatchObject({ kind: 'failure', status: 400, error: expect.any(String) })
    }
  })
})

describe('a refresh', () => {
  async function signedIn() {
    const flow = { ...(await webApp()), ...readWrite }
    const { tokens } = await signInAndGetTokens(running, flow)
    return { flow, token: String(tokens.refresh_token), access: tokens.access_token }
  }

  it('of which eight come at once, or whose response is lost, has one successor', async () => {
    const { flow, token } = await signedIn()
    const results = await Promise.all(Array.from({ length: 8 }, () => refresh(running, flow, token)))
    const successors = new Set(results.map(({ refresh_token }) => refresh_token))
    expect(successors.size).toBe(1)
    const [successor] = successors
    expect((await refresh(running, flow, token)).refresh_token).toBe(successor)
    expect((await refresh(running, flow, String(successor))).scope).toBe('api:read api:write')
    // The response was not lost, then: the successor was used.
    await expect(refresh(running, flow, token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('long after the first use is theft: the grant dies, its access tokens with it, and it is logged', async () => {
    const { flow, token } = await signedIn()
    const next = await refresh(running, flow, token)
    const before = Date.now
    Date.now = () => before() + 30_000
    try {
      await expect(refresh(running, flow, token)).rejects.toMatchObject({ error: 'invalid_grant' })
      await expect(refresh(running, flow, String(next.refresh_token))).rejects.toMatchObject({ error: 'invalid_grant' })
      expect(await verify(next.access_token)).toMatchObject({ ok: false, reason: expect.stringContaining('revoked') })
      const logged = { target: flow.client.client_id, action: 'grant.reuse-detected' }
      expect(await running.store.audit.list(logged)).toHaveLength(1)
    } finally {
      Date.now = before
    }
  })

  it('that is theft is told of before it is answered, or there is no answer', async () => {
    const { flow, token } = await signedIn()
    await refresh(running, flow, token)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    vi.spyOn(running.store.audit, 'append').mockRejectedValueOnce(new Error('disk I/O error'))
    await expect(refresh(running, flow, token)).rejects.toMatchObject({ cause: { status: 500 } })
    expect(running.faults.splice(0)).toMatchObject([{ message: 'disk I/O error' }])
  })

  it('follows the groups: out of editors, in again', async () => {
    const { flow, token } = await signedIn()
    await running.store.people.leaveGroup(kim, 'editors')
    const without = await refresh(running, flow, token)
    expect(without.scope).toBe('api:read')
    await running.store.people.joinGroup(kim, 'editors')
    const again = await refresh(running, flow, String(without.refresh_token))
    expect(again.scope).toBe('api:read api:write')
  })

  it('that is denied leaves the refresh token as it was', async () => {
    const { flow, token } = await signedIn()
    await running.store.people.setGroups(kim, [])
    await expect(refresh(running, flow, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    await running.store.people.setGroups(kim, ['staff', 'editors'])
    expect((await refresh(running, flow, token)).scope).toBe('api:read api:write')
  })

  it('follows whom the app is limited to', async () => {
    const { flow, token } = await signedIn()
    const { client_id: id } = flow.client
    await running.store.clients.setAssigned(id, { people: [], groups: ['chiefs'] })
    await expect(refresh(running, flow, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect((await running.store.audit.list({ target: id, action: 'token.denied' }))[0]?.detail).toMatchObject({
      reason: 'User kim@example.com: not assigned to the app.',
    })
    await running.store.clients.setAssigned(id, { people: [kim], groups: [] })
    expect((await refresh(running, flow, token)).scope).toBe('api:read api:write')
  })

  it('gives what the app is still registered for', async () => {
    const { flow, token } = await signedIn()
    const { client_id: id } = flow.client
    const before = await running.store.clients.get(id)
    if (before === undefined) throw new Error('The app is gone.')
    const payload = { ...before.payload, scope: 'openid offline_access api:read' }
    await running.store.clients.update(id, { ...before, payload })
    expect((await refresh(running, flow, token)).scope).toBe('api:read')
  })

  it('is over for a person who is disabled, and so are the access tokens', async () => {
    const { flow, token, access } = await signedIn()
    await running.server.setPersonDisabled(kim, true)
    try {
      expect(await verify(access)).toMatchObject({ ok: false })
      await expect(refresh(running, flow, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    } finally {
      await running.server.setPersonDisabled(kim, false)
    }
  })

  it('survives a restart, as does the sign-in', async () => {
    const browser = new Browser(running.publicUrl)
    const flow = { ...(await webApp()), ...readWrite, browser }
    const { tokens } = await signInAndGetTokens(running, flow)
    await running.restart()
    expect((await refresh(running, flow, String(tokens.refresh_token))).scope).toBe('api:read api:write')
    expect((await signInAndGetTokens(running, flow)).seen).toEqual([])
  })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
