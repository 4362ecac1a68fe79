import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../authorization-server/browser.ts'
import { authorize, type CodeFlow, refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { connectDevice } from '../authorization-server/device.ts'
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

interface Way {
  readonly metadata: Record<string, oauth.JsonValue>
  readonly authentication: (client: oauth.Client) => oauth.ClientAuth
}

const { publicKey, privateKey } = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' } as oauth.JsonObject] }

/** The ways in which an app authenticates. */
const CONFIDENTIAL: Readonly<Record<string, Way>> = {
  client_secret_basic: {
    metadata: { token_endpoint_auth_method: 'client_secret_basic' },
    authentication: ({ client_secret }) => oauth.ClientSecretBasic(String(client_secret)),
  },
  client_secret_post: {
    metadata: { token_endpoint_auth_method: 'client_secret_post' },
    authentication: ({ client_secret }) => oauth.ClientSecretPost(String(client_secret)),
  },
  private_key_jwt: {
    metadata: { token_endpoint_auth_method: 'private_key_jwt', jwks },
    authentication: () => oauth.PrivateKeyJwt({ key: privateKey, kid: 'one' }),
  },
}
const none: Way = { metadata: { token_endpoint_auth_method: 'none' }, authentication: () => oauth.None() }

/** The redirect to the app, for a request that went before the person. */
async function pushed({ client, authentication = oauth.None() }: CodeFlow) {
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
  return oauth.processAuthorizationCodeResponse(server, client, granted)
}

describe.each(Object.entries({ ...CONFIDENTIAL, none }))('as %s', (method, { metadata, authentication }) => {
  const isPublic = method === 'none'
  const web = { ...metadata, ...(isPublic ? { sallyport_kind: 'single-page' } : {}) }

  it.each(['as it is', 'pushed'])('authorization code, %s, refresh, introspection and revocation', async (how) => {
    const { client, ...rest } = await webApp(running, web)
    const flow = { ...rest, client, authentication: authentication(client), parameters: { scope } }
    const tokens = how === 'pushed' ? await pushed(flow) : (await signInAndGetTokens(running, flow)).tokens
    expect(tokens).toMatchObject({ scope: 'api:read api:write', token_type: 'bearer', id_token: expect.any(String) })
    const claims = { iss: server.issuer, sub: kim, aud: client.client_id }
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject(claims)
    const refreshed = await refresh(running, flow, String(tokens.refresh_token))
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)
    expect(await verifyAs(running, refreshed.access_token)).toMatchObject({ ok: true })
    if (!isPublic) expect(await introspected(flow, refreshed.access_token)).toMatchObject({ active: true, sub: kim })
    const token = String(refreshed.refresh_token)
    const revoked = await oauth.revocationRequest(server, client, flow.authentication, token, insecure)
    expect(await oauth.processRevocationResponse(revoked)).toBeUndefined()
    expect(await verifyAs(running, refreshed.access_token)).toMatchObject({ ok: false })
    if (!isPublic) expect(await introspected(flow, refreshed.access_token)).toEqual({ active: false })
  })

  it('device authorization, and its refresh', async () => {
    const tv = { client_name: 'TV', sallyport_kind: 'device', sallyport_apis: ['publishing'] }
    const client = await running.register({ ...tv, ...metadata })
    const by = authentication(client)
    const asked = await oauth.deviceAuthorizationRequest(server, client, by, { scope: 'api:read' }, insecure)
    const code = await oauth.processDeviceAuthorizationResponse(server, client, asked)
    const poll = async () => {
      const answer = await oauth.deviceCodeGrantRequest(server, client, by, code.device_code, insecure)
      return oauth.processDeviceCodeResponse(server, client, answer)
    }
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
    await connectDevice(new Browser(running.publicUrl), code.user_code, { personId: kim })
    const tokens = await poll()
    expect(tokens.scope).toBe('api:read')
    const again = await refresh(running, { client, authentication: by }, String(tokens.refresh_token))
    expect(again.scope).toBe('api:read')
  })
})

it.each(Object.entries(CONFIDENTIAL))('client credentials as %s', async (_, { metadata, authentication }) => {
  const { client } = await serviceApp(running, metadata)
  const parameters = { scope: 'employees:read' }
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    authentication(client),
    parameters,
    insecure,
  )
  const tokens = await oauth.processClientCredentialsResponse(server, client, response)
  expect(await verifyAs(running, tokens.access_token, 'people')).toMatchObject({ ok: true })
})

it('signing in alone, and userinfo', async () => {
  const flow = await webApp(running)
  const parameters = { scope: 'openid profile email' }
  const { tokens } = await signInAndGetTokens(running, { ...flow, parameters })
  const response = await oauth.userInfoRequest(server, flow.client, tokens.access_token, insecure)
  expect(await oauth.processUserInfoResponse(server, flow.client, kim, response)).toEqual({
    sub: kim,
    name: 'Kim',
    email: 'kim@example.com',
  })
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
