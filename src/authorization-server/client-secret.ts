import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Tells a secret from its digest, and lets a scanner of repositories recognise one that leaked. */
const SECRET = 'sps_'
const DIGEST = 'sha256:'

export function mintClientSecret(): string {
  return SECRET + randomBytes(32).toString('base64url')
}

/**
 * What is stored. Given what is stored already, it stays the same: an update of a client (RFC 7592) hands the adapter the
 * digest it read before. Secrets are ours, random and long, so a plain digest can't be searched.
 */
export function digestClientSecret(secret: string): string {
  if (isClientSecretDigest(secret)) return secret
  if (!secret.startsWith(SECRET)) throw new TypeError('Not a client secret of ours.')
  return DIGEST + createHash('sha256').update(secret).digest('base64url')
}

export function isClientSecretDigest(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(DIGEST)
}

/** In constant time. The digest itself is not a secret that opens anything. */
export function isClientSecret(presented: unknown, stored: unknown): boolean {
  if (typeof presented !== 'string' || typeof stored !== 'string' || !isClientSecretDigest(stored)) return false
  const digest = createHash('sha256').update(presented).digest()
  const expected = Buffer.from(stored.slice(DIGEST.length), 'base64url')
  return expected.length === digest.length && timingSafeEqual(expected, digest)
}
