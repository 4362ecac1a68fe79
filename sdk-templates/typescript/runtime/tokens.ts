import type { InsufficientScopeError } from './errors.ts'
import type { Operation } from './operation.ts'

/** A set of tokens that the caller has from elsewhere. Times are milliseconds since the epoch, by the server's clock. */
export interface TokenSet {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly expiresAt?: number | undefined
  readonly scopes?: readonly string[] | undefined
}

export interface Token {
  readonly accessToken: string
  /** Tells a token from its successor: a refusal of the one says nothing about the other. */
  readonly generation: number
  /** What the server granted, which may be less than was asked; undefined where that isn't known. */
  readonly scopes?: readonly string[] | undefined
}

/** Where access tokens come from. */
export interface TokenSource {
  /** @throws InsufficientScopeError where there is none that the operation is content with */
  get(operation: Pick<Operation, 'id' | 'scopes'>, signal?: AbortSignal): Promise<Token>
  /** This token was refused: it isn't given out again. */
  invalidate(token: Token): void
  /** Learns the server's clock from a response. */
  observe(headers: Headers): void
  /** A token that holds more than this one, which was good and held too little; undefined: there is none to be had. */
  stepUp?(refusal: InsufficientScopeError, token: Token, signal?: AbortSignal): Promise<Token | undefined>
}

/** What a call needed and the token didn't hold. */
export interface ScopesNeeded {
  readonly required: readonly string[]
  readonly granted: readonly string[]
  readonly missing: readonly string[]
}

/** Whether more may be asked for: of the authorization server, or of a person. */
export type OnInsufficientScope = (needed: ScopesNeeded) => boolean | Promise<boolean>

export function holds(held: readonly string[] | undefined, needed: readonly string[]): boolean {
  return held !== undefined && needed.every((scope) => held.includes(scope))
}
