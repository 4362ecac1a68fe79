/** Tokens as they are kept. Times are milliseconds since the epoch. */
export interface StoredTokens {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly issuedAt: number
  readonly expiresAt?: number | undefined
  /** `expiresAt` is by the server's clock, and not counted from when the token came. */
  readonly serverTime?: boolean | undefined
  /** One more than that of the tokens that these replaced. */
  readonly generation: number
}

/**
 * Keeps tokens for longer than a client lives, or for several of them. What it holds is secret. The key says whose tokens
 * they are: issuer, client and audience.
 */
export interface TokenStore {
  get(key: string): Promise<StoredTokens | undefined>
  /**
   * Compare and set: writes if what is stored is of the generation `expected` (undefined: nothing is stored), in one step.
   *
   * @param tokens undefined: forget them
   * @returns whether it was written
   */
  set(key: string, tokens: StoredTokens | undefined, expected: number | undefined): Promise<boolean>
  /** Runs `work` while nobody else, in another tab or process, runs theirs for this key. */
  lock?<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** As long as it lives; what a client has unless it is given another. */
export class MemoryTokenStore implements TokenStore {
  readonly #tokens = new Map<string, StoredTokens>()

  async get(key: string): Promise<StoredTokens | undefined> {
    return this.#tokens.get(key)
  }

  async set(key: string, tokens: StoredTokens | undefined, expected: number | undefined): Promise<boolean> {
    if (this.#tokens.get(key)?.generation !== expected) return false
    if (tokens === undefined) this.#tokens.delete(key)
    else this.#tokens.set(key, tokens)
    return true
  }
}
