import { createPrivateKey, createPublicKey, type JsonWebKey, sign } from 'node:crypto'
import type { JWK } from 'jose'
import { ExternalSigningKey } from 'oidc-provider'

/**
 * An ES256 key by which the library signs. By itself it has each signature made by another thread, and to hand it there and
 * back takes longer than to make it.
 */
export class SigningKey extends ExternalSigningKey {
  readonly #kid: string | undefined
  readonly #privateKey

  constructor(jwk: JWK) {
    super()
    this.#kid = jwk.kid
    this.#privateKey = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
  }

  override get kid() {
    return this.#kid
  }

  override get alg() {
    return 'ES256'
  }

  override keyObject() {
    return createPublicKey(this.#privateKey)
  }

  override sign(data: Uint8Array): Uint8Array {
    return joined(sign('sha256', data, this.#privateKey))
  }
}

/**
 * What OpenSSL makes, a SEQUENCE of two INTEGERs, as the two numbers of 32 bytes side by side that RFC 7518 asks for (section
 * 3.4). Node could ask OpenSSL for those, but that takes as long again as the signature.
 */
function joined(signature: Buffer): Uint8Array {
  const both = new Uint8Array(64)
  let at = 2
  for (const end of [32, 64]) {
    const start = at + 2
    at = start + (signature[at + 1] ?? 0)
    // Without leading zeros, but with one before a first bit that would read as a sign.
    const number = signature.subarray(Math.max(start, at - 32), at)
    both.set(number, end - number.length)
  }
  return both
}
