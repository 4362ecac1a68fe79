/** Problem details (RFC 9457), as far as a server gives them. */
export interface Problem {
  readonly type?: string
  readonly title?: string
  readonly status?: number
  readonly detail?: string
  readonly instance?: string
  readonly [extension: string]: unknown
}

/** Everything that a client throws by itself. No error holds a token, a secret or a request's headers. */
export class SdkError extends Error {
  override readonly name: string = 'SdkError'

  /** Without the body, which may hold what isn't for a log. */
  toJSON(): object {
    return { ...this, message: this.message, body: undefined }
  }
}

/** The client was given options that can't work. */
export class ConfigurationError extends SdkError {
  override readonly name: string = 'ConfigurationError'
}

/** No answer: the connection failed, or broke off. */
export class ConnectionError extends SdkError {
  override readonly name: string = 'ConnectionError'
}

/** No answer in time. */
export class TimeoutError extends SdkError {
  override readonly name: string = 'TimeoutError'
}

/** The answer isn't what the document promises: HTML in the place of JSON, say. */
export class UnexpectedResponseError extends SdkError {
  override readonly name: string = 'UnexpectedResponseError'
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

export interface ApiErrorDetails {
  readonly status: number
  readonly operation: string
  readonly problem?: Problem | undefined
  /** The body: parsed where it is JSON. */
  readonly body?: unknown
  readonly requestId?: string | undefined
  readonly retryAfter?: number | undefined
}

/** The API refused: a status of 400 or above. */
export class ApiError extends SdkError implements ApiErrorDetails {
  override readonly name: string = 'ApiError'
  declare readonly status: number
  declare readonly operation: string
  declare readonly problem: Problem | undefined
  declare readonly body: unknown
  declare readonly requestId: string | undefined
  /** Milliseconds, as the server asked. */
  declare readonly retryAfter: number | undefined

  constructor(details: ApiErrorDetails, message?: string) {
    super(message ?? describe(details))
    Object.assign(this, details)
  }
}

/** 400 and 422. */
export class BadRequestError extends ApiError {
  override readonly name: string = 'BadRequestError'
}

/** 403, for another reason than scopes. */
export class ForbiddenError extends ApiError {
  override readonly name: string = 'ForbiddenError'
}

/** 404 and 410. */
export class NotFoundError extends ApiError {
  override readonly name: string = 'NotFoundError'
}

/** 409 and 412. */
export class ConflictError extends ApiError {
  override readonly name: string = 'ConflictError'
}

/** 429. */
export class RateLimitError extends ApiError {
  override readonly name: string = 'RateLimitError'
}

/** 5xx. */
export class ServerError extends ApiError {
  override readonly name: string = 'ServerError'
}

/**
 * 403 `insufficient_scope` (RFC 6750 section 3.1): the token is good, and holds too little. Also where the authorization
 * server gives no token with the scopes (`invalid_scope`, RFC 6749 section 5.2); the status is its own then.
 */
export class InsufficientScopeError extends ApiError {
  override readonly name: string = 'InsufficientScopeError'
  declare readonly required: readonly string[]
  declare readonly granted: readonly string[]
  declare readonly missing: readonly string[]
  /** Where the missing scopes can be asked for, if the server says. */
  declare readonly link: string | undefined

  /** @param why in the place of what the scopes say */
  constructor(
    details: ApiErrorDetails,
    required: readonly string[],
    granted: readonly string[],
    link?: string,
    why?: string,
  ) {
    const missing = required.filter((scope) => !granted.includes(scope))
    const said = why ?? `needs ${missing.join(' ') || 'more scopes'}; granted: ${granted.join(' ') || 'none'}`
    const all = { ...details, required, granted, missing, link }
    super(all, `${details.operation} ${said}${link ? `; ask at ${link}` : ''}`)
  }
}

export interface AuthenticationErrorDetails {
  readonly code?: string | undefined
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  readonly link?: string | undefined
  readonly scope?: string | undefined
}

/** No token could be had, or the API refused the one that there was (401). */
export class AuthenticationError extends SdkError {
  override readonly name: string = 'AuthenticationError'
  /** The OAuth error code, such as `invalid_client`. */
  declare readonly code: string | undefined
  declare readonly status: number | undefined
  declare readonly requestId: string | undefined
  /** Where the authorization server says more (`error_uri`, RFC 6749 section 5.2). */
  declare readonly link: string | undefined
  /** What it names as refused, separated by spaces. */
  declare readonly scope: string | undefined

  constructor(message: string, details: AuthenticationErrorDetails = {}) {
    super(message)
    Object.assign(this, details)
  }
}

const BY_STATUS: Readonly<Record<number, typeof ApiError>> = {
  400: BadRequestError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  410: NotFoundError,
  412: ConflictError,
  422: BadRequestError,
  429: RateLimitError,
}

/** The error class for a status. */
export function apiError(details: ApiErrorDetails): ApiError {
  return new (BY_STATUS[details.status] ?? (details.status < 500 ? ApiError : ServerError))(details)
}

function describe({ operation, status, problem }: ApiErrorDetails): string {
  const said = [problem?.title, problem?.detail].filter((part) => typeof part === 'string' && part !== '')
  return `${operation}: ${[status, ...said].join(' – ')}`
}
