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

  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message }
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

  override toJSON(): Record<string, unknown> {
    const { status, operation, problem, requestId } = this
    return { ...super.toJSON(), status, operation, problem, requestId }
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

/** 403 `insufficient_scope` (RFC 6750 section 3.1): the token is good, and holds too little. */
export class InsufficientScopeError extends ApiError {
  override readonly name: string = 'InsufficientScopeError'
  readonly required: readonly string[]
  readonly granted: readonly string[]
  readonly missing: readonly string[]

  constructor(details: ApiErrorDetails, required: readonly string[], granted: readonly string[]) {
    const missing = required.filter((scope) => !granted.includes(scope))
    super(
      details,
      `${details.operation} needs ${missing.join(' ') || 'more scopes'}; granted: ${granted.join(' ') || 'none'}`,
    )
    this.required = required
    this.granted = granted
    this.missing = missing
  }

  override toJSON(): Record<string, unknown> {
    const { required, granted, missing } = this
    return { ...super.toJSON(), required, granted, missing }
  }
}

/** No token could be had, or the API refused the one that there was (401). */
export class AuthenticationError extends SdkError {
  override readonly name: string = 'AuthenticationError'
  /** The OAuth error code, such as `invalid_client`. */
  readonly code: string | undefined
  readonly status: number | undefined
  readonly requestId: string | undefined

  constructor(
    message: string,
    details: { code?: string | undefined; status?: number | undefined; requestId?: string | undefined } = {},
  ) {
    super(message)
    this.code = details.code
    this.status = details.status
    this.requestId = details.requestId
  }

  override toJSON(): Record<string, unknown> {
    const { code, status, requestId } = this
    return { ...super.toJSON(), code, status, requestId }
  }
}

/** The error class for a status. */
export function apiError(details: ApiErrorDetails): ApiError {
  const { status } = details
  if (status === 400 || status === 422) return new BadRequestError(details)
  if (status === 403) return new ForbiddenError(details)
  if (status === 404 || status === 410) return new NotFoundError(details)
  if (status === 409 || status === 412) return new ConflictError(details)
  if (status === 429) return new RateLimitError(details)
  if (status >= 500) return new ServerError(details)
  return new ApiError(details)
}

function describe({ operation, status, problem }: ApiErrorDetails): string {
  const said = [problem?.title, problem?.detail].filter((part) => typeof part === 'string' && part !== '')
  return `${operation}: ${[status, ...said].join(' – ')}`
}
