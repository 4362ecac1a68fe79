import { randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { LONGEST_ACCESS_TOKEN } from '../policy/duration.ts'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'

export interface Keys {
  /** Private, ES256. The first signs; all verify. */
  readonly signing: readonly StoredKey[]
  /** The first signs cookies; all verify. */
  readonly cookies: readonly string[]
  /** From which the successors of refresh tokens are computed. */
  readonly successors: string
}

/** As it is stored: with the times when it was made, and from which it signs, in seconds since the epoch. */
type StoredKey = JWK & { readonly iat?: number; readonly nbf?: number }

/** Seconds that a new key is published before it signs, so that whoever keeps a copy of the key set has it by then. */
const OVERLAP = 600
/** Seconds for which a copy of the key set is good: whoever keeps one for so long has a new key well before it signs. */
export const KEY_SET_LIFETIME = OVERLAP / 2
/** Seconds after which a key is replaced by itself. */
const ROTATION = 90 * 86_400

/** Made once, kept in the store, the same for every instance and after every restart. */
export async function loadKeys({ settings }: Pick<Store, 'settings'>): Promise<Keys> {
  const signing = await settings.establish('signing-keys', async () => [await makeSigningKey(epoch())])
  const cookies = await settings.establish('cookie-keys', () => [randomKey()])
  const successors = await settings.establish('successor-key', randomKey)
  return {
    signing: keysAt(signing as StoredKey[], epoch()),
    cookies: cookies as string[],
    successors: successors as string,
  }
}

/**
 * Adds a key that will sign in ten minutes; the one before goes when the last token that it signed has expired.
 *
 * @param compromised the new key signs at once, and every other is dropped: whatever they signed is void
 */
export async function rotateKeys({ settings }: Pick<Store, 'settings'>, compromised = false): Promise<void> {
  const now = epoch()
  const key = await makeSigningKey(compromised ? now : now + OVERLAP)
  await settings.change('signing-keys', (keys) => (compromised ? [key] : [...keysAt(keys as StoredKey[], now), key]))
}

/** By schedule. Of instances that notice it at once, one does it. */
export async function rotateOldKeys({ settings }: Pick<Store, 'settings'>): Promise<void> {
  const now = epoch()
  const isDue = (keys: unknown) => (keys as StoredKey[]).every(({ iat = 0 }) => now - iat >= ROTATION)
  if (!isDue(await settings.read('signing-keys'))) return
  const key = await makeSigningKey(now + OVERLAP)
  await settings.change('signing-keys', (keys) => (isDue(keys) ? [...keysAt(keys as StoredKey[], now), key] : keys))
}

/** Those that are needed: the one that signs, then those that will, then those whose tokens may still be about. */
export function keysAt(keys: readonly StoredKey[], now: number): StoredKey[] {
  const newestFirst = keys.toSorted((a, b) => (b.nbf ?? 0) - (a.nbf ?? 0))
  const later = newestFirst.filter(({ nbf = 0 }) => nbf > now)
  const [current, ...before] = newestFirst.slice(later.length)
  // The clock went back behind the only key: it signs all the same.
  if (current === undefined) return later.toReversed()
  const recent = before.filter((_, index) => {
    const successor = newestFirst[later.length + index]
    return (successor?.nbf ?? 0) + LONGEST_ACCESS_TOKEN + OVERLAP > now
  })
  return [current, ...later, ...recent]
}

function randomKey(): string {
  return randomBytes(32).toString('base64url')
}

async function makeSigningKey(nbf: number): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg: 'ES256', use: 'sig', kid: await calculateJwkThumbprint(jwk), iat: epoch(), nbf }
}

/** Without what makes a key private. */
export function publicKey({ kty, crv, x, y, alg, use, kid }: JWK): JWK {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, alg, use, kid }).filter(([, value]) => value !== undefined),
  ) as JWK
}
