import { ANONYMOUS, heldScopes, tokenCredentials } from '../access/credentials.ts'
import { type Decision, decide } from '../access/decide.ts'
import { type TraceRow, trace } from '../access/trace.ts'
import { absentFields } from '../docs/absent-fields.ts'
import { isJson } from '../docs/media-type.ts'
import type { TryForm } from '../docs/try-it.ts'
import type { TryRequest } from '../docs/try-request.ts'
import type { ApiModel, Operation } from '../model/api.ts'
import { tryAnswer, tryIt } from '../wording/wording.ts'
import { type BodyView, jsonView, MOST_SHOWN, textView } from './body-view.ts'
import { browserWorld, fetchFromServer, modelOf, sandboxPath } from './browser-world.ts'

export interface Outcome {
  readonly status: number
  /** Milliseconds. */
  readonly time: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: BodyView
  /** Why it was refused, and what would open it; undefined where it wasn't. */
  readonly refusal?: { readonly why: string; readonly missing: readonly (readonly string[])[] }
  readonly trace: readonly TraceRow[]
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

interface Answer {
  readonly model: ApiModel
  readonly operation: Operation
  readonly scopes: readonly string[] | undefined
  readonly received: { readonly status: number; readonly type: string; readonly blob: Blob }
}

async function explain({
  model,
  operation,
  scopes,
  received: { status, type, blob },
}: Answer): Promise<Pick<Outcome, 'body' | 'refusal' | 'trace'>> {
  const readable = blob.size <= MOST_SHOWN && isText(type)
  const text = readable ? await blob.text() : ''
  const value = readable && isJson(type) ? parsed(text) : undefined
  const credentials = scopes === undefined ? ANONYMOUS : tokenCredentials(model, scopes)
  const decision = decide(operation, credentials)
  const body: BodyView =
    blob.size === 0
      ? { kind: 'none' }
      : !readable
        ? { kind: 'file', type, size: blob.size, blob }
        : value === undefined
          ? textView(text)
          : jsonBody(value, model, operation, status, heldScopes(credentials))
  return {
    body,
    ...((status === 401 || status === 403) && { refusal: refusal(value, decision) }),
    trace: steps(value, operation, credentials, decision, scopes),
  }
}

function jsonBody(
  body: unknown,
  model: ApiModel,
  operation: Operation,
  status: number,
  held: ReadonlySet<string>,
): BodyView {
  const described = operation.responses.find((response) => response.status === String(status))
  const schema = described?.content.find(({ type }) => isJson(type))?.schema
  // The trace is drawn below the body.
  const told =
    member(body, 'trace') === undefined
      ? body
      : Object.fromEntries(Object.entries(body ?? {}).filter(([name]) => name !== 'trace'))
  const { body: full, withheld } = absentFields(told, schema, model.schemas, held)
  return jsonView(full, withheld)
}

/** The sandbox says itself how it decided; elsewhere the same function is asked again. */
function steps(
  body: unknown,
  operation: Operation,
  credentials: ReturnType<typeof tokenCredentials>,
  decision: Decision,
  scopes: readonly string[] | undefined,
): TraceRow[] {
  const told = member(body, 'trace')
  if (Array.isArray(told)) return told as TraceRow[]
  return trace({
    operation,
    credentials,
    decision,
    ...(scopes !== undefined && { token: { scopes }, audience: tryIt.thisSandbox }),
  })
}

function refusal(body: unknown, decision: Decision): NonNullable<Outcome['refusal']> {
  const detail = member(body, 'detail')
  const missing = member(body, 'missing')
  return {
    why: typeof detail === 'string' ? detail : decision.why,
    missing: Array.isArray(missing) ? (missing as string[][]) : decision.allow ? [] : decision.missing,
  }
}

function isText(type: string): boolean {
  return isJson(type) || /^text\/|xml|yaml|csv|x-www-form-urlencoded|ndjson|json-seq|jsonl/i.test(type)
}

const HEADERS = ['content-type', 'location', 'www-authenticate', 'etag', 'link', 'retry-after', 'preference-applied']

function interesting(headers: Headers): [string, string][] {
  return HEADERS.flatMap((name): [string, string][] => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
}

function member(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
