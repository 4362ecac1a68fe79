import { AuthorizationServer } from './authorization-server.ts'
import { ConfigurationError } from './errors.ts'
import { type Needs, transport } from './grants.ts'
import { isLoopback, parseUrl } from './origin.ts'
import { GrantedTokens, SuppliedTokens, type TokenSet, type TokenSource, type TokenSupply } from './tokens.ts'
import { Transport } from './transport.ts'

/** How a client is made. What the package has built in needn't be given. */
export interface ClientOptions {
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** In the place of a client's credentials: an access token, a set of tokens, or a function that gives one. */
  readonly token?: string | TokenSet | TokenSupply | undefined
  /** Where the API is. */
  readonly baseUrl?: string | undefined
  /** The authorization server; its token endpoint is discovered. */
  readonly issuer?: string | undefined
  /** In the place of discovery. */
  readonly tokenEndpoint?: string | undefined
  /** The API's resource indicator (RFC 8707). */
  readonly resource?: string | undefined
  /** As some authorization servers call it. */
  readonly audience?: string | undefined
  readonly clientAuthentication?: 'basic' | 'post' | undefined
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Milliseconds for one attempt; 60 000 unless given. */
  readonly timeout?: number | undefined
  /** 2 unless given. */
  readonly maxRetries?: number | undefined
  readonly fetch?: typeof fetch | undefined
}

/** What a package has built in. */
export type Connection = Pick<ClientOptions, 'baseUrl' | 'issuer' | 'tokenEndpoint' | 'resource'>

interface ConnectedConstructor {
  new <S extends string>(connection: Transport): Needs<S>
}

/**
 * What can be called. Which scopes it holds is known to the compiler alone. The connection isn't enumerable: it is neither
 * printed nor serialised.
 */
const Connected = class {
  constructor(connection: Transport) {
    Object.defineProperty(this, transport, { value: connection })
  }
} as unknown as ConnectedConstructor

/** A connection to the API: functions take it, and the class with all resources extends it. */
export abstract class Client<S extends string> extends Connected<S> {
  constructor(options: ClientOptions, builtIn: Connection, scopes: readonly string[] | undefined) {
    super(makeTransport(options, builtIn, scopes))
  }
}

/** The operations on one part of the API. */
export abstract class Resource<S extends string> extends Connected<S> {
  constructor(parent: Needs<never>) {
    super(parent[transport])
  }
}

function makeTransport(options: ClientOptions, builtIn: Connection, scopes: readonly string[] | undefined): Transport {
  const baseUrl = options.baseUrl ?? builtIn.baseUrl
  if (baseUrl === undefined) throw new ConfigurationError('The client needs a baseUrl')
  const url = parseUrl(baseUrl, 'baseUrl')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new ConfigurationError('The baseUrl must be https')
  const { fetch: given, headers = {}, timeout = 60_000, maxRetries = 2 } = options
  // Called as a function of its own: a browser's fetch refuses another `this`.
  const send: typeof fetch = given ?? ((input, init) => fetch(input, init))
  const tokens = tokenSource(options, builtIn, scopes, send)
  if (tokens !== undefined && url.protocol !== 'https:' && !isLoopback(url))
    throw new ConfigurationError(`A token is sent over https only: ${url.origin}`)
  return new Transport({ baseUrl, tokens, fetch: send, headers, timeout, maxRetries })
}

function tokenSource(
  options: ClientOptions,
  builtIn: Connection,
  scopes: readonly string[] | undefined,
  send: typeof fetch,
): TokenSource | undefined {
  const { clientId, clientSecret, token } = options
  if (typeof token === 'string' || typeof token === 'function') return new SuppliedTokens(token)
  if (clientId === undefined && token === undefined) return undefined
  if (clientId === undefined && token?.refreshToken === undefined && token !== undefined)
    return new SuppliedTokens(token.accessToken)
  if (clientId === undefined) throw new ConfigurationError('To refresh tokens, the client needs a clientId')
  const server = new AuthorizationServer({
    clientId,
    clientSecret,
    issuer: options.issuer ?? builtIn.issuer,
    // An issuer that the caller names beats a token endpoint that is built in.
    tokenEndpoint: options.tokenEndpoint ?? (options.issuer === undefined ? builtIn.tokenEndpoint : undefined),
    resource: options.resource ?? builtIn.resource,
    audience: options.audience,
    clientAuthentication: options.clientAuthentication,
    fetch: send,
    timeout: options.timeout ?? 60_000,
  })
  return new GrantedTokens(server, scopes, token)
}
