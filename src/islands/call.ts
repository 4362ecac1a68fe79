import type { TryForm } from '../docs/try-it.ts'
import type { TryRequest } from '../docs/try-request.ts'
import { tryAnswer } from '../wording/wording.ts'
import { browserWorld, fetchFromServer, modelOf, sandboxPath } from './browser-world.ts'
import { type Explanation, explain } from './explanation.ts'

export interface Outcome extends Explanation {
  readonly status: number
  /** Milliseconds. */
  readonly time: number
  readonly headers: readonly (readonly [string, string])[]
}

/** The sandbox in this page, or the one on the server. */
export type Place = 'browser' | 'server'

export interface Call {
  readonly modelUrl: string
  readonly form: TryForm
  readonly request: TryRequest
  readonly place: Place
  /** Undefined: no token is sent. */
  readonly token: { readonly value: string; readonly scopes: readonly string[] } | undefined
  /** `Prefer` (RFC 7240): what the sandbox is asked to do, such as to fail. */
  readonly prefer: string
  readonly signal: AbortSignal
}

export async function call({ modelUrl, form, request, place, token, prefer, signal }: Call): Promise<Outcome> {
  const model = place === 'browser' ? (await browserWorld(modelUrl)).model : await modelOf(modelUrl)
  const operation = model.operations.find(({ id }) => id === form.operation)
  if (operation === undefined) throw new Error(tryAnswer.noOperation)
  const headers = new Headers(request.headers.map(([name, value]): [string, string] => [name, value]))
  if (token !== undefined) headers.set('authorization', `Bearer ${token.value}`)
  if (prefer !== '') headers.set('prefer', prefer)
  const start = performance.now()
  const response = await (place === 'server' ? fetchFromServer : fetch)(sandboxPath(form.api) + request.path, {
    method: request.method,
    headers,
    signal,
    ...(request.body !== undefined && { body: request.body }),
  })
  const blob = await response.blob()
  const time = performance.now() - start
  const received = { status: response.status, type: response.headers.get('content-type') ?? '', blob }
  return {
    status: response.status,
    time,
    headers: interesting(response.headers),
    ...(await explain({ model, operation, scopes: token?.scopes, received })),
  }
}

const HEADERS = ['content-type', 'location', 'www-authenticate', 'etag', 'link', 'retry-after', 'preference-applied']

function interesting(headers: Headers): [string, string][] {
  return HEADERS.flatMap((name): [string, string][] => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
}
