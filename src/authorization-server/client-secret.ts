import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

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
  return DIGEST + hash('sha256', secret, 'base64url')
}

export function isClientSecretDigest(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(DIGEST)
}

/**
 * One of the secrets that an app has. They are stored in one string, digests with spaces between, each followed by
 * `;<end>` where it ends by itself: whatever hands the string on, as an update of a client does, hands on all of them.
 */
export interface ClientSecret {
  /** Tells it from another. */
  readonly id: string
  /** Seconds since the epoch; none: until it is taken away. */
  readonly expiresAt?: number
}

type StoredSecret = ClientSecret & { readonly digest: string }

/** More would only be forgotten. */
export const MOST_SECRETS = 2

/** Those in force, the oldest first. */
export function clientSecretsIn(stored: unknown, now: number): StoredSecret[] {
  if (typeof stored !== 'string' || !isClientSecretDigest(stored)) return []
  return stored.split(' ').flatMap((text) => {
    const [digest = '', end] = text.split(';')
    const expiresAt = end === undefined ? undefined : Number(end)
    if (expiresAt !== undefined && !(expiresAt > now)) return []
    return [
      { id: digest.slice(DIGEST.length, DIGEST.length + 8), digest, ...(expiresAt === undefined ? {} : { expiresAt }) },
    ]
  })
}

export function storedClientSecrets(secrets: readonly Omit<StoredSecret, 'id'>[]): string {
  return secrets.map(({ digest, expiresAt }) => (expiresAt === undefined ? digest : `${digest};${expiresAt}`)).join(' ')
}

/** In constant time. The digest itself is not a secret that opens anything. */
export function isClientSecret(presented: unknown, stored: unknown, now: number): boolean {
  if (typeof presented !== 'string') return false
  const given = hash('sha256', presented, 'buffer')
  return clientSecretsIn(stored, now).some(({ digest }) => {
    const expected = Buffer.from(digest.slice(DIGEST.length), 'base64url')
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
}
