import { AuthenticationError, type InsufficientScopeError } from '../errors.ts'
import type { Operation } from '../operation.ts'
import {
  holds,
  type OnInsufficientScope,
  type ScopesNeeded,
  type Token,
  type TokenSet,
  type TokenSource,
} from '../tokens.ts'
import type { AuthorizationServer, TokenResponse } from './authorization-server.ts'
import { insufficient, isInvalidScope } from './invalid-scope.ts'
import { MemoryTokenStore, type StoredTokens, type TokenStore } from './token-store.ts'

/** How tokens are got from an authorization server. */
export interface Grant {
  /** Of a person: one set of tokens, whose scopes only they can widen. Otherwise the client gets what it asks for. */
  readonly ofPerson: boolean
  begin(server: AuthorizationServer, scopes: readonly string[]): Promise<TokenResponse>
  /** Replaces tokens without a person (RFC 6749 section 6). */
  refresh?(server: AuthorizationServer, refreshToken: string): Promise<TokenResponse>
}

export interface GrantedTokensOptions {
  readonly server: AuthorizationServer
  readonly grant: Grant
  /** Asked for whatever the operation; undefined: what each operation needs. */
  readonly scopes: readonly string[] | undefined
  readonly store: TokenStore | undefined
  readonly onInsufficientScope: OnInsufficientScope | undefined
  readonly initial: TokenSet | undefined
}

/** The tokens for one set of scopes. */
interface Entry {
  readonly key: string
  /** What to ask for; a step-up adds to it. */
  scopes: readonly string[]
  token?: StoredTokens | undefined
  /** The generation that the API refused. */
  refused?: number | undefined
  pending?: Promise<StoredTokens> | undefined
  /** A background refresh that failed isn't tried again before this. */
  notBefore?: number
}

interface Batch {
  readonly scopes: Set<string>
  readonly token: Promise<Token>
}

/** The share of its life after which a token is replaced in the background. */
const EARLY = 0.8
/** This close to its end a token is replaced first; a short-lived one relative to its life. */
const LAST = 10_000

/** Gets tokens from an authorization server, keeps them, and replaces them before they expire. */
export class GrantedTokens implements TokenSource {
  readonly #options: GrantedTokensOptions
  readonly #store: TokenStore
  readonly #entries = new Map<string, Entry>()
  readonly #stepUps = new Map<string, Promise<StoredTokens | undefined>>()
  #batch: Batch | undefined
  /** Milliseconds by which the server's clock is ahead. */
  #skew = 0

  constructor(options: GrantedTokensOptions) {
    this.#options = options
    this.#store = options.store ?? new MemoryTokenStore()
    const { initial, scopes = initial?.scopes ?? [] } = options
    if (initial === undefined) return
    const entry = this.#entry(scopes)
    entry.token = { ...initial, issuedAt: Date.now(), serverTime: true, generation: 0 }
  }

  get server(): AuthorizationServer {
    return this.#options.server
  }

  get scopes(): readonly string[] | undefined {
    return this.#options.scopes
  }

  async get({ id, scopes: alternatives = [] }: Pick<Operation, 'id' | 'scopes'>, signal?: AbortSignal): Promise<Token> {
    const held = this.#held(alternatives)
    const age = held === undefined ? 'spent' : this.#age(held)
    if (age === 'ageing' && held !== undefined) this.#refreshInBackground(held)
    if (age !== 'spent' && held?.token !== undefined) return held.token
    const { scopes, grant } = this.#options
    const one = scopes !== undefined || grant.ofPerson
    const [first = [], ...others] = scopes === undefined ? alternatives : [scopes]
    const acquired = one || held ? this.#acquire(held ?? this.#entry(first)) : this.#coalesced(first)
    try {
      return await abandonable(acquired, signal)
    } catch (error) {
      if (!isInvalidScope(error)) throw error
      // The client may be registered for another alternative than the cheapest. A person isn't asked again and again.
      if (others.length > 0 && !one) return this.get({ id, scopes: others }, signal)
      throw insufficient(error, id, held?.scopes ?? first)
    }
  }

