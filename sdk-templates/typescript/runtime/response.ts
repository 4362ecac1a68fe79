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
import { redact } from './redact.ts'
import { retryAfter } from './retry.ts'
import { isRecord } from './styles.ts'
import type { Token } from './tokens.ts'

/** JSON, where there is any to be expected. Values that the document doesn't know come through as they are. */
export async function readJson(operation: Operation, response: Response): Promise<unknown> {
  if (operation.accept === undefined || isEmpty(operation, response)) return nothing(response)
  const { status } = response
  const type = response.headers.get('content-type')
  const text = await response.text()
  if (text === '' && operation.mayBeEmpty) return undefined
  if (type === null || isJson(type)) {
    try {
      return JSON.parse(text)
    } catch {
      throw new UnexpectedResponseError(`${operation.id}: the server's JSON is broken`, status)
    }
  }
  if (operation.accept.startsWith('*')) return text
  throw new UnexpectedResponseError(`${operation.id}: expected JSON, got ${type}`, status)
}

export async function readText(operation: Operation, response: Response): Promise<string | undefined> {
  return isEmpty(operation, response) ? nothing(response) : response.text()
}

export async function readBlob(operation: Operation, response: Response): Promise<Blob | undefined> {
  return isEmpty(operation, response) ? nothing(response) : response.blob()
}

function isEmpty(operation: Operation, { status }: Response): boolean {
  return status === 204 || status === 205 || operation.method === 'HEAD'
}

async function nothing(response: Response): Promise<undefined> {
  await response.body?.cancel()
}

/** The error that a refusal is. Reads the body. */
export async function failure(operation: Operation, response: Response, token: Token | undefined): Promise<SdkError> {
  const { status, headers } = response
  // A server may echo what it was sent.
  const clean = (text: string): string => redact(text, [token?.accessToken])
  const text = clean((await response.text()).slice(0, 65_536))
  const raw = parsed(text, headers.get('content-type') ?? '')
  const { dates } = operation
  const body = dates?.failures ? dates.revive(raw, dates.failures) : raw
  const requestId = headers.get('x-request-id') ?? headers.get('request-id') ?? undefined
  const details: ApiErrorDetails = {
    status,
    operation: operation.id,
    problem: isRecord(body) ? (body as Problem) : undefined,
    body,
    requestId,
    retryAfter: retryAfter(headers),
  }
  const challenge = bearerChallenge(clean(headers.get('www-authenticate') ?? ''))
  if (status === 401) {
    const code = challenge?.error
    const why = token ? 'the token was refused' : 'it was called without a token'
    return new AuthenticationError(`${operation.id}: ${why} (401${code ? `, ${code}` : ''})`, {
      code,
      status,
      requestId,
    })
  }
  if (status === 403) {
    const granted = token?.scopes ?? []
    const [first = []] = operation.scopes ?? []
    const link = details.problem?.link as string | undefined
    if (challenge?.error === 'insufficient_scope')
      return new InsufficientScopeError(details, challenge.scope.length > 0 ? challenge.scope : first, granted, link)
    // A browser shows the challenge only if the server exposes it; what the document asks for is known, too.
    const known = token?.scopes !== undefined && first.length > 0
    if (known && !operation.scopes?.some((scopes) => scopes.every((scope) => granted.includes(scope))))
      return new InsufficientScopeError(details, first, granted, link)
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
