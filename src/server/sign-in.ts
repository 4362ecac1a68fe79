import type { IncomingMessage, ServerResponse } from 'node:http'
import * as oauth from 'oauth4webapi'
import type { IssuerFetch } from '../apps/registration.ts'
import { localPath } from '../components/form/local-path.ts'
import { readCookie, setCookie } from './cookies.ts'
import { type Handler, redirect } from './dispatch.ts'
import { sendProblem } from './headers.ts'
import { relyingPartyAt, type SignInAttempt } from './relying-party.ts'

/** The portal's own sessions, opaque to the browser. */
export interface Sessions {
  /** @returns the session's token, which only the browser keeps */
  create(personId: string): Promise<string>
  delete(token: string): Promise<void>
}

export interface SignInOptions {
  readonly publicUrl: string
  readonly clientId: string
  /** Reaches the issuer without leaving the machine, whatever proxy stands in front. */
  readonly fetch: IssuerFetch
  readonly sessions: Sessions
  /** Ends the person's session at the authorization server, too. */
  readonly signOutEverywhere: (token: string) => Promise<void>
}

/** Seconds. A portal session ends by itself after this. */
export const SESSION_LIFETIME = 12 * 3600
const ATTEMPT_LIFETIME = 600

export function sessionCookie(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-sallyport' : 'sallyport'
}

/**
 * Signing in to the portal, which is an ordinary OAuth client of its own authorization server: authorization code with
 * PKCE, state and nonce, by oauth4webapi.
 */
export function signInHandlers(options: SignInOptions): ReadonlyMap<string, Handler> {
  const { publicUrl, clientId, sessions } = options
  const secure = publicUrl.startsWith('https:')
  const portal = relyingPartyAt({
    issuer: new URL(`${publicUrl}/oauth`),
    clientId,
    redirectUri: `${publicUrl}/auth/callback`,
    scope: 'openid',
    http: { [oauth.customFetch]: options.fetch, [oauth.allowInsecureRequests]: !secure },
  })
  const attemptCookie = secure ? '__Host-sallyport-sign-in' : 'sallyport-sign-in'

  async function begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const to = localPath(query(request).get('to'))
    const { url, attempt } = await portal.begin()
    const kept = Buffer.from(JSON.stringify({ ...attempt, to })).toString('base64url')
    setCookie(response, attemptCookie, kept, { maxAge: ATTEMPT_LIFETIME, secure })
    redirect(response, url.href)
  }

  async function callback(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const attempt = readAttempt(readCookie(request, attemptCookie))
    setCookie(response, attemptCookie, '', { maxAge: 0, secure })
    if (attempt === undefined) return redirect(response, '/auth/sign-in')
    let subject: string
    try {
      subject = (await portal.complete(query(request), attempt)).claims.sub
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) return redirect(response, attempt.to)
      if (error instanceof oauth.OperationProcessingError || error instanceof oauth.ResponseBodyError)
        return sendProblem(
          response,
          400,
          'Bad Request',
          'This sign-in could not be completed. Go back to the portal and try again.',
        )
      throw error
    }
    setCookie(response, sessionCookie(publicUrl), await sessions.create(subject), { maxAge: SESSION_LIFETIME, secure })
    redirect(response, attempt.to)
  }

  async function end(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return redirect(response, '/')
    const token = readCookie(request, sessionCookie(publicUrl))
    if (token !== undefined) {
      await options.signOutEverywhere(token)
      await sessions.delete(token)
    }
    setCookie(response, sessionCookie(publicUrl), '', { maxAge: 0, secure })
    redirect(response, '/')
  }

  return new Map<string, Handler>([
    ['/auth/sign-in', begin],
    ['/auth/callback', callback],
    ['/auth/sign-out', end],
  ])
}

function query(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams
}

interface Attempt extends SignInAttempt {
  readonly to: string
}

/** What this browser began; whatever it sends back must at least have this shape, the flow itself checks the rest. */
function readAttempt(cookie: string | undefined): Attempt | undefined {
  try {
    const attempt: Partial<Attempt> = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString())
    const { verifier, state, nonce, to } = attempt
    if (typeof verifier !== 'string' || typeof state !== 'string' || typeof nonce !== 'string') return undefined
    return { verifier, state, nonce, to: localPath(to) }
  } catch {
    return undefined
  }
}
