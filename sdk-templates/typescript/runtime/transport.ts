import { expandPath, own, pairs } from './address.ts'
import { Deadline } from './deadline.ts'
import {
  ApiError,
  ConfigurationError,
  ConnectionError,
  InsufficientScopeError,
  SdkError,
  TimeoutError,
} from './errors.ts'
import type { Middleware, OutgoingRequest } from './middleware.ts'
import type { BodyFormat, EncodedBody, Operation } from './operation.ts'
import { isLoopback, parseUrl } from './origin.ts'
import { failure } from './response.ts'
import { delay, isIdempotent, isPassing, sleep } from './retry.ts'
import { present, scalar } from './styles.ts'
import type { Token, TokenSource } from './tokens.ts'

/** What every call takes. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, its body included. */
  readonly timeout?: number | undefined
  /** Of calls that can be repeated: idempotent ones, or with an idempotency key. */
  readonly maxRetries?: number | undefined
  /** Makes any call repeatable; sent as `Idempotency-Key` unless the document names another header. */
  readonly idempotencyKey?: string | undefined
  readonly headers?: Readonly<Record<string, unknown>> | undefined
}

/** One call's arguments. */
export interface Input {
  readonly path?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly cookies?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
  readonly format?: BodyFormat
  readonly accept?: string | undefined
  readonly options?: RequestOptions | undefined
}

interface Received<T> {
  readonly status: number
  readonly data: T
  readonly response: Response
}

export interface TransportOptions {
  readonly baseUrl: string
  readonly tokens: TokenSource | undefined
  readonly fetch: typeof fetch
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number
  readonly maxRetries: number
  readonly middleware: readonly Middleware[]
}

interface Prepared {
  readonly operation: Operation
  readonly url: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: EncodedBody | undefined
  readonly options: RequestOptions
}

type Attempt<T> = Received<T> | { readonly error: SdkError; readonly status?: number }

/** Sends calls: with a token, in time, again where that is safe. */
export class Transport {
  readonly #options: TransportOptions
  readonly tokens: TokenSource | undefined

  constructor(options: TransportOptions) {
    this.#options = options
    this.tokens = options.tokens
    if (options.tokens !== undefined) assertSecure(options.baseUrl)
  }

