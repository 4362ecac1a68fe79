import type { AuthorizationServer as Metadata } from 'oauth4webapi'
import { AuthenticationError, ConfigurationError, ConnectionError, SdkError } from '../errors.ts'
import { isLoopback, parseUrl } from '../origin.ts'
import { redact } from '../redact.ts'
import { delay, isPassing, retryAfter, sleep } from '../retry.ts'
import { isRecord } from '../styles.ts'
import type { AuthContext, ClientAuthentication, GrantOptions } from './options.ts'

/** What a token request yields. */
export interface TokenResponse {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** Seconds. */
  readonly expiresIn: number | undefined
  readonly scopes: readonly string[] | undefined
}

/** The discovered server, and who asks it. */
export interface Party {
  readonly server: Metadata
  readonly client: { readonly client_id: string }
  readonly authentication: ClientAuthentication
  readonly fetch: typeof fetch
  readonly signal: () => AbortSignal
  /** Plain HTTP is for this machine only. */
  readonly insecure: boolean
}

export interface TokenRequest {
  /** What was sent, and no error may repeat. */
  readonly secrets?: readonly string[]
  /** Checks an answer that is more than tokens, and gives its body. */
  readonly read?: (party: Party, response: Response) => Promise<unknown>
}

const ATTEMPTS = 3

/** Requests to one authorization server in the name of one client. Its errors never carry the secret, or what was sent. */
export class AuthorizationServer {
  readonly #options: GrantOptions
  readonly #context: AuthContext
  #metadata: Promise<Metadata> | undefined

  constructor(options: GrantOptions, context: AuthContext) {
    this.#options = options
    this.#context = context
    this.key = this.#key()
  }

  /** Whose tokens these are. */
  readonly key: string

  #key(): string {
    const { clientId, issuer, tokenEndpoint, audience } = this.#options
    const server = issuer ?? tokenEndpoint ?? this.#context.issuer ?? this.#context.tokenEndpoint
    return [server, clientId, audience ?? this.#resource].join(' ')
  }

  /** `resource` (RFC 8707), `audience` and `scope`, as far as they are wanted. */
  parameters(scopes: readonly string[]): URLSearchParams {
    const parameters = this.resource()
    const { audience } = this.#options
    if (audience !== undefined) parameters.set('audience', audience)
    if (scopes.length > 0) parameters.set('scope', scopes.join(' '))
    return parameters
  }

