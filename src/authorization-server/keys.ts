import { randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Store } from '../store/store.ts'

export interface Keys {
  /** Private, ES256. The first signs; all verify. */
  readonly signing: readonly JWK[]
  /** The first signs cookies; all verify. */
  readonly cookies: readonly string[]
  /** From which the successors of refresh tokens are computed. */
  readonly successors: string
}

/** Made once, kept in the store, the same for every instance and after every restart. */
export async function loadKeys({ settings }: Pick<Store, 'settings'>): Promise<Keys> {
  const signing = await settings.establish('signing-keys', async () => [await makeSigningKey()])
  const cookies = await settings.establish('cookie-keys', () => [randomKey()])
  const successors = await settings.establish('successor-key', randomKey)
  return { signing: signing as JWK[], cookies: cookies as string[], successors: successors as string }
}

function randomKey(): string {
  return randomBytes(32).toString('base64url')
}

async function makeSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg: 'ES256', use: 'sig', kid: await calculateJwkThumbprint(jwk) }
}

/** Without what makes a key private. */
export function publicKey({ kty, crv, x, y, alg, use, kid }: JWK): JWK {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, alg, use, kid }).filter(([, value]) => value !== undefined),
  ) as JWK
}
