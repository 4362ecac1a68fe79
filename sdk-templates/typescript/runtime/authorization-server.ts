import * as oauth from 'oauth4webapi'
import { AuthenticationError, ConfigurationError, ConnectionError, SdkError } from './errors.ts'
import { isLoopback, parseUrl } from './origin.ts'
import { delay, isPassing, retryAfter, sleep } from './retry.ts'

export interface AuthorizationServerOptions {
  readonly clientId: string
  readonly clientSecret?: string | undefined
  /** Discovered by RFC 8414, else by OpenID Connect Discovery. */
  readonly issuer?: string | undefined
  /** In the place of discovery. */
  readonly tokenEndpoint?: string | undefined
  /** RFC 8707. */
  readonly resource?: string | undefined
  /** As some servers call it. */
  readonly audience?: string | undefined
  /** How the client authenticates; undefined: as the server prefers. */
  readonly clientAuthentication?: 'basic' | 'post' | undefined
  readonly fetch: typeof fetch
  readonly timeout: number
}

/** What a token request yields. */
export interface Grant {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** Seconds. */
  readonly expiresIn: number | undefined
  readonly scopes: readonly string[] | undefined
}

const ATTEMPTS = 3

/** Requests to one authorization server in the name of one client. Its errors never carry the secret, or what was sent. */
export class AuthorizationServer {
  readonly #options: AuthorizationServerOptions
  #metadata: Promise<oauth.AuthorizationServer> | undefined

  constructor(options: AuthorizationServerOptions) {
    this.#options = options
  }

  /** Whether the client can get tokens in its own name. */
  get hasCredentials(): boolean {
    return this.#options.clientSecret !== undefined
  }

