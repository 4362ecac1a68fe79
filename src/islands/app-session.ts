import * as oauth from 'oauth4webapi'
import { tryToken as say } from '../wording/wording.ts'
import { fetchFromServer } from './browser-world.ts'
import { RefusedError } from './refused.ts'
import { CALLBACK, CHANNEL } from './try-callback.ts'

/** One of the developer's apps, as the page knows it. */
export interface TryApp {
  /** The client id. */
  readonly id: string
  readonly name: string
  /** How it gets tokens here: in its own name, in a person's, or not at all. */
  readonly grant: 'client_credentials' | 'authorization_code' | 'none'
  readonly confidential: boolean
  /** The callback of Try it is among its redirect URIs. */
  readonly returnsHere: boolean
}

export interface AppSessionOptions {
  readonly app: TryApp
  /** Of the authorization server: `https://developers.example.com/oauth`. */
  readonly issuer: string
  /** The audience of the API (RFC 8707). */
  readonly resource: string
  /** Kept in memory, like the tokens, and gone with the page. */
  readonly secret: string | undefined
}

/** Seconds before its end from which a token counts as over. */
const MARGIN = 5

/**
 * Real tokens for one app: client credentials, or authorization code with PKCE in a window of its own, refreshed by itself.
 * Tokens are in private fields of this object and nowhere else: not in the document, not in storage, not in a URL.
 */
export class AppSession {
  readonly #options: AppSessionOptions
  readonly #client: oauth.Client
  readonly #http: { [oauth.allowInsecureRequests]: boolean }
  #server: oauth.AuthorizationServer | undefined
  #access: { readonly token: string; readonly expiresAt: number } | undefined
  #refresh: string | undefined
  #granted: readonly string[] = []

  constructor(options: AppSessionOptions) {
    this.#options = options
    this.#client = { client_id: options.app.id }
    this.#http = { [oauth.allowInsecureRequests]: options.issuer.startsWith('http:') }
  }

  /** Of the token in hand, as the server granted them. */
  get scopes(): readonly string[] {
    return this.#granted
  }

  get hasToken(): boolean {
    return this.#access !== undefined
  }

  /** Finds the issuer's endpoints, so that a click opens its window at once. */
  async prepare(): Promise<void> {
    await this.#discover()
  }

