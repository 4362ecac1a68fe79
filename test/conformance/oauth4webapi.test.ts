import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../authorization-server/browser.ts'
import { authorize, type CodeFlow, refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { connectDevice, startDevice } from '../authorization-server/device.ts'
import { insecure, Running } from '../authorization-server/running.ts'
import { REDIRECT, serviceApp, verifyAs, webApp } from './apps.ts'

/** oauth4webapi as it comes, through every grant and every endpoint, as {@link ./openid-client.test.ts} does it. */
const running = new Running()
let server: oauth.AuthorizationServer
let kim = ''
beforeAll(async () => {
  await running.start()
  server = await running.metadata()
  kim = (await running.person('Kim', 'staff', 'editors')).id
})
afterAll(() => running.stop())

const scope = 'openid api:read api:write'

async function introspected({ client, authentication = oauth.None() }: CodeFlow, token: string) {
  const response = await oauth.introspectionRequest(server, client, authentication, token, insecure)
  return oauth.processIntrospectionResponse(server, client, response)
}

/** Code with PKCE, refresh, userinfo, introspection, revocation. */
async function everything(flow: CodeFlow): Promise<void> {
  const { client, authentication = oauth.None() } = flow
  const { tokens } = await signInAndGetTokens(running, { ...flow, parameters: { scope } })
  expect(tokens).toMatchObject({ scope: 'api:read api:write', token_type: 'bearer', id_token: expect.any(String) })
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: server.issuer, sub: kim, aud: client.client_id })
  const refreshed = await refresh(running, flow, String(tokens.refresh_token))
  expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)
  expect(await verifyAs(running, refreshed.access_token)).toMatchObject({ ok: true })
  const isPublic = flow.authentication === undefined
  if (!isPublic) expect(await introspected(flow, refreshed.access_token)).toMatchObject({ active: true, sub: kim })
  const token = String(refreshed.refresh_token)
  const revoked = await oauth.revocationRequest(server, client, authentication, token, insecure)
  expect(await oauth.processRevocationResponse(revoked)).toBeUndefined()
  expect(await verifyAs(running, refreshed.access_token)).toMatchObject({ ok: false })
  if (!isPublic) expect(await introspected(flow, refreshed.access_token)).toEqual({ active: false })
}

describe('authorization code, refresh, introspection and revocation', () => {
  it('as client_secret_basic', async () => everything(await webApp(running)))

  it('as client_secret_post', async () => {
    const flow = await webApp(running, { token_endpoint_auth_method: 'client_secret_post' })
    await everything({ ...flow, authentication: oauth.ClientSecretPost(String(flow.client.client_secret)) })
  })

  it('as private_key_jwt', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' } as oauth.JsonObject
    const more = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }
    const flow = await webApp(running, more)
    await everything({ ...flow, authentication: oauth.PrivateKeyJwt({ key: privateKey, kid: 'one' }) })
  })

  it('as a public client', async () => {
    const { client, redirectUri, personId } = await webApp(running, { sallyport_kind: 'single-page' })
    await everything({ client, redirectUri, personId })
  })
})

it('pushed authorization requests', async () => {
  const { client, authentication = oauth.None() } = await webApp(running)
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()]
  const parameters = {
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  const response = await oauth.pushedAuthorizationRequest(server, client, authentication, parameters, insecure)
  const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, response)
  const query = new URLSearchParams({ client_id: client.client_id, request_uri })
  const { url } = await new Browser(running.publicUrl).follow(`/oauth/auth?${query}`, ({ kind, scopes }) =>
    kind === 'sign-in' ? `person=${kim}` : `allow=${scopes.map(({ name }) => name).join('+')}`,
  )
  const returned = oauth.validateAuthResponse(server, client, url, state)
  const granted = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    returned,
    REDIRECT,
    verifier,
    insecure,
  )
  expect((await oauth.processAuthorizationCodeResponse(server, client, granted)).scope).toBe('api:read api:write')
})

it('client credentials', async () => {
  const { client, secret } = await serviceApp(running)
  const tokens = await running.clientCredentials(client, secret, { scope: 'employees:read' })
  expect(await verifyAs(running, tokens.access_token, 'people')).toMatchObject({ ok: true })
})

it('device authorization, and its refresh', async () => {
  const { client, code, poll, browser } = await startDevice(running)
  await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
  await connectDevice(browser, code.user_code, { personId: kim })
  const tokens = await poll()
  expect(tokens.scope).toBe('api:read')
  expect((await refresh(running, { client }, String(tokens.refresh_token))).scope).toBe('api:read')
})

it('signs out by redirect, back to where the app registered', async () => {
  const flow = await webApp(running, { post_logout_redirect_uris: ['https://app.example/bye'] })
  const browser = new Browser(running.publicUrl)
  const { tokens } = await signInAndGetTokens(running, { ...flow, browser, parameters: { scope } })
  const end = new URL(String(server.end_session_endpoint))
  end.search = new URLSearchParams({
    id_token_hint: String(tokens.id_token),
    post_logout_redirect_uri: 'https://app.example/bye',
    state: 's',
  }).toString()
  const page = (await (await browser.fetch(end.href)).json()) as { kind: string; action: string; xsrf: string }
  expect(page.kind).toBe('sign-out')
  const ended = await browser.fetch(page.action, { xsrf: page.xsrf, logout: 'yes' })
  expect(ended.headers.get('location')).toBe('https://app.example/bye?state=s')
  // The session is over: the next request asks who it is.
  const { seen } = await authorize(running, { ...flow, browser, parameters: { scope } })
  expect(seen[0]?.kind).toBe('sign-in')
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
