import type { HttpHandler } from 'msw/http'
import type { ApiModel } from '../model/api.ts'
import { type App, AuthorizationServer } from './authorization-server.ts'
import type { LoggedCall } from './call-log.ts'
import { createSandbox } from './engine.ts'
import { sandboxHandlers } from './handlers.ts'
import type { Issued } from './tokens.ts'

/** What an SDK's `/sandbox` entry is made of: bundled once, the same for every API. */
export interface TestSandboxOptions {
  /** Where calls are taken for the API's. */
  readonly baseUrl: string
  /** Milliseconds since the epoch; the system's time unless given. */
  readonly clock?: () => number
  /** Whatever is made up is made from this. */
  readonly seed?: number
  /** What collections hold at first, by path: `{ '/employees': [{ … }] }`. */
  readonly data?: Readonly<Record<string, readonly unknown[]>>
}

export interface TestSandbox {
  /** For MSW: `setupServer(...handlers)`. */
  readonly handlers: HttpHandler[]
  /** For the SDK's client: `new People({ ...connection, ...app() })`. */
  readonly connection: { readonly baseUrl: string; readonly issuer: string; readonly resource: string }
  /** Registers an app; its scopes are all of the API's unless given. */
  app(options?: {
    readonly scopes?: readonly string[]
    readonly redirectUris?: readonly string[]
    readonly public?: boolean
  }): Pick<App, 'clientId' | 'clientSecret'>
  /** A token, without asking anyone. */
  token(scopes: readonly string[], options?: Issued): string
  /** From now on the token counts as expired. */
  expire(token: string): void
  revoke(token: string): void
  /** Forgets what was changed. */
  reset(): void
  /** Tells of every call; the answer ends it. */
  onCall(listener: (call: LoggedCall) => void): () => void
}

export function openTestSandbox(
  model: ApiModel,
  { baseUrl, clock = Date.now, ...options }: TestSandboxOptions,
): TestSandbox {
  const { origin, pathname } = new URL(baseUrl)
  const basePath = pathname.replace(/\/$/, '')
  const resource = origin + basePath
  const connection = { baseUrl: resource, issuer: `${resource}/-/oauth`, resource }
  const scopes = model.scopes.map(({ name }) => name)
  const server = new AuthorizationServer({ issuer: connection.issuer, audience: resource, scopes, clock })
  const { verify } = server
  const sandbox = createSandbox({ model, basePath, verify, authorizationServer: server, clock, ...options })
  return {
    handlers: sandboxHandlers(sandbox, origin, basePath),
    connection,
    app(options) {
      const { clientId, clientSecret } = server.register(options)
      return { clientId, ...(clientSecret === undefined ? {} : { clientSecret }) }
    },
    token: (scopes, options) => server.issue(scopes, options),
    expire: (token) => sandbox.expire(token),
    revoke: (token) => server.revoke(token),
    reset: () => sandbox.reset(),
    onCall: (listener) => sandbox.log.listen((_, call) => listener(call)),
  }
}