  /** RFC 6749 section 4.4. */
  clientCredentials(scopes: readonly string[]): Promise<Grant> {
    if (!this.hasCredentials)
      return Promise.reject(new AuthenticationError('There is no token, and without a clientSecret none can be had'))
    const parameters = new URLSearchParams()
    if (scopes.length > 0) parameters.set('scope', scopes.join(' '))
    if (this.#options.audience !== undefined) parameters.set('audience', this.#options.audience)
    if (this.#options.resource !== undefined) parameters.set('resource', this.#options.resource)
    return this.#request(async (server, client, authentication, options) => {
      const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, options)
      return [response, () => oauth.processClientCredentialsResponse(server, client, response)]
    })
  }

  /** RFC 6749 section 6, without `scope`, which some servers refuse here: what was granted stays granted. */
  refresh(refreshToken: string): Promise<Grant> {
    const additionalParameters = new URLSearchParams()
    if (this.#options.resource !== undefined) additionalParameters.set('resource', this.#options.resource)
    return this.#request(async (server, client, authentication, options) => {
      const response = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, {
        ...options,
        additionalParameters,
      })
      return [response, () => oauth.processRefreshTokenResponse(server, client, response)]
    }, refreshToken)
  }

  async #request(
    send: (
      server: oauth.AuthorizationServer,
      client: oauth.Client,
      authentication: oauth.ClientAuth,
      options: oauth.HttpRequestOptions<'POST', URLSearchParams>,
    ) => Promise<[Response, () => Promise<oauth.TokenEndpointResponse>]>,
    refreshToken?: string,
  ): Promise<Grant> {
    const { clientId, timeout } = this.#options
    try {
      const server = await this.#discovered()
      const endpoint = secureUrl(server.token_endpoint ?? '', 'token endpoint')
      for (let attempt = 0; ; attempt++) {
        const [response, process] = await send(server, { client_id: clientId }, this.#authentication(server), {
          ...this.#http(endpoint),
          signal: AbortSignal.timeout(timeout),
        })
        if (isPassing(response.status) && attempt + 1 < ATTEMPTS) {
          const wait = delay(attempt, retryAfter(response.headers))
          if (wait !== undefined) {
            await response.body?.cancel()
            await sleep(wait)
            continue
          }
        }
        try {
          return grant(await process())
        } catch (error) {
          // A proxy in between, perhaps: what it says is no OAuth error, but that it refuses is plain.
          if (response.ok || !(error instanceof oauth.OperationProcessingError)) throw error
          const { status } = response
          throw new AuthenticationError(`The authorization server refused (${status})`, { status })
        }
      }
    } catch (error) {
      throw this.#failure(error, refreshToken)
    }
  }

  /** Found once. A failure isn't kept. */
  #discovered(): Promise<oauth.AuthorizationServer> {
    this.#metadata ??= this.#discover().catch((error: unknown) => {
      this.#metadata = undefined
      throw error
    })
    return this.#metadata
  }

  async #discover(): Promise<oauth.AuthorizationServer> {
    const { issuer, tokenEndpoint, timeout } = this.#options
    if (tokenEndpoint !== undefined) {
      const endpoint = secureUrl(tokenEndpoint, 'tokenEndpoint')
      return { issuer: issuer ?? endpoint.origin, token_endpoint: endpoint.href }
    }
    if (issuer === undefined)
      throw new ConfigurationError('To get tokens, the client needs an issuer or a tokenEndpoint')
    const url = secureUrl(issuer, 'issuer')
    const options = { ...this.#http<'GET', undefined>(url), signal: () => AbortSignal.timeout(timeout) }
    const response = await oauth.discoveryRequest(url, { ...options, algorithm: 'oauth2' })
    if (response.ok) return oauth.processDiscoveryResponse(url, response)
    await response.body?.cancel()
    return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { ...options, algorithm: 'oidc' }))
  }

  #http<Method, Body extends BodyInit | undefined>(url: URL): oauth.HttpRequestOptions<Method, Body> {
    return {
      // What the library passes is a RequestInit in all but its name for the method.
      [oauth.customFetch]: (target, init) => this.#options.fetch(target, init as RequestInit),
      [oauth.allowInsecureRequests]: isLoopback(url),
    }
  }

  #authentication(server: oauth.AuthorizationServer): oauth.ClientAuth {
    const { clientSecret, clientAuthentication } = this.#options
    if (clientSecret === undefined) return oauth.None()
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const post =
      clientAuthentication === undefined
        ? !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
        : clientAuthentication === 'post'
    return post ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret)
  }

  /** The libraries' errors hold responses and causes: only their words pass, and those without secrets. */
  #failure(error: unknown, refreshToken: string | undefined): SdkError {
    if (error instanceof SdkError) return error
    const hide = (text: string): string => redact(text, [this.#options.clientSecret, refreshToken])
    if (error instanceof oauth.ResponseBodyError) {
      const said = error.error_description === undefined ? '' : `: ${error.error_description}`
      return new AuthenticationError(hide(`The authorization server refused (${error.error})${said}`), {
        code: hide(error.error),
        status: error.status,
      })
    }
    if (error instanceof oauth.WWWAuthenticateChallengeError)
      return new AuthenticationError(`The authorization server refused the client (${error.status})`, {
        code: 'invalid_client',
        status: error.status,
      })
    const text = error instanceof Error ? error.message : String(error)
    if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
      return new AuthenticationError(hide(`The authorization server's answer is no use: ${text}`))
    return new ConnectionError(hide(`The authorization server can't be reached: ${text}`))
  }
}

function grant(response: oauth.TokenEndpointResponse): Grant {
  if (response.token_type !== 'bearer')
    throw new AuthenticationError('The authorization server gave a token of a type that this client can not use')
  return {
    accessToken: response.access_token,
    refreshToken: response.refresh_token,
    expiresIn: response.expires_in,
    scopes: response.scope?.split(' ').filter((scope) => scope !== ''),
  }
}

/** Secrets travel over TLS, or don't leave the machine. */
function secureUrl(text: string, what: string): URL {
  const url = parseUrl(text, what)
  if (url.protocol !== 'https:' && !isLoopback(url))
    throw new ConfigurationError(`The ${what} must be https: ${url.origin}`)
  return url
}

/** Takes secrets out of a text that someone else wrote. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets.reduce<string>(
    (result, secret) =>
      secret === undefined || secret === ''
        ? result
        : result.replaceAll(secret, '[redacted]').replaceAll(encodeURIComponent(secret), '[redacted]'),
    text,
  )
}
