import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../authorization-server/browser.ts'
import { connectDevice } from '../authorization-server/device.ts'
import { Running } from '../authorization-server/running.ts'
import { initialAccessToken, REDIRECT, verifyAs } from './apps.ts'

/** openid-client as it comes: it discovers, registers, and believes nothing that the standards don't allow. */
const running = new Running()
let kim = ''
beforeAll(async () => {
  await running.start()
  kim = (await running.person('Kim', 'staff', 'editors')).id
})
afterAll(() => running.stop())

const execute = [client.allowInsecureRequests]

async function register(metadata: Record<string, unknown>, authentication?: client.ClientAuth) {
  const options = { initialAccessToken: await initialAccessToken(running), execute }
  const issuer = new URL(running.server.issuer)
  return client.dynamicClientRegistration(
    issuer,
    { client_name: 'Strict', sallyport_apis: ['publishing'], ...metadata } as Partial<client.ClientMetadata>,
    authentication,
    options,
  )
}

async function signIn(url: URL): Promise<URL> {
  const { url: back } = await new Browser(running.publicUrl).follow(url.href, ({ kind, scopes }) =>
    kind === 'sign-in' ? `person=${kim}` : `allow=${scopes.map(({ name }) => name).join('+')}`,
  )
  return back
}

/** For an API, unless the scope is said. */
async function codeFlow(config: client.Configuration, pushed = false, { scope }: { scope?: string } = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
  const parameters = {
    redirect_uri: REDIRECT,
    scope: scope ?? 'openid email api:read api:write',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...(scope === undefined && { resource: running.resource('publishing') }),
  }
  const url = pushed
    ? await client.buildAuthorizationUrlWithPAR(config, parameters)
    : client.buildAuthorizationUrl(config, parameters)
  return client.authorizationCodeGrant(config, await signIn(url), { pkceCodeVerifier, expectedState, expectedNonce })
}

it('discovers the same server at both well-known addresses', async () => {
  const issuer = new URL(running.server.issuer)
  for (const algorithm of ['oidc', 'oauth2'] as const) {
    const config = await client.discovery(issuer, 'x', undefined, client.None(), { algorithm, execute })
    expect(config.serverMetadata()).toMatchObject({
      issuer: running.server.issuer,
      token_endpoint: `${running.publicUrl}/oauth/token`,
      device_authorization_endpoint: `${running.publicUrl}/oauth/device/auth`,
      introspection_endpoint: expect.any(String),
      revocation_endpoint: expect.any(String),
      pushed_authorization_request_endpoint: expect.any(String),
      end_session_endpoint: expect.any(String),
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
    })
  }
})

/** Registers an app that authenticates in one of the ways that there are. */
async function appBy(method: string, metadata: Record<string, unknown>) {
  if (method !== 'private_key_jwt') return register({ token_endpoint_auth_method: method, ...metadata })
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' }] }
  const authentication = client.PrivateKeyJwt({ key: privateKey, kid: 'one' })
  return register({ token_endpoint_auth_method: method, jwks, ...metadata }, authentication)
}

const CONFIDENTIAL = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']

describe.each([...CONFIDENTIAL, 'none'])('as %s', (method) => {
  const isPublic = method === 'none'
  const web = { redirect_uris: [REDIRECT], ...(isPublic ? { sallyport_kind: 'single-page' } : {}) }

  it.each(['as it is', 'pushed'])('authorization code, %s, refresh, introspection and revocation', async (how) => {
    const config = await appBy(method, web)
    const tokens = await codeFlow(config, how === 'pushed')
    expect(tokens).toMatchObject({ scope: 'api:read api:write', token_type: 'bearer' })
    expect(tokens.claims()).toMatchObject({ sub: kim, email: 'kim@example.com' })
    const refreshed = await client.refreshTokenGrant(config, String(tokens.refresh_token))
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)
    expect(await verifyAs(running, refreshed.access_token)).toMatchObject({ ok: true })
    if (!isPublic)
      expect(await client.tokenIntrospection(config, refreshed.access_token)).toMatchObject({ active: true, sub: kim })
    await client.tokenRevocation(config, String(refreshed.refresh_token))
    expect(await verifyAs(running, refreshed.access_token)).toMatchObject({ ok: false })
    if (!isPublic) expect(await client.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false })
  })

  it('device authorization, and its refresh', async () => {
    const config = await appBy(method, { sallyport_kind: 'device' })
    const code = await client.initiateDeviceAuthorization(config, { scope: 'api:read' })
    await connectDevice(new Browser(running.publicUrl), code.user_code, { personId: kim })
    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...code, interval: 1 })
    expect(tokens.scope).toBe('api:read')
    expect((await client.refreshTokenGrant(config, String(tokens.refresh_token))).scope).toBe('api:read')
  })
})

it.each(CONFIDENTIAL)('client credentials as %s', async (method) => {
  const config = await appBy(method, { grant_types: ['client_credentials'], sallyport_apis: ['people'] })
  const tokens = await client.clientCredentialsGrant(config, { scope: 'employees:read' })
  expect(await verifyAs(running, tokens.access_token, 'people')).toMatchObject({ ok: true })
})

it('signing in alone, and userinfo', async () => {
  const config = await register({ redirect_uris: [REDIRECT] })
  const tokens = await codeFlow(config, false, { scope: 'openid profile email' })
  expect(await client.fetchUserInfo(config, tokens.access_token, kim)).toEqual({
    sub: kim,
    name: 'Kim',
    email: 'kim@example.com',
  })
})

it('signs out by redirect, back to where the app registered', async () => {
  const config = await register({ redirect_uris: [REDIRECT], post_logout_redirect_uris: ['https://app.example/bye'] })
  const tokens = await codeFlow(config)
  const parameters = {
    id_token_hint: String(tokens.id_token),
    post_logout_redirect_uri: 'https://app.example/bye',
    state: 's',
  }
  const browser = new Browser(running.publicUrl)
  const url = client.buildEndSessionUrl(config, parameters)
  const page = (await (await browser.fetch(url.href)).json()) as { kind: string; action: string; xsrf: string }
  expect(page.kind).toBe('sign-out')
  const ended = await browser.fetch(page.action, { xsrf: page.xsrf, logout: 'yes' })
  expect(ended.headers.get('location')).toBe('https://app.example/bye?state=s')
  const elsewhere = client.buildEndSessionUrl(config, {
    ...parameters,
    post_logout_redirect_uri: 'https://evil.example/',
  })
  expect(await (await browser.fetch(elsewhere.href)).json()).toMatchObject({ kind: 'failure', status: 400 })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
