import type { AuthorizationServer, Grant } from './authorization-server.ts'
import { AuthenticationError } from './errors.ts'

/** A set of tokens that the caller has from elsewhere. Times are milliseconds since the epoch, by the server's clock. */
export interface TokenSet {
  readonly accessToken: string
  readonly refreshToken?: string
  readonly expiresAt?: number
  readonly scopes?: readonly string[]
}

export interface Token {
  readonly accessToken: string
  /** Tells a token from its successor: a refusal of the one says nothing about the other. */
  readonly generation: number
  /** What the server granted, which may be less than was asked; undefined where that isn't known. */
  readonly scopes: readonly string[] | undefined
}

/** Where access tokens come from. */
export interface TokenSource {
  /** @param scopes what the operation needs; what the client was made with wins */
  get(scopes: readonly string[], signal?: AbortSignal): Promise<Token>
  /** This token was refused: it isn't given out again. */
  invalidate(token: Token): void
  /** Learns the server's clock from a response. */
  observe(headers: Headers): void
}

interface Held extends Token {
  readonly issuedAt: number
  readonly expiresAt: number | undefined
  /** `expiresAt` is by the server's clock, and not counted from when the token came. */
  readonly serverTime: boolean
}

interface Entry {
  token?: Held
  refreshToken?: string | undefined
  pending?: Promise<Token> | undefined
  /** A background refresh that failed isn't tried again before this. */
  notBefore?: number
}

/** The share of its life after which a token is replaced in the background. */
const EARLY = 0.8
/** This close to its end a token is replaced first; a short-lived one relative to its life. */
const LAST = 10_000

/** Gets tokens from an authorization server, keeps them, and replaces them before they expire. */
export class GrantedTokens implements TokenSource {
  readonly #server: AuthorizationServer
  readonly #scopes: readonly string[] | undefined
  /** By what was asked for. */
  readonly #entries = new Map<string, Entry>()
  /** What the caller brought along: answers for everything, as long as it lasts. */
  #supplied: Entry | undefined
  #generation = 0
  /** Milliseconds by which the server's clock is ahead. */
  #skew = 0