  invalidate(token: Token): void {
    for (const entry of this.#entries.values()) if (entry.token === token) entry.refused = token.generation
  }

  observe(headers: Headers): void {
    const date = Date.parse(headers.get('date') ?? '')
    if (Number.isNaN(date)) return
    const skew = date - Date.now()
    // The header counts whole seconds, and the answer took its time.
    this.#skew = Math.abs(skew) < 5_000 ? 0 : skew
  }

  async stepUp(refusal: InsufficientScopeError, token: Token, signal?: AbortSignal): Promise<Token | undefined> {
    const { required, operation } = refusal
    const entry = [...this.#entries.values()].find((each) => each.token === token)
    // While the call was under way, another one got more.
    const current = this.#held([required])?.token
    if (current !== undefined && current !== token && holds(current.scopes, required)) return current
    const granted = token.scopes ?? []
    const missing = required.filter((scope) => !granted.includes(scope))
    const { onInsufficientScope } = this.#options
    if (onInsufficientScope === undefined || missing.length === 0) return undefined
    const union = normal([...granted, ...required])
    const key = union.join(' ')
    const ask = async (): Promise<StoredTokens | undefined> => {
      if (!(await onInsufficientScope({ required, granted, missing } satisfies ScopesNeeded))) return undefined
      const widened = entry ?? this.#entry(union)
      widened.scopes = union
      // Not a refresh: what was granted before can't grow by it.
      return this.#locked(widened, () => this.#begin(widened)).catch((error: unknown) => {
        throw isInvalidScope(error) ? insufficient(error, operation, union, granted) : error
      })
    }
    const pending = this.#stepUps.get(key) ?? ask().finally(() => this.#stepUps.delete(key))
    this.#stepUps.set(key, pending)
    const next = await abandonable(pending, signal)
    return holds(next?.scopes, required) ? next : undefined
  }

  /** Forgets all tokens, and gives each to `revoke`. */
  async end(revoke: (server: AuthorizationServer, tokens: TokenSet) => Promise<void>): Promise<void> {
    if (this.#entries.size === 0) this.#entry(this.#options.scopes ?? [])
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    const ended: TokenSet[] = []
    for (const { key, token } of entries) {
      const stored = await this.#store.get(key)
      await this.#store.set(key, undefined, stored?.generation)
      const last = stored ?? token
      if (last !== undefined) ended.push(last)
    }
    for (const tokens of ended) await revoke(this.#options.server, tokens)
  }

  /** An entry whose token, or whose request under way, answers for one of the alternatives. */
  #held(alternatives: readonly (readonly string[])[]): Entry | undefined {
    const { scopes, grant } = this.#options
    if (scopes !== undefined || grant.ofPerson) return this.#entries.values().next().value
    const wanted = alternatives.length > 0 ? alternatives : [[]]
    for (const needed of wanted) {
      const exact = this.#entries.get(this.#key(needed))
      if (exact?.token !== undefined || exact?.pending !== undefined) return exact
      for (const entry of this.#entries.values()) {
        const spent = this.#age(entry) === 'spent'
        if (spent ? entry.pending && holds(entry.scopes, needed) : holds(entry.token?.scopes, needed)) return entry
      }
    }
    return undefined
  }

  #entry(scopes: readonly string[]): Entry {
    const key = this.#key(scopes)
    const entry = this.#entries.get(key) ?? { key, scopes: normal(scopes) }
    this.#entries.set(key, entry)
    return entry
  }

