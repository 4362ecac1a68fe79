import type { ClientAuth } from 'oauth4webapi'
import type { OnInsufficientScope, TokenSource } from '../tokens.ts'
import type { TokenStore } from './token-store.ts'

/** How a client proves to the authorization server who it is. */
export type ClientAuthentication = ClientAuth

/** What a client knows of its surroundings when it asks for tokens. */
export interface AuthContext {
  /** What is built into the package. */
  readonly issuer?: string | undefined
  readonly tokenEndpoint?: string | undefined
  readonly resource?: string | undefined
  /** Asked for whatever the operation; undefined: what each operation needs. */
  readonly scopes: readonly string[] | undefined
  readonly fetch: typeof fetch
  /** Milliseconds. */
  readonly timeout: number
}

/** How a client gets its tokens: `clientCredentials({ … })`, `authorizationCode({ … })`, … */
export type Auth = (context: AuthContext) => TokenSource

/** Who asks which authorization server. What the package has built in needn't be given. */
export interface GrantOptions {
  readonly clientId: string | undefined
  readonly clientSecret?: string | undefined
  /** How the client authenticates: with a secret as the server prefers, unless told; without one not at all. */
  readonly clientAuthentication?: 'basic' | 'post' | ClientAuthentication | undefined
  /** The authorization server, discovered by RFC 8414, else by OpenID Connect Discovery. */
  readonly issuer?: string | undefined
  /** In the place of discovery. */
  readonly tokenEndpoint?: string | undefined
  /** The API's resource indicator (RFC 8707). */
  readonly resource?: string | undefined
  /** As some authorization servers call it. */
  readonly audience?: string | undefined
  /** Where tokens are kept; in memory unless given. */
  readonly store?: TokenStore | undefined
  /** Asked when a call is refused for want of scopes (RFC 6750 `insufficient_scope`). Without it, the call fails. */
  readonly onInsufficientScope?: OnInsufficientScope | undefined
}
