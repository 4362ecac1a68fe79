import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { JsonValue } from 'oauth4webapi'

export type PublicKeys =
  | { readonly ok: true; readonly jwks: { readonly keys: readonly JsonValue[] } }
  | { readonly ok: false; readonly message: string }

/** Members that a private or symmetric key has (RFC 7518, sections 6.2.2, 6.3.2 and 6.4). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const MOST = 10

/** What a developer pastes: a JWK, a set of them (RFC 7517), or a public key as PEM. A private key is refused, unread. */
export function readPublicKeys(text: string): PublicKeys {
  if (/PRIVATE KEY/.test(text)) return refused('This is a private key. Keep it, and paste the public one.')
  if (text.trimStart().startsWith('-----BEGIN')) {
    const key = fromPem(text)
    return key === undefined ? refused('This PEM can’t be read as a public key.') : check([key])
  }
  try {
    const parsed: unknown = JSON.parse(text)
    return check(isRecord(parsed) && Array.isArray(parsed.keys) ? parsed.keys : [parsed])
  } catch (error) {
    if (error instanceof SyntaxError) return refused('Paste a JWK, a JWK set, or a public key as PEM.')
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
  if (keys.length === 0 || keys.length > MOST) return refused(`Give 1 to ${MOST} keys.`)
  if (keys.some((key) => isRecord(key) && PRIVATE.some((member) => member in key)))
    return refused('This is a private key. Keep it, and paste the public one.')
  if (!keys.every((key) => isRecord(key) && isPublicKey(key)))
    return refused('Each must be a public key: EC, RSA or Ed25519.')
  return { ok: true, jwks: { keys: keys as JsonValue[] } }
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