  resource(): URLSearchParams {
    return new URLSearchParams(this.#resource === undefined ? {} : { resource: this.#resource })
  }

  /** A request of the token endpoint (RFC 6749 section 3.2), repeated while the server is busy. */
  token(parameters: URLSearchParams, { secrets = [], read }: TokenRequest = {}): Promise<TokenResponse> {
    return this.request(async (party) => {
      for (let retries = 0; ; retries++) {
        const response = await this.#post(party, new URLSearchParams(parameters))
        const wait = isPassing(response.status) ? delay(retries, retryAfter(response.headers)) : undefined
        if (wait === undefined || retries + 1 >= ATTEMPTS)
          return tokens(read === undefined || !response.ok ? await answer(response) : await read(party, response))
        await response.body?.cancel()
        await sleep(wait)
      }
    }, secrets)
  }

  /** Any request of the discovered server. */
  async request<T>(send: (party: Party) => Promise<T>, secrets: readonly string[] = []): Promise<T> {
    try {
      const { clientId } = this.#options
      if (clientId === undefined) throw new ConfigurationError('To get tokens, the client needs a clientId')
      this.#metadata ??= this.#discover()
      // Found once. A failure isn't kept.
      const server = await this.#metadata.catch((error: unknown) => {
        this.#metadata = undefined
        throw error
      })
      const authentication = this.#authentication(server)
      const { fetch } = this.#context
      const insecure = isLoopback(parseUrl(server.issuer, 'issuer'))
      return await send({
        server,
        client: { client_id: clientId },
        authentication,
        fetch,
        signal: this.#signal,
        insecure,
      })
    } catch (error) {
      throw this.#failure(error, secrets)
    }
  }

  get #resource(): string | undefined {
    return this.#options.resource ?? this.#context.resource
  }

  readonly #signal = (): AbortSignal => AbortSignal.timeout(this.#context.timeout)

  async #post({ server, client, authentication, fetch, signal }: Party, body: URLSearchParams): Promise<Response> {
    const url = secureUrl(server.token_endpoint ?? '', 'token endpoint')
    const headers = new Headers({ accept: 'application/json' })
    await authentication(server, client, body, headers)
    // Never redirected: what is sent is for this server alone.
    return fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: signal() })
  }

  /** RFC 8414, else OpenID Connect Discovery. */
  async #discover(): Promise<Metadata> {
    const { issuer = this.#context.issuer } = this.#options
    // An issuer that the caller names beats a token endpoint that is built in.
    const { tokenEndpoint = this.#options.issuer ? undefined : this.#context.tokenEndpoint } = this.#options
    if (tokenEndpoint !== undefined) {
      const endpoint = secureUrl(tokenEndpoint, 'tokenEndpoint')
      return { issuer: issuer ?? endpoint.origin, token_endpoint: endpoint.href }
    }
    if (issuer === undefined)
      throw new ConfigurationError('To get tokens, the client needs an issuer or a tokenEndpoint')
    const { origin, pathname } = secureUrl(issuer, 'issuer')
    const path = pathname.replace(/\/$/, '')
    const found =
      (await this.#metadataAt(`${origin}/.well-known/oauth-authorization-server${path}`)) ??
      (await this.#metadataAt(`${origin}${path}/.well-known/openid-configuration`))
    // RFC 8414 section 3.3: another server's metadata is no good.
    if (found?.issuer !== issuer && found?.issuer !== origin + path)
      throw new AuthenticationError(`There is no metadata of the issuer ${issuer}`)
    return found
  }

  async #metadataAt(url: string): Promise<Metadata | undefined> {
    const response = await this.#context.fetch(url, { redirect: 'manual', signal: this.#signal() })
    if (response.ok) return (await answer(response)) as unknown as Metadata
    await response.body?.cancel()
    if (isPassing(response.status))
      throw new AuthenticationError(`The authorization server is busy (${response.status})`)
    return undefined
  }

  #authentication(server: Metadata): ClientAuthentication {
    const { clientSecret, clientAuthentication } = this.#options
    if (typeof clientAuthentication === 'function') return clientAuthentication
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const prefersPost = !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
    const post = (clientAuthentication ?? (prefersPost ? 'post' : 'basic')) === 'post'
    return (_, { client_id: id }, body, headers) => {
      // RFC 6749 section 2.3.1: form-encoded within Basic.
      if (clientSecret !== undefined && !post)
        return headers.set('authorization', `Basic ${btoa(`${formEncoded(id)}:${formEncoded(clientSecret)}`)}`)
      body.set('client_id', id)
      if (clientSecret !== undefined) body.set('client_secret', clientSecret)
    }
  }

  /** The errors of others hold responses and causes: only their words pass, and those without secrets. */
  #failure(error: unknown, secrets: readonly string[]): SdkError {
    const hide = (text: string): string => redact(text, [this.#options.clientSecret, ...secrets])
    if (error instanceof SdkError) return error
    const { message, code, cause, status } = error as Partial<Refusal & { readonly code: unknown }>
    if (error instanceof Refusal || code === 'OAUTH_RESPONSE_BODY_ERROR') {
      const said = (name: string): string | undefined =>
        typeof cause?.[name] === 'string' ? hide(cause[name]) : undefined
      const [why, words] = [said('error'), said('error_description')]
      const details = { code: why, status, scope: said('scope'), link: said('error_uri') }
      const text = `The authorization server refused (${why ?? status})${words ? `: ${words}` : ''}`
      return new AuthenticationError(text, details)
    }
    const text = hide(String(message ?? error))
    // As oauth4webapi marks its own.
    if (typeof code === 'string' && code.startsWith('OAUTH_'))
      return new AuthenticationError(`The authorization server's answer is no use: ${text}`)
    return new ConnectionError(`The authorization server can't be reached: ${text}`)
  }
}

/** RFC 6749 section 5.2, as oauth4webapi has it; without a code, it is no OAuth error: a proxy in between, perhaps. */
class Refusal extends Error {
  readonly status: number
  override readonly cause: Readonly<Record<string, unknown>>

  constructor(status: number, cause: Readonly<Record<string, unknown>>) {
    super('Refused')
    this.status = status
    this.cause = cause
  }
}

/** The JSON object that an authorization server answers with. */
async function answer(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  if (!response.ok) throw new Refusal(response.status, isRecord(body) ? body : {})
  if (isRecord(body)) return body
  throw new AuthenticationError("The authorization server's answer is no use: it isn't JSON")
}

/** RFC 6749 section 5.1. */
function tokens(body: unknown): TokenResponse {
  const answered: Readonly<Record<string, unknown>> = isRecord(body) ? body : {}
  const { access_token: accessToken, token_type: type, refresh_token: refreshToken, scope } = answered
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new AuthenticationError("The authorization server's answer is no use: it holds no token")
  if (String(type).toLowerCase() !== 'bearer')
    throw new AuthenticationError('The authorization server gave a token of a type that this client can not use')
  const { expires_in: expiresIn } = answered
  const seconds = Number(expiresIn ?? Number.NaN)
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' && refreshToken !== '' ? refreshToken : undefined,
    expiresIn: Number.isFinite(seconds) ? seconds : undefined,
    scopes: typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : undefined,
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

/** Secrets travel over TLS, or don't leave the machine. */
function secureUrl(text: string, what: string): URL {
  const url = parseUrl(text, what)
  if (url.protocol !== 'https:' && !isLoopback(url))
    throw new ConfigurationError(`The ${what} must be https: ${url.origin}`)
  return url
}
