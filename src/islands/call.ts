import { ANONYMOUS, heldScopes, tokenCredentials } from '../access/credentials.ts'
import { type Decision, decide } from '../access/decide.ts'
import { type TraceRow, trace } from '../access/trace.ts'
import { absentFields } from '../docs/absent-fields.ts'
import { type JsonLine, jsonLines } from '../docs/json-lines.ts'
import { isJson } from '../docs/media-type.ts'
import type { TryForm } from '../docs/try-it.ts'
import type { TryRequest } from '../docs/try-request.ts'
import type { ApiModel, Operation } from '../model/api.ts'
import type { BrowserSandbox } from '../sandbox/browser.ts'

export interface Outcome {
  readonly status: number
  /** Milliseconds. */
  readonly time: number
  readonly headers: readonly (readonly [string, string])[]
  readonly lines: readonly JsonLine[]
  /** Why it was refused, and what would open it; undefined where it wasn't. */
  readonly refusal?: { readonly why: string; readonly missing: readonly (readonly string[])[] }
  readonly trace: readonly TraceRow[]
}

interface Call {
  readonly modelUrl: string
  readonly form: TryForm
  readonly request: TryRequest
  /** Undefined: no token is sent. */
  readonly scopes: readonly string[] | undefined
}

interface World {
  readonly model: ApiModel
  readonly sandbox: BrowserSandbox
  readonly basePath: string
}

/** As `/apis/{api}/model.json` gives it. */
interface ModelFile {
  readonly model: ApiModel
  readonly seed: Readonly<Record<string, readonly unknown[]>>
}

let world: Promise<World> | undefined

/** The sandbox keeps its world as long as the page is open. */
async function open(modelUrl: string): Promise<World> {
  const response = await fetch(modelUrl)
  if (!response.ok) throw new Error(`the model of the API can’t be read (${response.status})`)
  const { model, seed }: ModelFile = await response.json()
  // Its size is only paid for by those who send something; and it is nothing that a server could load.
  const { startBrowserSandbox } = await import('../sandbox/browser.ts')
  const basePath = `/sandbox/${model.name}`
  return {
    model,
    basePath,
    sandbox: await startBrowserSandbox({ model, data: seed, basePath, audience: 'this sandbox' }),
  }
}

export async function call({ modelUrl, form, request, scopes }: Call): Promise<Outcome> {
  world ??= open(modelUrl)
  const { model, sandbox, basePath } = await world.catch((error: unknown) => {
    world = undefined
    throw error
  })
  const operation = model.operations.find(({ id }) => id === form.operation)
  if (operation === undefined) throw new Error('the API no longer has this operation; load the page again')
  const headers = new Headers(request.headers.map(([name, value]): [string, string] => [name, value]))
  if (scopes !== undefined) headers.set('authorization', `Bearer ${await sandbox.issue(scopes)}`)
  const start = performance.now()
  const response = await fetch(basePath + request.path, {
    method: request.method,
    headers,
    ...(request.body !== undefined && { body: request.body }),
  })
  const text = await response.text()
  const time = performance.now() - start
  return {
    status: response.status,
    time,
    headers: interesting(response.headers),
    ...explain({ model, operation, scopes, response, text }),
  }
}

interface Answer {
  readonly model: ApiModel
  readonly operation: Operation
  readonly scopes: readonly string[] | undefined
  readonly response: Response
  readonly text: string
}

function explain({ model, operation, scopes, response, text }: Answer): Pick<Outcome, 'lines' | 'refusal' | 'trace'> {
  const body = isJson(response.headers.get('content-type') ?? '') ? parsed(text) : undefined
  const credentials = scopes === undefined ? ANONYMOUS : tokenCredentials(model, scopes)
  const decision = decide(operation, credentials)
  const refused = response.status === 401 || response.status === 403
  const lines =
    body === undefined ? textLines(text) : shown(body, model, operation, response.status, heldScopes(credentials))
  return {
    lines,
    ...(refused && { refusal: refusal(body, decision) }),
    trace: steps(body, operation, credentials, decision, scopes),
  }
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
    ...(scopes !== undefined && { token: { scopes }, audience: 'this sandbox' }),
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

function shown(
  body: unknown,
  model: ApiModel,
  operation: Operation,
  status: number,
  held: ReadonlySet<string>,
): JsonLine[] {
  const described = operation.responses.find((response) => response.status === String(status))
  const schema = described?.content.find(({ type }) => isJson(type))?.schema
  // The trace is drawn below the body.
  const told =
    member(body, 'trace') === undefined
      ? body
      : Object.fromEntries(Object.entries(body ?? {}).filter(([name]) => name !== 'trace'))
  const full = absentFields(told, schema, model.schemas, held)
  return jsonLines(full.body, full.withheld)
}

function textLines(text: string): JsonLine[] {
  if (text === '') return []
  return text
    .split('\n')
    .slice(0, 100)
    .map((line) => ({ depth: 0, text: line.slice(0, 400) }))
}

const HEADERS = ['content-type', 'location', 'www-authenticate', 'etag', 'link', 'retry-after']

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
