import type { Verification, VerifiedToken, Verify } from './caller.ts'

export interface Issued {
  /** In seconds. */
  readonly lifetime?: number
  readonly clientId?: string
}

/** Tokens for a sandbox that has no authorization server: random, opaque, and gone with the page. */
export class Issuer {
  readonly #tokens = new Map<string, VerifiedToken>()
  readonly #clock: () => number

  /** @param clock milliseconds since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  issue(scopes: readonly string[], { lifetime = 600, clientId = 'try-it' }: Issued = {}): string {
    const token = Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('')
    this.#tokens.set(token, { clientId, scopes: [...scopes], expiresAt: Math.floor(this.#clock() / 1000) + lifetime })
    const [oldest] = this.#tokens.keys()
    if (this.#tokens.size > MAX_TOKENS && oldest !== undefined) this.#tokens.delete(oldest)
    return token
  }

  revoke(token: string): void {
    this.#tokens.delete(token)
  }

  readonly verify: Verify = async (text): Promise<Verification> => {
    const token = this.#tokens.get(text)
    if (token === undefined) return { ok: false, reason: 'it is not known, or was revoked' }
    if (token.expiresAt <= this.#clock() / 1000) return { ok: false, reason: 'it has expired' }
    return { ok: true, token }
  }
}

const MAX_TOKENS = 1_000