  /**
   * @param read turns a success into the result, within the call's time
   * @param streams the result goes on when that is over: only the signal ends it then
   */
  async send<T>(
    operation: Operation,
    input: Input,
    read: (response: Response) => Promise<T>,
    streams = false,
  ): Promise<Received<T>> {
    const { tokens } = this
    const call = await this.#prepare(operation, input)
    const { headers, options, body } = call
    const { signal, maxRetries = this.#options.maxRetries } = options
    const sendable = body?.repeatable !== false
    const repeatable = sendable && (isIdempotent(operation.method) || options.idempotencyKey !== undefined)
    const takesToken = tokens !== undefined && operation.scopes?.length !== 0 && headers.authorization === undefined
    let token = takesToken ? await tokens.get(operation, signal) : undefined
    let replaced = false
    let steppedUp = false
    for (let attempt = 1, retries = 0; ; attempt++) {
      const outcome = await this.#attempt(call, attempt, token, read, streams)
      if ('response' in outcome) return outcome
      const { error, status } = outcome
      // Refused for its token, a call wasn't processed: it is sent once more with another, apart from what may be retried.
      if (status === 401 && token !== undefined && tokens !== undefined) {
        tokens.invalidate(token)
        if (replaced || !sendable) throw error
        replaced = true
        const next = await tokens.get(operation, signal)
        if (next === token || next.accessToken === token.accessToken) throw error
        token = next
        continue
      }
      if (error instanceof InsufficientScopeError && token !== undefined && !steppedUp && sendable) {
        steppedUp = true
        const next: Token | undefined = await tokens?.stepUp?.(error, token, signal)
        if (next === undefined) throw error
        token = next
        continue
      }
      const passing = status === undefined || isPassing(status)
      const asked = error instanceof ApiError ? error.retryAfter : undefined
      const wait = passing && repeatable && retries < maxRetries ? delay(retries, asked) : undefined
      if (wait === undefined) throw error
      retries++
      await sleep(wait, signal)
      if (takesToken) token = await tokens.get(operation, signal)
    }
  }

  async #attempt<T>(
    { operation, url, headers, body, options }: Prepared,
    attempt: number,
    token: Token | undefined,
    read: (response: Response) => Promise<T>,
    streams: boolean,
  ): Promise<Attempt<T>> {
    const { middleware, timeout, fetch: send } = this.#options
    const { id, method } = operation
    // Nobody looks at it where there is no middleware, and the platform's Headers take their time.
    const seen = middleware.length > 0
    const request: OutgoingRequest = {
      operation: id,
      method,
      url,
      headers: new Headers(seen ? headers : undefined),
      attempt,
    }
    for (const { request: before } of middleware) await before?.(request)
    const sent: Record<string, string> = seen ? Object.fromEntries(request.headers) : { ...headers }
    if (token !== undefined) sent.authorization = `Bearer ${token.accessToken}`
    const deadline = new Deadline(options.timeout ?? timeout, options.signal)
    const broken = (error: unknown): { readonly error: SdkError; readonly status?: number } => {
      if (error instanceof SdkError) return { error, status: 200 }
      if (options.signal?.aborted) throw options.signal.reason
      return {
        error: deadline.passed
          ? new TimeoutError(`${operation.id}: no answer within ${deadline.milliseconds} ms`)
          : // A query may hold what isn't for every eye.
            new ConnectionError(`${operation.id}: the connection to ${parseUrl(url, 'baseUrl').origin} failed`),
      }
    }
    const attempted = async (): Promise<Attempt<T>> => {
      let response: Response
      try {
        response = await send(request.url, {
          method,
          headers: sent,
          signal: deadline.signal,
          ...(body !== undefined && { body: body.body }),
          // Fetch sends a stream only if it is told that the answer comes after it.
          ...(body?.repeatable === false && { duplex: 'half' }),
        })
      } catch (error) {
        return broken(error)
      }
      this.tokens?.observe(response.headers)
      for (const { response: after } of middleware) response = (await after?.(response, request)) ?? response
      const { ok, status } = response
      try {
        if (ok) return { status, data: await read(response), response }
        return { error: await failure(operation, response, token), status }
      } catch (error) {
        return broken(error)
      }
    }
    let going = false
    try {
      const outcome = await attempted()
      going = streams && 'response' in outcome
      if ('error' in outcome) for (const { error: failed } of middleware) await failed?.(outcome.error, request)
      return outcome
    } finally {
      deadline.end(going)
    }
  }

  async #prepare(operation: Operation, input: Input): Promise<Prepared> {
    const { path, query, cookies, body, format = operation.body, accept = operation.accept, options = {} } = input
    const { parameters = {} } = operation
    const [base = '', fixed] = (operation.server ?? this.#options.baseUrl).split('?', 2)
    if (operation.server !== undefined && this.tokens !== undefined) assertSecure(base)
    const search = [fixed, pairs('&', parameters.query, query)].filter((part) => part).join('&')
    const url = base.replace(/\/+$/, '') + expandPath(operation.path, parameters.path, path)
    const encoded = body === undefined ? undefined : await format?.encode(body, format)
    const headers: Record<string, string> = {}
    const set = (name: string, value: unknown): void => {
      if (present(value)) headers[name.toLowerCase()] = own(parameters.headers, name)?.(value, name) ?? scalar(value)
    }
    const all = {
      ...this.#options.headers,
      accept,
      'content-type': encoded?.contentType,
      [operation.idempotencyHeader ?? 'idempotency-key']: options.idempotencyKey,
      cookie: pairs('; ', parameters.cookies, cookies) || undefined,
    }
    for (const [name, value] of Object.entries(all)) set(name, value)
    for (const [name, value] of Object.entries(options.headers ?? {})) set(name, value)
    return { operation, url: search === '' ? url : `${url}?${search}`, headers, body: encoded, options }
  }
}

function assertSecure(baseUrl: string): void {
  const url = parseUrl(baseUrl, 'baseUrl')
  if (url.protocol !== 'https:' && !isLoopback(url))
    throw new ConfigurationError(`A token is sent over https only: ${url.origin}`)
}