  /** A person's tokens are the same whatever was asked for; a client has one for each set of scopes. */
  #key(scopes: readonly string[]): string {
    const { server, grant } = this.#options
    return grant.ofPerson ? server.key : `${server.key} ${normal(scopes).join(' ')}`
  }

  #age({ token, refused = -1 }: Pick<Entry, 'token' | 'refused'>): 'fresh' | 'ageing' | 'spent' {
    if (token === undefined || token.generation <= refused) return 'spent'
    const { expiresAt, issuedAt, serverTime } = token
    if (expiresAt === undefined) return 'fresh'
    const life = expiresAt - issuedAt
    const left = expiresAt - Date.now() - (serverTime ? this.#skew : 0)
    if (left <= Math.min(LAST, life * 0.1)) return 'spent'
    return left <= life * (1 - EARLY) ? 'ageing' : 'fresh'
  }

  #refreshInBackground(entry: Entry): void {
    if (entry.pending !== undefined || Date.now() < (entry.notBefore ?? 0)) return
    if (this.#options.grant.ofPerson && entry.token?.refreshToken === undefined) return
    // The token at hand is still good: if this fails, the caller that finds it spent will see why.
    this.#acquire(entry).catch(() => {
      entry.notBefore = Date.now() + 1_000
    })
  }

  /** Calls that begin at the same time ask once, for all that they need together. */
  #coalesced(needed: readonly string[]): Promise<Token> {
    const batch = this.#batch ?? this.#newBatch()
    for (const scope of needed) batch.scopes.add(scope)
    return batch.token.catch((error: unknown) => {
      // The server grants no such combination: each asks for its own.
      if (isInvalidScope(error) && batch.scopes.size > needed.length) return this.#acquire(this.#entry(needed))
      throw error
    })
  }

  #newBatch(): Batch {
    const scopes = new Set<string>()
    const token = Promise.resolve().then(() => {
      this.#batch = undefined
      return this.#acquire(this.#entry([...scopes]))
    })
    this.#batch = { scopes, token }
    return this.#batch
  }

  /** One request at a time for one set of scopes, however many callers wait for it. */
  #acquire(entry: Entry): Promise<StoredTokens> {
    entry.pending ??= this.#locked(entry, () => this.#renew(entry)).finally(() => {
      entry.pending = undefined
    })
    return entry.pending
  }

  #locked<T>(entry: Entry, work: () => Promise<T>): Promise<T> {
    return this.#store.lock === undefined ? work() : this.#store.lock(entry.key, work)
  }

  async #renew(entry: Entry): Promise<StoredTokens> {
    const stored = await this.#store.get(entry.key)
    if (stored !== undefined && this.#isNews(entry, stored)) return this.#adopt(entry, stored)
    const { grant, server } = this.#options
    const refreshToken = (stored ?? entry.token)?.refreshToken
    if (refreshToken === undefined || grant.refresh === undefined) return this.#begin(entry)
    try {
      return await this.#keep(entry, stored, await grant.refresh(server, refreshToken), refreshToken)
    } catch (error) {
      if (!(error instanceof AuthenticationError) || error.code !== 'invalid_grant') throw error
      // Another process may have used it first, and have its successor; otherwise the grant is gone.
      const other = await this.#store.get(entry.key)
      if (other !== undefined && other.generation !== stored?.generation) return this.#adopt(entry, other)
      return this.#begin(entry)
    }
  }

  async #begin(entry: Entry): Promise<StoredTokens> {
    const stored = await this.#store.get(entry.key)
    const { grant, server } = this.#options
    return this.#keep(entry, stored, await grant.begin(server, entry.scopes), undefined)
  }

  /** Whether somebody else stored tokens that are neither those that were refused nor spent. */
  #isNews({ token, refused }: Entry, stored: StoredTokens): boolean {
    return stored.generation > (token?.generation ?? -1) && this.#age({ token: stored, refused }) !== 'spent'
  }

  async #keep(
    entry: Entry,
    previous: StoredTokens | undefined,
    response: TokenResponse,
    refreshToken: string | undefined,
  ): Promise<StoredTokens> {
    const issuedAt = Date.now()
    const token: StoredTokens = {
      accessToken: response.accessToken,
      refreshToken: response.refreshToken ?? refreshToken,
      // RFC 6749 section 5.1: without `scope` in the response, what was asked is what was granted.
      scopes: response.scopes ?? entry.scopes,
      issuedAt,
      expiresAt: response.expiresIn === undefined ? undefined : issuedAt + response.expiresIn * 1_000,
      generation: ((previous ?? entry.token)?.generation ?? 0) + 1,
    }
    // Somebody may have signed out meanwhile: what comes after that is kept for nobody.
    if (this.#entries.get(entry.key) === entry) await this.#store.set(entry.key, token, previous?.generation)
    return this.#adopt(entry, token)
  }

  #adopt(entry: Entry, token: StoredTokens): StoredTokens {
    entry.token = token
    return token
  }
}

function normal(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes)].sort()
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
