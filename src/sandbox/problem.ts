import type { Answer } from './call.ts'

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  507: 'Insufficient Storage',
}

/** One value of the request that doesn't fit its description. */
export interface InvalidValue {
  readonly in: 'body' | 'path' | 'query' | 'header' | 'cookie' | 'response'
  /** JSON Pointer (RFC 6901) into that place, parameters being its members. */
  readonly pointer: string
  readonly detail: string
}

/** Problem details (RFC 9457). */
export function problem(
  status: number,
  detail: string,
  members: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, ...members }),
  }
}

/** A problem with the request's values, one by one. */
export function invalid(status: 400 | 422 | 500, detail: string, errors: readonly InvalidValue[]): Answer {
  return problem(status, detail, { errors })
}
