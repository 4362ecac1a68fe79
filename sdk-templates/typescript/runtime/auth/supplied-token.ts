import { AuthenticationError } from '../errors.ts'
import type { Operation } from '../operation.ts'
import type { Token, TokenSource } from '../tokens.ts'
import type { Auth } from './options.ts'

/** Asked before each call; `refused`: the token that it gave before no longer works. */
export type TokenSupply = (request: {
  readonly scopes: readonly string[]
  readonly refused: boolean
}) => string | Promise<string>

/** A token, or a function that gives one, from the caller: nothing is known of its life. */
export function suppliedToken(supply: string | TokenSupply): Auth {
  return () => new SuppliedToken(supply)
}

class SuppliedToken implements TokenSource {
  readonly #supply: string | TokenSupply
  #last: Token | undefined
  #refused = false

  constructor(supply: string | TokenSupply) {
    this.#supply = supply
  }

  async get({ scopes: [scopes = []] = [] }: Pick<Operation, 'scopes'>): Promise<Token> {
    const refused = this.#refused
    if (refused && typeof this.#supply === 'string')
      throw new AuthenticationError('The access token was refused, and there is no other')
    const accessToken = typeof this.#supply === 'string' ? this.#supply : await this.#supply({ scopes, refused })
    if (this.#last?.accessToken !== accessToken)
      this.#last = { accessToken, generation: (this.#last?.generation ?? 0) + 1 }
    this.#refused = false
    return this.#last
  }

  invalidate(token: Token): void {
    if (token === this.#last) this.#refused = true
  }

  observe(): void {
    // Nothing here depends on a clock.
  }
}
