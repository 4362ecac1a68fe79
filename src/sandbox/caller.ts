import type { Credential, Credentials } from '../access/credentials.ts'
import { tokenCredentials } from '../access/credentials.ts'
import type { TokenFacts } from '../access/trace.ts'
import type { ApiModel, SecurityScheme } from '../model/api.ts'
import type { Call } from './call.ts'

export interface VerifiedToken {
  readonly clientId: string
  /** Absent: the app acts for itself. */
  readonly sub?: string
  readonly scopes: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export type Verification =
  | { readonly ok: true; readonly token: VerifiedToken }
  /** `check`: which step it failed at, `token` unless said. `clientId`: it was good once, for this app. */
  | { readonly ok: false; readonly reason: string; readonly check?: 'token' | 'audience'; readonly clientId?: string }

export type Verify = (token: string) => Promise<Verification>

/** Who calls, by what they sent. */
export interface Caller {
  readonly credentials: Credentials
  /** Absent: no token was sent. */
  readonly token?: TokenFacts
  readonly clientId?: string | undefined
  /** The person in whose name; absent: the app acts for itself. */
  readonly sub?: string | undefined
}

/** Reads the credentials of a call. A key or a password is taken as held by being there: only tokens are verified. */
export async function identify(model: ApiModel, call: Call, verify: Verify): Promise<Caller> {
  const authorization = call.header('authorization')
  const keys = presentKeys(model, call, authorization)
  if (authorization === undefined || !/^bearer(\s|$)/i.test(authorization)) return { credentials: { held: keys } }
  const verification = await readBearer(authorization, verify)
  if (!verification.ok) {
    const { reason, check = 'token' } = verification
    return { credentials: { held: keys, invalid: reason }, token: { refused: { check, reason } } }
  }
  const caller = callerOf(model, verification.token)
  return keys.length === 0 ? caller : { ...caller, credentials: { held: [...caller.credentials.held, ...keys] } }
}

const callers = new WeakMap<ApiModel, WeakMap<VerifiedToken, Caller>>()

/** Verifiers keep the tokens that they found good, and what follows from one is worked out once. */
export function callerOf(model: ApiModel, token: VerifiedToken): Caller {
  const known = callers.get(model) ?? new WeakMap<VerifiedToken, Caller>()
  callers.set(model, known)
  const { clientId, sub, scopes } = token
  const caller = known.get(token) ?? {
    credentials: tokenCredentials(model, scopes),
    token: { clientId, scopes },
    clientId,
    sub,
  }
  known.set(token, caller)
  return caller
}

export async function readBearer(authorization: string, verify: Verify): Promise<Verification> {
  const token = bearerToken(authorization)
  return token === undefined ? { ok: false, reason: 'the Authorization header is malformed' } : verify(token)
}

/** RFC 6750 section 2.1; two Authorization headers arrive joined by a comma, which this doesn't let through. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +([\w\-.~+/]+=*)$/i.exec(authorization ?? '')?.[1]
}

function presentKeys(model: ApiModel, call: Call, authorization: string | undefined): Credential[] {
  return keySchemes(model).flatMap((scheme) => {
    const present =
      (scheme.type === 'apiKey' && keyIsPresent(call, scheme.in, scheme.parameter ?? '')) ||
      (scheme.type === 'http' && authorization?.toLowerCase().startsWith(`${scheme.scheme} `) === true)
    return present ? [{ scheme: scheme.name, scopes: [] }] : []
  })
}

const keys = new WeakMap<ApiModel, readonly SecurityScheme[]>()

function keySchemes(model: ApiModel): readonly SecurityScheme[] {
  const known = keys.get(model) ?? Object.values(model.schemes).filter((scheme) => !scheme.token)
  keys.set(model, known)
  return known
}

function keyIsPresent(call: Call, place: 'header' | 'query' | 'cookie' | undefined, name: string): boolean {
  if (name === '') return false
  if (place === 'query') return Boolean(new URLSearchParams(call.query).get(name))
  if (place === 'cookie') return Boolean(cookies(call).get(name))
  return /^[!#$%&'*+\-.^`|~\w]+$/.test(name) && Boolean(call.header(name)?.trim())
}

export function cookies(call: Call): ReadonlyMap<string, string> {
  const pairs = (call.header('cookie') ?? '').split(';').flatMap((pair): [string, string][] => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [] : [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]]
  })
  return new Map(pairs)
}