  /** @param scopes asked for whatever the operation; undefined: what each operation needs */
  constructor(server: AuthorizationServer, scopes: readonly string[] | undefined, initial?: TokenSet) {
    this.#server = server
    this.#scopes = scopes
    if (initial === undefined) return
    const { accessToken, refreshToken, expiresAt, scopes: held } = initial
    const generation = ++this.#generation
    this.#supplied = {
      token: { accessToken, generation, scopes: held, issuedAt: Date.now(), expiresAt, serverTime: true },
      refreshToken,
    }
  }

  async get(needed: readonly string[], signal?: AbortSignal): Promise<Token> {
    const scopes = this.#scopes ?? needed
    const entry = this.#entry(scopes)
    const age = this.#age(entry)
    if (entry.token !== undefined && age === 'fresh') return entry.token
    if (entry.token !== undefined && age === 'ageing') {
      this.#refreshInBackground(entry, scopes)
      return entry.token
    }
    return abandonable(this.#acquire(entry, scopes), signal)
  }

  invalidate(token: Token): void {
    for (const entry of [this.#supplied, ...this.#entries.values()])
      if (entry?.token?.generation === token.generation) delete entry.token
  }

  observe(headers: Headers): void {
    const date = Date.parse(headers.get('date') ?? '')
    if (Number.isNaN(date)) return
    const skew = date - Date.now()
    // The header counts whole seconds, and the answer took its time.
    this.#skew = Math.abs(skew) < 5_000 ? 0 : skew
  }

  /** What was brought along; else the token asked for with just these scopes; else one that holds them, and more. */
  #entry(scopes: readonly string[]): Entry {
    const supplied = this.#supplied
    if (supplied?.refreshToken !== undefined || (supplied?.token !== undefined && this.#age(supplied) !== 'spent'))
      return supplied
    if (supplied !== undefined && this.#server.hasCredentials) this.#supplied = undefined
    else if (supplied !== undefined) return supplied
    const key = [...new Set(scopes)].sort().join(' ')
    const exact = this.#entries.get(key)
    if (exact?.token !== undefined) return exact
    for (const entry of this.#entries.values())
      if (entry.token?.scopes !== undefined && holds(entry.token.scopes, scopes) && this.#age(entry) !== 'spent')
        return entry
    const entry = exact ?? {}
    this.#entries.set(key, entry)
    return entry
  }

  #age({ token }: Entry): 'none' | 'fresh' | 'ageing' | 'spent' {
    if (token === undefined) return 'none'
    if (token.expiresAt === undefined) return 'fresh'
    const life = token.expiresAt - token.issuedAt
    const left = token.expiresAt - (Date.now() + (token.serverTime ? this.#skew : 0))
    if (left <= Math.min(LAST, life * 0.1)) return 'spent'
    return left <= life * (1 - EARLY) ? 'ageing' : 'fresh'
  }

  #refreshInBackground(entry: Entry, scopes: readonly string[]): void {
    if (entry.pending !== undefined || Date.now() < (entry.notBefore ?? 0)) return
    const postpone = (): void => {
      entry.notBefore = Date.now() + 1_000
    }
    // The token at hand is still good: if this fails, the caller that finds it spent will see why.
    this.#acquire(entry, scopes).catch(postpone)
  }

  /** One request at a time for one set of scopes, however many callers wait for it. */
  #acquire(entry: Entry, scopes: readonly string[]): Promise<Token> {
    entry.pending ??= this.#request(entry, scopes).finally(() => {
      entry.pending = undefined
    })
    return entry.pending
  }

  async #request(entry: Entry, scopes: readonly string[]): Promise<Token> {
    const issuedAt = Date.now()
    const response = await this.#exchange(entry, scopes)
    this.#generation++
    const token = {
      accessToken: response.accessToken,
      generation: this.#generation,
      // RFC 6749 section 5.1: without `scope` in the response, what was asked is what was granted.
      scopes: response.scopes ?? scopes,
      issuedAt,
      expiresAt: response.expiresIn === undefined ? undefined : issuedAt + response.expiresIn * 1_000,
      serverTime: false,
    }
    entry.token = token
    entry.refreshToken = response.refreshToken ?? entry.refreshToken
    return token
  }

  async #exchange(entry: Entry, scopes: readonly string[]): Promise<Grant> {
    if (entry.refreshToken !== undefined) {
      try {
        return await this.#server.refresh(entry.refreshToken)
      } catch (error) {
        // The grant is gone; a client that may get tokens in its own name can start over.
        if (!(error instanceof AuthenticationError) || error.code !== 'invalid_grant') throw error
        entry.refreshToken = undefined
        if (!this.#server.hasCredentials) throw error
      }
    }
    return this.#server.clientCredentials(scopes)
  }
}

/** Asked before each call; `refused`: the token that it gave before no longer works. */
export type TokenSupply = (request: {
  readonly scopes: readonly string[]
  readonly refused: boolean
}) => string | Promise<string>

/** A token, or a function that gives one, from the caller: nothing is known of its life. */
export class SuppliedTokens implements TokenSource {
  readonly #supply: TokenSupply
  readonly #fixed: boolean
  #last: Token | undefined
  #refused = false
  #generation = 0

  constructor(supply: string | TokenSupply) {
    this.#fixed = typeof supply === 'string'
    this.#supply = typeof supply === 'string' ? () => supply : supply
  }

  async get(scopes: readonly string[]): Promise<Token> {
    if (this.#fixed && this.#refused)
      throw new AuthenticationError('The access token was refused, and there is no other')
    const accessToken = await this.#supply({ scopes, refused: this.#refused })
    if (this.#last?.accessToken !== accessToken)
      this.#last = { accessToken, generation: ++this.#generation, scopes: undefined }
    this.#refused = false
    return this.#last
  }

  invalidate(token: Token): void {
    if (token.generation === this.#generation) this.#refused = true
  }

  observe(): void {
    // Nothing here depends on a clock.
  }
}

function holds(held: readonly string[], needed: readonly string[]): boolean {
  return needed.every((scope) => held.includes(scope))
}

/** The caller may stop waiting; what others wait for goes on. */
function abandonable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
