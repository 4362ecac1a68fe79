import type { HttpHandler } from 'msw/http'

export interface SandboxOptions {
  /** Where calls are taken for the API's; the client's own default unless given. */
  readonly baseUrl?: string
  /** Milliseconds since the epoch; the system's time unless given. */
  readonly clock?: () => number
  /** Whatever is made up is made from this: the same seed, the same answers. */
  readonly seed?: number
  /** What collections hold at first, by path: `{ '/employees': [{ … }] }`. */
  readonly data?: Readonly<Record<string, readonly unknown[]>>
}

export interface SandboxCall {
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly operation?: string
  readonly clientId?: string
  readonly decision?: {
    readonly allow: boolean
    readonly why: string
    readonly missing?: readonly (readonly string[])[]
  }
  readonly errors?: readonly { readonly in: string; readonly pointer: string; readonly detail: string }[]
}

export interface Sandbox {
  /** For MSW: `setupServer(...handlers)`. */
  readonly handlers: HttpHandler[]
  /** For the client, besides an app: where the API and its authorization server are. */
  readonly connection: { readonly baseUrl: string; readonly issuer: string; readonly resource: string }
  /** Registers an app with these scopes, of the API's all unless given; a public one has no secret. */
  app(options?: {
    readonly scopes?: readonly string[]
    readonly redirectUris?: readonly string[]
    readonly public?: boolean
  }): { readonly clientId: string; readonly clientSecret?: string }
  /** A token, without asking anyone. */
  token(
    scopes: readonly string[],
    options?: { readonly lifetime?: number; readonly clientId?: string; readonly sub?: string },
  ): string
  /** From now on the token counts as expired. */
  expire(token: string): void
  revoke(token: string): void
  /** Forgets what was changed. */
  reset(): void
  /** Tells of every call; the function that it returns ends that. */
  onCall(listener: (call: SandboxCall) => void): () => void
}

/**
 * This API's sandbox, without a server: it enforces scopes, validates, and keeps what is sent to it, as the portal's does.
 * Needs the package `msw`.
 */
export declare function sandbox(options?: SandboxOptions): Sandbox
