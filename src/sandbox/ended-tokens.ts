import type { Verification, Verify } from './caller.ts'

const MAX_TOKENS = 10_000

/** Tokens that are good and yet count as expired, so that one needn't wait to see what an app does then. */
export class EndedTokens {
  readonly #ended = new Set<string>()
  readonly verify: Verify

  constructor(verify: Verify) {
    this.verify = (token) => (this.#ended.has(token) ? Promise.resolve(EXPIRED) : verify(token))
  }

  expire(token: string): void {
    this.#ended.add(token)
    const [oldest] = this.#ended
    if (this.#ended.size > MAX_TOKENS && oldest !== undefined) this.#ended.delete(oldest)
  }
}

const EXPIRED: Verification = { ok: false, reason: 'it has expired' }