  /** @param scopes what to ask for */
  async authorize(scopes: readonly string[]): Promise<void> {
    const server = await this.#discover()
    if (this.#options.app.grant === 'client_credentials') return this.#clientCredentials(server, scopes)
    await this.#code(server, scopes)
  }

  /** A token that is good now; refreshed where it has run out and can be. */
  async token(): Promise<string | undefined> {
    if (this.#access !== undefined && this.#access.expiresAt > Date.now()) return this.#access.token
    if (this.#access === undefined) return undefined
    await this.renew(this.#granted)
    return this.#access?.token
  }

  /** A new token with these scopes of those that were granted: how a scope is dropped, and how an old token is replaced. */
  async renew(scopes: readonly string[]): Promise<void> {
    const server = await this.#discover()
    if (this.#refresh === undefined) {
      if (this.#options.app.grant === 'client_credentials') return this.#clientCredentials(server, scopes)
      this.#access = undefined
      throw new RefusedError(say.noRefresh)
    }
    const additionalParameters = { scope: scopes.join(' '), resource: this.#options.resource }
    const response = await oauth.refreshTokenGrantRequest(server, this.#client, this.#authentication(), this.#refresh, {
      ...this.#http,
      additionalParameters,
    })
    const refresh = this.#refresh
    this.#keep(await explained(oauth.processRefreshTokenResponse(server, this.#client, response)), scopes)
    this.#refresh ??= refresh
  }

  /** RFC 7009. The token stays in hand, so that the next call shows what a revoked one gets. */
  async revoke(): Promise<void> {
    const server = await this.#discover()
    if (this.#access === undefined) return
    const response = await oauth.revocationRequest(
      server,
      this.#client,
      this.#authentication(),
      this.#access.token,
      this.#http,
    )
    await explained(oauth.processRevocationResponse(response))
  }

  /** The sandbox takes the token for expired from now on. It stays in hand, as above. */
  async expire(): Promise<void> {
    if (this.#access === undefined) return
    const response = await fetchFromServer(`${this.#options.resource}/-/expire`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#access.token}` },
    })
    if (!response.ok) throw new RefusedError(say.sandboxAnswered(response.status))
  }

  forget(): void {
    this.#access = undefined
    this.#refresh = undefined
    this.#granted = []
  }

  async #clientCredentials(server: oauth.AuthorizationServer, scopes: readonly string[]): Promise<void> {
    const parameters = new URLSearchParams({ resource: this.#options.resource })
    if (scopes.length > 0) parameters.set('scope', scopes.join(' '))
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      this.#client,
      this.#authentication(),
      parameters,
      this.#http,
    )
    this.#keep(await explained(oauth.processClientCredentialsResponse(server, this.#client, response)), scopes)
  }

  async #code(server: oauth.AuthorizationServer, scopes: readonly string[]): Promise<void> {
    // Opened at once: a window that comes later than the click is blocked.
    const popup = window.open('about:blank', '_blank', 'popup,width=520,height=720')
    if (popup === null) throw new RefusedError(say.blocked)
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const redirectUri = location.origin + CALLBACK
    const authorize = new URL(server.authorization_endpoint ?? `${this.#options.issuer}/auth`)
    authorize.search = new URLSearchParams({
      client_id: this.#options.app.id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: ['openid', 'offline_access', ...scopes].join(' '),
      // Without it, no refresh token: OpenID Connect Core section 11.
      prompt: 'consent',
      resource: this.#options.resource,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    }).toString()
    const answer = authorizationResponse(state, popup)
    popup.location.href = authorize.href
    const parameters = await explained(
      answer.then((query) => oauth.validateAuthResponse(server, this.#client, query, state)),
    )
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      this.#client,
      this.#authentication(),
      parameters,
      redirectUri,
      verifier,
      { ...this.#http, additionalParameters: { resource: this.#options.resource } },
    )
    this.#keep(await explained(oauth.processAuthorizationCodeResponse(server, this.#client, response)), scopes)
  }

  #keep(answer: oauth.TokenEndpointResponse, asked: readonly string[]): void {
    const lifetime = answer.expires_in ?? 60
    this.#access = { token: answer.access_token, expiresAt: Date.now() + (lifetime - MARGIN) * 1000 }
    this.#refresh = answer.refresh_token
    // Absent: as asked (RFC 6749 section 5.1).
    this.#granted = (answer.scope?.split(' ') ?? asked).filter((scope) => !OIDC.has(scope))
  }

  #authentication(): oauth.ClientAuth {
    const { secret } = this.#options
    return secret === undefined || secret === '' ? oauth.None() : oauth.ClientSecretBasic(secret)
  }

  async #discover(): Promise<oauth.AuthorizationServer> {
    if (this.#server !== undefined) return this.#server
    const issuer = new URL(this.#options.issuer)
    const response = await oauth.discoveryRequest(issuer, { ...this.#http, algorithm: 'oauth2' })
    const server = await oauth.processDiscoveryResponse(issuer, response)
    this.#server = server
    return server
  }
}

const OIDC = new Set(['openid', 'offline_access', 'profile', 'email'])
/** Milliseconds between two looks at whether the window is still open. */
const LOOK = 500

function authorizationResponse(state: string, popup: Window): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const channel = new BroadcastChannel(CHANNEL)
    const done = (): void => {
      clearInterval(watch)
      channel.close()
    }
    const watch = setInterval(() => {
      if (!popup.closed) return
      done()
      reject(new RefusedError(say.closed))
    }, LOOK)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const query = new URLSearchParams(typeof data === 'string' ? data : '')
      if (query.get('state') !== state) return
      done()
      popup.close()
      resolve(query)
    }
  })
}

/** What the protocol refuses is a sentence for the person; anything else is thrown on. */
async function explained<T>(result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError)
      throw new RefusedError([error.error, error.error_description].filter(Boolean).join(': '))
    if (error instanceof oauth.WWWAuthenticateChallengeError) throw new RefusedError(say.wrongSecret)
    throw error
  }
}
