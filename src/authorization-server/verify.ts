import { createLocalJWKSet, errors, type JWK, type JWTPayload, jwtVerify } from 'jose'
import { epoch } from '../store/clock.ts'
import type { Denylist } from '../store/denylist.ts'
import { publicKey } from './keys.ts'

/** An access token of ours (RFC 9068) that is good right now. */
export interface VerifiedToken {
  readonly clientId: string
  /** The person in whose name; none: the app acts for itself. */
  readonly sub?: string
  readonly scopes: readonly string[]
  readonly audience: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
  readonly issuedAt: number
  readonly jti: string
  readonly grantId?: string
  /** All of it, for claims that the API adds. */
  readonly claims: Readonly<Record<string, unknown>>
}

export type Verification =
  | { readonly ok: true; readonly token: VerifiedToken }
  /** `clientId`: it was one of ours for this audience once, of this app. */
  | { readonly ok: false; readonly reason: string; readonly clientId?: string }

export type Verify = (token: string, audience: string) => Promise<Verification>

/** Tokens whose signature was found good. The denylist is asked every time. */
const CACHE = 2000

export interface VerifierOptions {
  readonly issuer: string
  /** Those of the moment. */
  readonly keys: () => readonly JWK[]
  readonly denylist: Pick<Denylist, 'revocation'>
}

/** Judges access tokens as a resource server must: signature, type, issuer, audience, times, revocation. */
export function createVerifier({ issuer, keys, denylist }: VerifierOptions): Verify {
  const cache = new Map<string, VerifiedToken>()
  let known = keys()
  let keySet = createLocalJWKSet({ keys: known.map(publicKey) })

  /** What a dropped key signed must not be remembered as good. */
  function followKeys(): void {
    if (keys() === known) return
    known = keys()
    keySet = createLocalJWKSet({ keys: known.map(publicKey) })
    cache.clear()
  }

  /** The token, though it may have expired; or what is wrong with it. */
  async function checkSignature(token: string): Promise<VerifiedToken | string> {
    followKeys()
    const remembered = cache.get(token)
    if (remembered !== undefined) return remembered
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        typ: 'at+jwt',
        algorithms: ['ES256'],
        requiredClaims: ['aud', 'exp', 'iat', 'jti', 'client_id', 'sub'],
      })
      const read = readClaims(payload)
      if (typeof read === 'string') return read
      const oldest = cache.size >= CACHE ? cache.keys().next().value : undefined
      if (oldest !== undefined) cache.delete(oldest)
      cache.set(token, read)
      return read
    } catch (error) {
      if (error instanceof errors.JWTExpired) return readClaims(error.payload)
      if (error instanceof errors.JOSEError) return 'it is not one of ours'
      throw error
    }
  }

  return async (value, audience) => {
    const token = await checkSignature(value)
    if (typeof token === 'string') return { ok: false, reason: token }
    const ours = token.audience === audience ? { clientId: token.clientId } : {}
    if (token.expiresAt <= epoch()) {
      cache.delete(value)
      return { ok: false, reason: 'it has expired', ...ours }
    }
    if (token.audience !== audience) return { ok: false, reason: 'it is for another API' }
    const { sub: personId, ...rest } = token
    const revoked = await denylist.revocation({ ...rest, ...(personId === undefined ? {} : { personId }) })
    if (revoked === undefined) return { ok: true, token }
    cache.delete(value)
    return { ok: false, reason: 'it was revoked', ...ours }
  }
}

function readClaims(payload: JWTPayload): VerifiedToken | string {
  const { aud, exp, iat, jti, sub, client_id: clientId, scope, grant_id: grantId, cnf } = payload
  if (typeof aud !== 'string' || typeof clientId !== 'string' || jti === undefined) return 'it is malformed'
  // Bound to a key that nobody here asks a proof of.
  if (cnf !== undefined) return 'it is bound to a key'
  return {
    clientId,
    ...(sub === undefined || sub === clientId ? {} : { sub }),
    scopes: typeof scope === 'string' ? scope.split(' ') : [],
    audience: aud,
    expiresAt: exp ?? 0,
    issuedAt: iat ?? 0,
    jti,
    ...(typeof grantId === 'string' ? { grantId } : {}),
    claims: payload,
  }
}
