import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import type { JWK } from 'jose'
import { ExternalSigningKey } from 'oidc-provider'
import type { SigningThread } from './signing-thread.ts'

/**
 * An ES256 key by which the library signs. By itself it has each signature made by some other thread, one by one, which takes
 * this one longer than to make it.
 */
export class SigningKey extends ExternalSigningKey {
  readonly #kid: string | undefined
  readonly #privateKey
  readonly #thread: SigningThread

  constructor(jwk: JWK, thread: SigningThread) {
    super()
    this.#kid = jwk.kid
    this.#privateKey = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
    this.#thread = thread
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

  override sign(data: Uint8Array): Promise<Uint8Array> {
    return this.#thread.sign(
      this.#privateKey,
      Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1'),
    )
  }
}
