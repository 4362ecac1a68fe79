import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { JsonValue } from 'oauth4webapi'
import { refusals as say } from '../wording/wording.ts'

export type PublicKeys =
  /** As client metadata (RFC 7591, section 2). */
  | { readonly ok: true; readonly metadata: { readonly jwks: JsonValue } | { readonly jwks_uri: string } }
  | { readonly ok: false; readonly message: string }

/** What an app signs with, told by address, or key by key: by its id, else by its kind. */
export type AppKeys = { readonly address: string } | { readonly names: readonly string[] }

/** Members that a private or symmetric key has (RFC 7518, sections 6.2.2, 6.3.2 and 6.4). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const MOST = 10

/**
 * What a developer pastes: a JWK, a set of them (RFC 7517), a public key as PEM, or the address of a set. A private key is
 * refused, unread.
 */
export function readPublicKeys(text: string): PublicKeys {
  // The authorization server judges the address, and reads it when the app first signs.
  if (/^\s*https?:\S+\s*$/.test(text)) return { ok: true, metadata: { jwks_uri: text.trim() } }
  if (/PRIVATE KEY/.test(text)) return refused(say.privateKey)
  if (text.trimStart().startsWith('-----BEGIN')) {
    const key = fromPem(text)
    return key === undefined ? refused(say.pem) : check([key])
  }
  try {
    const parsed: unknown = JSON.parse(text)
    return check(isRecord(parsed) && Array.isArray(parsed.keys) ? parsed.keys : [parsed])
  } catch (error) {
    if (error instanceof SyntaxError) return refused(say.keys)
    throw error
  }
}

function fromPem(text: string): JsonWebKey | undefined {
  try {
    return createPublicKey(text).export({ format: 'jwk' })
  } catch {
    // OpenSSL's reasons help nobody who pastes a key.
    return undefined
  }
}

function check(keys: readonly unknown[]): PublicKeys {
  if (keys.length === 0 || keys.length > MOST) return refused(say.keyCount(MOST))
  if (keys.some((key) => isRecord(key) && PRIVATE.some((member) => member in key))) return refused(say.privateKey)
  if (!keys.every((key) => isRecord(key) && isPublicKey(key))) return refused(say.keyKind)
  return { ok: true, metadata: { jwks: { keys: keys as JsonValue[] } } }
}

/** Of client metadata. Undefined: the app doesn't sign. */
export function keysOf({ jwks, jwks_uri: address }: Readonly<Record<string, unknown>>): AppKeys | undefined {
  if (typeof address === 'string') return { address }
  if (!isRecord(jwks) || !Array.isArray(jwks.keys)) return undefined
  return { names: jwks.keys.filter(isRecord).map(({ kid, kty, crv }) => String(kid ?? crv ?? kty)) }
}

function isPublicKey(key: Record<string, unknown>): boolean {
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(message: string): PublicKeys {
  return { ok: false, message }
}
