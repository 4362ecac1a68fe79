import type { IncomingMessage, ServerResponse } from 'node:http'
import * as oauth from 'oauth4webapi'
import { type Admission, admitExternal, type ProviderClaims } from '../authorization-server/external-person.ts'
import type { Revocation } from '../authorization-server/revocation.ts'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import { digestToken, mintToken } from '../store/token.ts'
import { type Handler, redirect } from './dispatch.ts'
import { isLoopback, type SignInProvider } from './environment.ts'
import { relyingPartyAt } from './relying-party.ts'

export interface ExternalSignInOptions {
  readonly publicUrl: string
  readonly provider: SignInProvider
  readonly store: Store
  readonly revocation: Revocation
  readonly failed: (error: unknown) => void
}

export interface ExternalSignIn {
  /** `/auth/external?uid=…` and where the provider sends the browser back. */
  readonly handlers: ReadonlyMap<string, Handler>
  /** Who signed in for this interaction. The ticket is good once, and with the cookie of the interaction only. */
  redeem(uid: string, ticket: string): Promise<string | undefined>
}

/** Seconds that a person has at the provider, and to come back. */
const ATTEMPT = 600
const TICKET = 60
const CALLBACK = '/auth/external/callback'
const MODEL = 'ExternalSignIn'

type Attempt = Readonly<Record<string, unknown>>

/** Signing in at another OpenID provider: authorization code with PKCE, state and nonce, by oauth4webapi. */
export function externalSignInAt({
  publicUrl,
  provider,
  store,
  revocation,
  failed,
}: ExternalSignInOptions): ExternalSignIn {
  const { payloads, audit } = store
  const issuer = new URL(provider.issuer)
  const http = {
    ...(isLoopback(issuer.hostname) ? { [oauth.allowInsecureRequests]: true } : {}),
    signal: () => AbortSignal.timeout(10_000),
  }
  const portal = relyingPartyAt({
    issuer,
    clientId: provider.clientId,
    ...(provider.clientSecret === undefined ? {} : { clientSecret: provider.clientSecret }),
    redirectUri: publicUrl + CALLBACK,
    scope: 'openid profile email',
    http,
  })

  async function begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const uid = query(request).get('uid') ?? ''
    const back = `/sign-in/${encodeURIComponent(uid)}`
    try {
      const { url, attempt } = await portal.begin()
      const { state, ...kept } = attempt
      await keep(state, { uid, ...kept }, ATTEMPT)
      redirect(response, url.href)
    } catch (error) {
      failed(error)
      redirect(response, `${back}?problem=unavailable`)
    }
  }

  async function callback(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const state = query(request).get('state') ?? ''
    const attempt = await take(state)
    if (attempt === undefined) return redirect(response, '/auth/sign-in')
    const back = `/sign-in/${encodeURIComponent(String(attempt.uid))}`
    const admission = await admit(query(request), state, attempt)
    if (!admission.ok) {
      await audit.append({ action: 'sign-in.failed', detail: { provider: provider.issuer, reason: admission.reason } })
      return redirect(response, `${back}?problem=${admission.reason}`)
    }
    const ticket = mintToken()
    await keep(ticket, { uid: attempt.uid, personId: admission.person.id }, TICKET)
    redirect(response, `${back}?${new URLSearchParams({ ticket })}`)
  }

  async function admit(parameters: URLSearchParams, state: string, attempt: Attempt): Promise<Admission> {
    try {
      const claims = await claimsOf(parameters, state, attempt)
      return await admitExternal(claims, {
        store,
        revocation,
        ...(provider.groupsClaim === undefined ? {} : { groupsClaim: provider.groupsClaim }),
      })
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) return { ok: false, reason: 'aborted' }
      failed(error)
      return { ok: false, reason: 'unavailable' }
    }
  }

  async function claimsOf(parameters: URLSearchParams, state: string, attempt: Attempt): Promise<ProviderClaims> {
    const { verifier, nonce } = attempt
    const expected = { state, verifier: String(verifier), nonce: String(nonce) }
    const { server, claims, accessToken } = await portal.complete(parameters, expected)
    const info =
      server.userinfo_endpoint === undefined
        ? {}
        : await oauth.processUserInfoResponse(
            server,
            portal.client,
            claims.sub,
            await oauth.userInfoRequest(server, portal.client, accessToken, http),
          )
    return { ...claims, ...info, iss: claims.iss, sub: claims.sub }
  }

  function keep(secret: string, payload: Attempt, seconds: number): Promise<void> {
    return payloads.put({ model: MODEL, id: digestToken(secret), payload, expiresAt: epoch() + seconds })
  }

  /** Once. */
  async function take(secret: string): Promise<Attempt | undefined> {
    const id = digestToken(secret)
    const found = await payloads.get(MODEL, id)
    return found !== undefined && (await payloads.consume(MODEL, id)) ? found.payload : undefined
  }

  return {
    handlers: new Map([
      ['/auth/external', begin],
      [CALLBACK, callback],
    ]),
    async redeem(uid, ticket) {
      const found = await payloads.get(MODEL, digestToken(ticket))
      if (found?.payload.uid !== uid || typeof found.payload.personId !== 'string') return undefined
      return (await take(ticket)) === undefined ? undefined : found.payload.personId
    },
  }
}

function query(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams
}
