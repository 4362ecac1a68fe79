import type { Auth, AuthContext } from './auth/options.ts'
import { ConfigurationError } from './errors.ts'
import { type Needs, transport } from './grants.ts'
import type { Middleware } from './middleware.ts'
import { parseUrl } from './origin.ts'
import { Transport } from './transport.ts'

/** How a client is made. What the package has built in needn't be given. */
export interface ClientOptions {
  /** How it gets its tokens; without it, calls are sent without. */
  readonly auth?: Auth | undefined
  /** Where the API is. */
  readonly baseUrl?: string | undefined
  /** Of the server's address: `{ region: 'eu' }`. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Milliseconds for one attempt; 60 000 unless given. */
  readonly timeout?: number | undefined
  /** 2 unless given. */
  readonly maxRetries?: number | undefined
  readonly fetch?: typeof fetch | undefined
  /** In order; the last is nearest to the network. */
  readonly middleware?: readonly Middleware[] | undefined
}

/** What a package has built in. */
export interface Connection extends Pick<AuthContext, 'issuer' | 'tokenEndpoint' | 'resource'> {
  readonly baseUrl?: string | undefined
  readonly variables?: Readonly<Record<string, string>> | undefined
}

interface ConnectedConstructor {
  new <S extends string>(connection: Transport): Needs<S>
}

/**
 * What can be called. Which scopes it holds is known to the compiler alone. The connection isn't enumerable: it is neither
 * printed nor serialised.
 */
const Connected: ConnectedConstructor = /* @__PURE__ */ (() =>
  class {
    constructor(connection: Transport) {
      Object.defineProperty(this, transport, { value: connection })
    }
  } as unknown as ConnectedConstructor)()

/** A connection to the API: functions take it, and the class with all resources extends it. */
export abstract class Client<S extends string> extends Connected<S> {
  constructor(options: ClientOptions, builtIn: Connection, scopes: readonly string[] | undefined) {
    super(connect(options, builtIn, scopes))
  }
}

/** The operations on one part of the API. */
export abstract class Resource<S extends string> extends Connected<S> {
  constructor(parent: Needs<never>) {
    super(parent[transport])
  }
}

function connect(options: ClientOptions, builtIn: Connection, scopes: readonly string[] | undefined): Transport {
  const template = options.baseUrl ?? builtIn.baseUrl
  if (template === undefined) throw new ConfigurationError('The client needs a baseUrl')
  const value = (name: string): string | undefined => options.variables?.[name] ?? builtIn.variables?.[name]
  const baseUrl = template.replace(/\{([^{}]*)\}/g, (whole, name: string) => value(name) ?? whole)
  if (!/^https?:$/.test(parseUrl(baseUrl, 'baseUrl').protocol))
    throw new ConfigurationError('The baseUrl must be https')
  const { headers = {}, timeout = 60_000, maxRetries = 2, middleware = [], auth } = options
  // Called as a function of its own: a browser's fetch refuses another `this`.
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))
  const tokens = auth?.({ ...builtIn, scopes, fetch: send, timeout })
  return new Transport({ baseUrl, tokens, fetch: send, headers, timeout, maxRetries, middleware })
}
