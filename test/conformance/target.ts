import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, vi } from 'vitest'
import { authorize, type CodeFlow } from '../authorization-server/code-flow.ts'
import { Running } from '../authorization-server/running.ts'
import { ask, basic, initialAccessToken, REDIRECT, serviceApp, webApp } from './apps.ts'

/** A server of its own for each file of tests, with an app that people sign in to and one that acts for itself. */
export const running = new Running()
export let flow: CodeFlow
export let web: oauth.Client
export let service: Awaited<ReturnType<typeof serviceApp>>
export let token = ''

/** For the tests of the file that calls it. */
export function prepare(): void {
  beforeAll(async () => {
    await running.start()
    flow = await webApp(running)
    web = flow.client
    service = await serviceApp(running)
    token = await initialAccessToken(running)
  })
  afterAll(() => running.stop())
}

export const challenge = () => ({
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

export function authorization(more: Record<string, string | undefined> = {}) {
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

export async function code(): Promise<{ code: string; verifier: string }> {
  const { url, verifier } = await authorize(running, flow)
  return { code: url.searchParams.get('code') ?? '', verifier }
}

export function redeem(form: Record<string, string>, by = web) {
  return ask(running, '/oauth/token', { form: { grant_type: 'authorization_code', ...form }, headers: basic(by) })
}

export function credentials(form: Record<string, string> | [string, string][] = {}, headers = basic(service.client)) {
  const entries = Array.isArray(form) ? form : Object.entries(form)
  return ask(running, '/oauth/token', { form: [['grant_type', 'client_credentials'], ...entries], headers })
}

export function register(json: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
  return ask(running, '/oauth/reg', { json, headers })
}

export const app = { client_name: 'App', sallyport_apis: ['publishing'], redirect_uris: [REDIRECT] }

export async function metadata(path = '/.well-known/oauth-authorization-server/oauth') {
  return (await ask(running, path)).body
}

/** Some seconds from now. */
export async function later<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
  try {
    return await work()
  } finally {
    vi.useRealTimers()
  }
}

/** An app that proves by its key who it is, and what it proves it with to an audience. */
export async function keyedApp(more: Record<string, oauth.JsonValue> = {}) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' } as oauth.JsonObject] }
  const { client } = await serviceApp(running, { token_endpoint_auth_method: 'private_key_jwt', jwks, ...more })
  const assert = async (audience: string, clientId = client.client_id) => ({
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey),
  })
  return { client, assert }
}
