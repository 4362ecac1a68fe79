import { tryCaller as callers, tryToken as say } from '../wording/wording.ts'
import type { AppSession, TryApp } from './app-session.ts'
import { browserWorld, fetchFromServer, play, sandboxPath } from './browser-world.ts'
import { type Caller, cast } from './caller.ts'
import { RefusedError } from './refused.ts'

export interface TokensOptions {
  readonly modelUrl: string
  readonly issuer: string
  readonly resource: string
  readonly onChange: (state: TokenState | undefined) => void
}

/** What a page may show of the token in hand: never the token itself. */
export interface TokenState {
  readonly scopes: readonly string[]
  readonly status: 'good' | 'expired' | 'revoked'
}

export interface HeldToken {
  readonly value: string
  readonly scopes: readonly string[]
}

export interface TokenRequest {
  readonly api: string
  readonly caller: Caller
  readonly app: TryApp | undefined
  readonly secret: string
  /** What to ask for. */
  readonly scopes: readonly string[]
}

/** The token that calls are made with. It stays the same from call to call until something else is asked for. */
export class Tokens {
  readonly #options: TokensOptions
  /** What the token was asked for; another wish takes another token. */
  #wish = ''
  #page: HeldToken | undefined
  #session: { readonly key: string; readonly of: AppSession } | undefined
  #status: TokenState['status'] = 'good'

  constructor(options: TokensOptions) {
    this.#options = options
  }

  /** @throws RefusedError where there is none to be had */
  async get(request: TokenRequest): Promise<HeldToken | undefined> {
    const { caller, app, secret, scopes } = request
    const wish = JSON.stringify([caller, secret, [...scopes].sort()])
    if (wish !== this.#wish) this.forget()
    play(caller.as === 'persona' ? caller.persona : undefined)
    if (caller.as === 'nobody') return undefined
    const held = caller.as === 'app' ? await this.#ofApp(app, secret, scopes) : await this.#ofPage(request)
    this.#wish = wish
    this.#tell()
    return held
  }

  /** Whoever chooses an app will want to sign in by the next click. */
  async prepare(app: TryApp, secret: string): Promise<void> {
    await (await this.#sessionOf(app, secret)).prepare()
  }

  /** What was sent last, if it is a token of an app. */
  async inHand(): Promise<string | undefined> {
    return this.#session?.of.hasToken && this.#status === 'good' ? this.#session.of.token() : undefined
  }

  /** Forgets what was changed in the sandbox by this session: this page's, or the app's. */
  async resetSandbox(api: string): Promise<void> {
    const token = await this.inHand()
    if (token === undefined) return (await browserWorld(this.#options.modelUrl)).sandbox.reset()
    const response = await fetchFromServer(`${sandboxPath(api)}/-/reset`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    if (!response.ok) throw new RefusedError(say.sandboxAnswered(response.status))
  }

  /** The same token with one scope less. */
  async drop(scope: string): Promise<void> {
    if (this.#session !== undefined)
      await this.#session.of.renew(this.#session.of.scopes.filter((held) => held !== scope))
    else if (this.#page !== undefined) {
      const scopes = this.#page.scopes.filter((held) => held !== scope)
      this.#page = { scopes, value: await this.#mint(scopes) }
    }
    this.#status = 'good'
    this.#tell()
  }

  async expire(): Promise<void> {
    if (this.#session !== undefined) await this.#session.of.expire()
    else if (this.#page !== undefined) {
      const { sandbox } = await browserWorld(this.#options.modelUrl)
      sandbox.expire(this.#page.value)
    }
    this.#status = 'expired'
    this.#tell()
  }

  async revoke(): Promise<void> {
    if (this.#session !== undefined) await this.#session.of.revoke()
    else if (this.#page !== undefined) {
      const { sandbox } = await browserWorld(this.#options.modelUrl)
      sandbox.revoke(this.#page.value)
    }
    this.#status = 'revoked'
    this.#tell()
  }

  /** The next call gets a new one. */
  forget(): void {
    this.#session?.of.forget()
    this.#session = undefined
    this.#page = undefined
    this.#wish = ''
    this.#status = 'good'
    this.#tell()
  }

  async #ofPage({ api, caller, scopes }: TokenRequest): Promise<HeldToken> {
    if (this.#page !== undefined) return this.#page
    const casting =
      caller.as === 'persona' ? await cast(api, caller.persona, scopes) : { granted: true as const, scopes }
    if (!casting.granted) throw new RefusedError(callers.noToken(casting.reason))
    this.#page = { scopes: casting.scopes, value: await this.#mint(casting.scopes) }
    return this.#page
  }

  async #ofApp(app: TryApp | undefined, secret: string, scopes: readonly string[]): Promise<HeldToken> {
    if (app === undefined || app.grant === 'none') throw new RefusedError(say.notHere)
    if (app.confidential && secret === '') throw new RefusedError(say.fillInSecret)
    const session = await this.#sessionOf(app, secret)
    if (!session.hasToken) await session.authorize(scopes)
    const value = await session.token()
    if (value === undefined) throw new RefusedError(say.isOver)
    return { value, scopes: session.scopes }
  }

  async #sessionOf(app: TryApp, secret: string): Promise<AppSession> {
    const key = JSON.stringify([app.id, secret])
    if (this.#session?.key === key) return this.#session.of
    // The OAuth client is only loaded by those who call as an app.
    const { AppSession } = await import('./app-session.ts')
    const { issuer, resource } = this.#options
    const of = new AppSession({ app, issuer, resource, secret: app.confidential ? secret : undefined })
    this.#session = { key, of }
    return of
  }

  async #mint(scopes: readonly string[]): Promise<string> {
    const { sandbox } = await browserWorld(this.#options.modelUrl)
    return sandbox.issue(scopes)
  }

  #tell(): void {
    const session = this.#session?.of.hasToken ? this.#session.of : undefined
    const scopes = session?.scopes ?? this.#page?.scopes
    this.#options.onChange(scopes === undefined ? undefined : { scopes, status: this.#status })
  }
}
