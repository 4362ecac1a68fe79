import { type EncodedBody, encodeBody } from './body.ts'
import { ConfigurationError, ConnectionError, SdkError, TimeoutError } from './errors.ts'
import type { Operation } from './operation.ts'
import { isLoopback, parseUrl } from './origin.ts'
import { cookieString, expandPath, headerValue, present, queryString } from './parameters.ts'
import { failure } from './response.ts'
import { delay, isIdempotent, isPassing, retryAfter, sleep } from './retry.ts'
import type { Token, TokenSource } from './tokens.ts'

/** What every call takes. */
export interface RequestOptions {
  readonly signal?: AbortSignal
  /** Milliseconds for one attempt, its body included. */
  readonly timeout?: number
  /** Of calls that can be repeated: idempotent ones, or with an idempotency key. */
  readonly maxRetries?: number
  /** Sent as `Idempotency-Key`; makes any call repeatable. */
  readonly idempotencyKey?: string
  readonly headers?: Readonly<Record<string, unknown>>
}

/** One call's arguments. */
export interface Input {
  readonly path?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly cookies?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
  readonly options?: RequestOptions | undefined
}

export interface TransportOptions {
  readonly baseUrl: string
  readonly tokens: TokenSource | undefined
  readonly fetch: typeof fetch
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number
  readonly maxRetries: number
}

interface Prepared {
  readonly operation: Operation
  readonly url: URL
  readonly headers: Headers
  readonly body: EncodedBody | undefined
  readonly options: RequestOptions
}

/** Sends calls: with a token, in time, again where that is safe. */
export class Transport {
  readonly #options: TransportOptions

  constructor(options: TransportOptions) {
    this.#options = options
  }

  /** @param read turns a success into the result, within the call's time */
  async send<T>(operation: Operation, input: Input, read: (response: Response) => Promise<T>): Promise<T> {
    const call = this.#prepare(operation, input)
    const most = call.options.maxRetries ?? this.#options.maxRetries
    const repeatable =
      (isIdempotent(operation.method) || call.headers.has('idempotency-key')) && call.body?.repeatable !== false
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= most || !repeatable
      const outcome = await this.#authorized(call, read, last)
      if ('value' in outcome) return outcome.value
      const wait = last ? undefined : delay(attempt, outcome.retryAfter)
      if (wait === undefined) throw outcome.error
      await sleep(wait, call.options.signal)
    }
  }

  /** One attempt; a second one with another token where the first is refused, which means that nothing was done. */
  async #authorized<T>(call: Prepared, read: (response: Response) => Promise<T>, last: boolean): Promise<Outcome<T>> {
    const token = await this.#token(call)
    const outcome = await this.#attempt(call, token, read, last)
    if (!('status' in outcome) || outcome.status !== 401) return outcome
    if (token === undefined || call.body?.repeatable === false) throw outcome.error
    this.#options.tokens?.invalidate(token)
    const next = await this.#token(call)
    if (next === undefined || next.generation === token.generation) throw outcome.error
    const again = await this.#attempt(call, next, read, last)
    if ('status' in again && again.status === 401) throw again.error
    return again
  }

  async #token({ operation, options, url, headers }: Prepared): Promise<Token | undefined> {
    const { tokens } = this.#options
    if (tokens === undefined || operation.scopes?.length === 0 || headers.has('authorization')) return undefined
    if (url.protocol !== 'https:' && !isLoopback(url))
      throw new ConfigurationError(`A token is sent over https only: ${url.origin}`)
    return tokens.get(operation.scopes?.[0] ?? [], options.signal)
  }

  async #attempt<T>(
    { operation, url, headers, body, options }: Prepared,
    token: Token | undefined,
    read: (response: Response) => Promise<T>,
    last: boolean,
  ): Promise<Outcome<T>> {
    const deadline = new Deadline(options.timeout ?? this.#options.timeout, options.signal)
    try {
      const sent = new Headers(headers)
      if (token !== undefined) sent.set('authorization', `Bearer ${token.accessToken}`)
      const streams = body?.body instanceof ReadableStream
      const response = await this.#options.fetch(url, {
        method: operation.method,
        headers: sent,
        signal: deadline.signal,
        ...(body === undefined ? {} : { body: body.body }),
        // Fetch sends a stream only if it is told that the answer comes after it.
        ...(streams ? { duplex: 'half' } : {}),
      })
      this.#options.tokens?.observe(response.headers)
      if (response.ok) return { value: await read(response) }
      const { status } = response
      const error = await failure(operation, response, token)
      if (isPassing(status) && !last) return { error, status, retryAfter: retryAfter(response.headers) }
      if (status === 401) return { error, status, retryAfter: undefined }
      throw error
    } catch (error) {
      if (error instanceof SdkError) throw error
      if (options.signal?.aborted === true) throw options.signal.reason
      const failed = deadline.passed
        ? new TimeoutError(`${operation.id}: no answer within ${deadline.milliseconds} ms`)
        : new ConnectionError(`${operation.id}: the connection to ${url.origin} failed`)
      return { error: failed, retryAfter: undefined }
    } finally {
      deadline.clear()
    }
  }

  #prepare(operation: Operation, { path, query, cookies, body, options = {} }: Input): Prepared {
    const parameters = operation.parameters ?? []
    const base = parseUrl(operation.server ?? this.#options.baseUrl, 'baseUrl')
    const url = new URL(base)
    url.pathname = base.pathname.replace(/\/+$/, '') + expandPath(operation.path, parameters, path)
    const search = queryString(parameters, query)
    if (search !== '') url.search = base.search === '' ? search : `${base.search}&${search}`
    const encoded = operation.body === undefined || body === undefined ? undefined : encodeBody(operation.body, body)
    const headers = new Headers(this.#options.headers)
    if (operation.accept !== undefined) headers.set('accept', operation.accept)
    if (encoded?.contentType !== undefined) headers.set('content-type', encoded.contentType)
    if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey)
    const cookie = cookieString(parameters, cookies)
    if (cookie !== '') headers.set('cookie', cookie)
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (!present(value)) continue
      const known = parameters.find((parameter) => parameter.in === 'header' && parameter.name === name)
      headers.set(name, headerValue(known, value))
    }
    return { operation, url, headers, body: encoded, options }
  }
}

type Outcome<T> =
  | { readonly value: T }
  | { readonly error: SdkError; readonly status?: number; readonly retryAfter: number | undefined }

/** A time limit joined with the caller's own signal. */
class Deadline {
  readonly milliseconds: number
  readonly #controller = new AbortController()
  readonly #timer: ReturnType<typeof setTimeout>
  readonly #outer: AbortSignal | undefined
  #passed = false

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.milliseconds = milliseconds
    this.#outer = outer
    this.#timer = setTimeout(() => {
      this.#passed = true
      this.#controller.abort()
    }, milliseconds)
    if (outer?.aborted === true) this.#controller.abort(outer.reason)
    outer?.addEventListener('abort', this.#forward, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get passed(): boolean {
    return this.#passed
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#forward)
  }

  readonly #forward = (): void => this.#controller.abort(this.#outer?.reason)
}
