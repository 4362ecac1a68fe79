import { redact } from './authorization-server.ts'
import { bearerChallenge } from './challenge.ts'
import {
  type ApiErrorDetails,
  AuthenticationError,
  apiError,
  InsufficientScopeError,
  type Problem,
  type SdkError,
  UnexpectedResponseError,
} from './errors.ts'
import type { Operation } from './operation.ts'
import { isRecord } from './parameters.ts'
import { retryAfter } from './retry.ts'
import type { Token } from './tokens.ts'

/** The body of a success: parsed JSON, text, or a Blob, by what the server says it is. */
export async function decode(operation: Operation, response: Response): Promise<unknown> {
  const { status } = response
  if (status === 204 || status === 205 || operation.method === 'HEAD') return undefined
  const type = response.headers.get('content-type') ?? ''
  const expectsJson = operation.accept !== undefined && isJson(operation.accept)
  if (isJson(type) || (type === '' && expectsJson)) {
    const text = await response.text()
    if (text === '' && (operation.mayBeEmpty === true || operation.accept === undefined)) return undefined
    try {
      return JSON.parse(text)
    } catch {
      throw new UnexpectedResponseError(`${operation.id}: the server's JSON is broken`, status)
    }
  }
  if (operation.accept === undefined) {
    await response.body?.cancel()
    return undefined
  }
  if (expectsJson) {
    const text = await response.text()
    if (text === '' && operation.mayBeEmpty === true) return undefined
    throw new UnexpectedResponseError(`${operation.id}: expected JSON, got ${type || 'nothing'}`, status)
  }
  return /^(text\/|application\/(xml|.*\+xml))/i.test(type) ? response.text() : response.blob()
}

/** The error that a refusal is. Reads the body. */
export async function failure(operation: Operation, response: Response, token: Token | undefined): Promise<SdkError> {
  const { status, headers } = response
  // A server may echo what it was sent.
  const text = redact((await response.text()).slice(0, 65_536), [token?.accessToken])
  const body = parsed(text, headers.get('content-type') ?? '')
  const requestId = headers.get('x-request-id') ?? headers.get('request-id') ?? undefined
  const details: ApiErrorDetails = {
    status,
    operation: operation.id,
    problem: isRecord(body) ? (body as Problem) : undefined,
    body,
    requestId,
    retryAfter: retryAfter(headers),
  }
  const challenge = bearerChallenge(headers.get('www-authenticate'))
  if (status === 401) {
    const code = challenge?.error
    const why = token === undefined ? 'it was called without a token' : 'the token was refused'
    return new AuthenticationError(
      `${operation.id}: ${why} (401${code === undefined ? '' : `, ${redact(code, [token?.accessToken])}`})`,
      {
        code,
        status,
        requestId,
      },
    )
  }
  if (status === 403) {
    const granted = token?.scopes ?? []
    if (challenge?.error === 'insufficient_scope') {
      const required = challenge.scope.length > 0 ? challenge.scope : (operation.scopes?.[0] ?? [])
      return new InsufficientScopeError(details, required, granted)
    }
    // A browser shows the challenge only if the server exposes it; what the document asks for is known, too.
    const known = token?.scopes !== undefined && (operation.scopes ?? []).length > 0
    if (known && !operation.scopes?.some((scopes) => scopes.every((scope) => granted.includes(scope))))
      return new InsufficientScopeError(details, operation.scopes?.[0] ?? [], granted)
  }
  return apiError(details)
}

function parsed(text: string, type: string): unknown {
  if (text === '') return undefined
  if (!isJson(type)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function isJson(type: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(type)
}
