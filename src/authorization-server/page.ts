import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { AppMaker } from './app-maker.ts'

/** Something that the authorization server has to show a person, outside of signing in and consenting. */
export type AuthorizationPage =
  | {
      readonly kind: 'failure'
      readonly status: number
      /** An OAuth error code: `invalid_request`. */
      readonly error: string
      /** May quote what a stranger sent: escape it. */
      readonly description?: string
      /** The id of the app that it is about, where that is known. */
      readonly client?: string
      /** Nobody vouches for the app, so a person decides whether its answer is brought to it. */
      readonly stranger?: Stranger
    }
  /** RP-initiated logout asks first: posts `xsrf` and `logout=yes` to `action`. */
  | { readonly kind: 'sign-out'; readonly action: string; readonly xsrf: string; readonly app?: string }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'not-found' }
  /** Where a person types the code that their device shows (RFC 8628, section 3.3): posts `xsrf` and `user_code`. */
  | {
      readonly kind: 'device-code'
      readonly action: string
      readonly xsrf: string
      readonly userCode?: string
      readonly problem?: DeviceProblem
    }
  /** Posts `xsrf`, `user_code` and `confirm=yes` or `abort=yes`. */
  | {
      readonly kind: 'device-confirmation'
      readonly action: string
      readonly xsrf: string
      readonly userCode: string
      readonly app: { readonly name: string } & AppMaker
    }
  | { readonly kind: 'device-connected'; readonly app: string }

export interface Stranger extends AppMaker {
  readonly name: string
  /** By the person, just now. */
  readonly refused: boolean
  readonly onward: Onward
}

/** Where an app wants its answer. */
export interface Onward {
  /** With the answer in it, unless there are fields. */
  readonly href: string
  /** To be posted there. */
  readonly fields?: Readonly<Record<string, string>>
}

export type DeviceProblem = 'missing' | 'unknown' | 'expired' | 'used' | 'refused' | 'failed' | 'too-many'

/** Renders a page, as the answer to this request. */
export type ShowPage = (request: IncomingMessage, response: ServerResponse, page: AuthorizationPage) => Promise<void>

const pending = new WeakMap<IncomingMessage, AuthorizationPage>()

/** The page is rendered once the library has written its cookies and its session. */
export function setPage(ctx: KoaContextWithOIDC, page: AuthorizationPage): void {
  pending.set(ctx.req, page)
  // The library may have written a body of its own.
  ctx.remove('Content-Length')
  ctx.respond = false
}

export function pageOf(ctx: KoaContextWithOIDC): AuthorizationPage | undefined {
  return pending.get(ctx.req)
}

export function takePage(request: IncomingMessage): AuthorizationPage | undefined {
  const page = pending.get(request)
  pending.delete(request)
  return page
}

/** The token that a form of the session has to carry. */
export function xsrfOf({ oidc }: KoaContextWithOIDC): string {
  const state: unknown = oidc.session?.state
  return typeof state === 'object' && state !== null && 'secret' in state ? String(state.secret) : ''
}
