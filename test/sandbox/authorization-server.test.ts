import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { AuthorizationServer } from '../../src/sandbox/authorization-server.ts'
import { createSandbox } from '../../src/sandbox/engine.ts'
import { BASE, modelOf, NOW, ORIGIN } from './sandbox.ts'

const ISSUER = `${ORIGIN}${BASE}/-/oauth`
const CALLBACK = 'http://localhost/callback'
const model = modelOf({
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: '/t', scopes: { 'things:read': '', 'things:write': '' } } },
      },
    },
  },
  paths: {
    '/things': {
      get: {
        operationId: 'list',
        security: [{ oauth: ['things:read'] }],
        responses: { 200: { description: '', content: { 'application/json': { schema: { type: 'object' } } } } },
      },
    },
  },
})

/** Everything that a client sees, it sees through `fetch`: oauth4webapi is one that nobody here wrote. */
async function open() {
  let now = NOW
  const server = new AuthorizationServer({
    issuer: ISSUER,
    audience: `${ORIGIN}${BASE}`,
    scopes: model.scopes.map(({ name }) => name),
    clock: () => now,
  })
  const sandbox = createSandbox({
    model,
    basePath: BASE,
    verify: server.verify,
    authorizationServer: server,
    clock: () => now,
  })
  const http = {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, init: unknown) => sandbox.fetch(new Request(url, init as RequestInit)),
  }
  const issuer = new URL(ISSUER)
  const as = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' }),
  )
  const call = (token: string) =>
    sandbox.fetch(new Request(`${ORIGIN}${BASE}/things`, { headers: { authorization: `Bearer ${token}` } }))
  return { server, sandbox, http, as, call, pass: (seconds: number) => (now += seconds * 1000) }
}

async function signedIn({ server, sandbox, http, as }: Awaited<ReturnType<typeof open>>) {
  const app = server.register({ public: true, redirectUris: [CALLBACK] })
  const client = { client_id: app.clientId }
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(as.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: app.clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'things:read',
    state,
    login_hint: 'dev@example.com',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  const redirect = await sandbox.fetch(new Request(url, { redirect: 'manual' }))
  const parameters = oauth.validateAuthResponse(as, client, new URL(redirect.headers.get('location') ?? ''), state)
  const exchange = (code_verifier = verifier) =>
    oauth.authorizationCodeGrantRequest(as, client, oauth.None(), parameters, CALLBACK, code_verifier, http)
  return { client, exchange }
}

describe('the authorization server', () => {
  it('is found where OpenID Connect puts it, too', async () => {
    const { http } = await open()
    const issuer = new URL(ISSUER)
    const response = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oidc' })
    expect((await oauth.processDiscoveryResponse(issuer, response)).issuer).toBe(ISSUER)
  })

  it('gives an app the scopes that it asks for, and no others', async () => {
    const { server, as, http, call } = await open()
    const app = server.register({ scopes: ['things:read'] })
    const request = async (scope: string, secret = app.clientSecret ?? '', resource = `${ORIGIN}${BASE}`) => {
      const client = { client_id: app.clientId }
      const parameters = new URLSearchParams({ scope, resource })
      const auth = oauth.ClientSecretBasic(secret)
      const response = await oauth.clientCredentialsGrantRequest(as, client, auth, parameters, http)
      return oauth.processClientCredentialsResponse(as, client, response)
    }
    const { access_token, scope, expires_in } = await request('things:read')
    expect({ scope, expires_in }).toEqual({ scope: 'things:read', expires_in: 600 })
    expect((await call(access_token)).status).toBe(200)
    await expect(request('things:write')).rejects.toMatchObject({ error: 'invalid_scope' })
    await expect(request('things:read', 'wrong')).rejects.toThrow()
    await expect(request('things:read', undefined, 'https://elsewhere.example')).rejects.toMatchObject({
      error: 'invalid_target',
    })
  })

  it('ends tokens when their time has come', async () => {
    const { server, call, pass } = await open()
    const token = server.issue(['things:read'], { lifetime: 60 })
    expect((await call(token)).status).toBe(200)
    pass(60)
    const refused = await call(token)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  it('gives tokens for a code once, to whom the code was made for', async () => {
    const opened = await open()
    const { client, exchange } = await signedIn(opened)
    const wrong = await signedIn(opened)
    await expect(
      oauth.processAuthorizationCodeResponse(
        opened.as,
        wrong.client,
        await wrong.exchange(oauth.generateRandomCodeVerifier()),
      ),
    ).rejects.toMatchObject({ error: 'invalid_grant' })
    const tokens = await oauth.processAuthorizationCodeResponse(opened.as, client, await exchange())
    expect((await opened.call(tokens.access_token)).status).toBe(200)
    await expect(oauth.processAuthorizationCodeResponse(opened.as, client, await exchange())).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    // Someone else has the code, too: what was given for it is taken back.
    expect((await opened.call(tokens.access_token)).status).toBe(401)
  })

  it('refreshes, each time with another refresh token; one that comes twice ends them all', async () => {
    const opened = await open()
    const { as, http, call } = opened
    const { client, exchange } = await signedIn(opened)
    const refresh = async (token = '') => {
      const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), token, http)
      return oauth.processRefreshTokenResponse(as, client, response)
    }
    const first = await oauth.processAuthorizationCodeResponse(as, client, await exchange())
    const second = await refresh(first.refresh_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await call(second.access_token)).status).toBe(200)
    await expect(refresh(first.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(refresh(second.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect((await call(second.access_token)).status).toBe(401)
  })

  it('revokes: an access token alone, a refresh token with all that came of it, and nothing of another app', async () => {
    const opened = await open()
    const { as, http, call, server } = opened
    const { client, exchange } = await signedIn(opened)
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, await exchange())
    const other = { client_id: server.register({ public: true }).clientId }
    const revoke = async (who: oauth.Client, token = '') =>
      oauth.processRevocationResponse(await oauth.revocationRequest(as, who, oauth.None(), token, http))
    await revoke(other, tokens.access_token)
    expect((await call(tokens.access_token)).status).toBe(200)
    await revoke(client, tokens.refresh_token)
    expect((await call(tokens.access_token)).status).toBe(401)
  })

  it.each([
    ['an app that is not registered', { client_id: 'nobody' }, 400],
    ['an address that is not the app’s', { redirect_uri: 'http://localhost/callback/' }, 400],
    ['no PKCE', { code_challenge_method: 'plain' }, 302],
    ['a scope that the API has not', { scope: 'everything' }, 302],
    ['an implicit grant', { response_type: 'token' }, 302],
  ])('refuses to authorize %s', async (_, changed, status) => {
    const { server, sandbox } = await open()
    const app = server.register({ public: true, redirectUris: [CALLBACK] })
    const query = {
      client_id: app.clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...changed,
    }
    const answer = await sandbox.fetch(new Request(`${ISSUER}/authorize?${new URLSearchParams(query)}`))
    expect(answer.status).toBe(status)
    const location = answer.headers.get('location')
    if (status === 400) expect(location).toBeNull()
    else expect(new URL(location ?? '').searchParams.get('error')).toMatch(/^(invalid|unsupported)_/)
  })
})
