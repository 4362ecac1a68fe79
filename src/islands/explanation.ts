import { ANONYMOUS, type Credentials, heldScopes, tokenCredentials } from '../access/credentials.ts'
import { type Decision, decide } from '../access/decide.ts'
import { type TraceRow, trace } from '../access/trace.ts'
import { absentFields } from '../docs/absent-fields.ts'
import type { ApiModel, Operation } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import { tryIt } from '../wording/wording.ts'
import { type BodyView, jsonView, MOST_SHOWN, textView } from './body-view.ts'

/** What came back, and why. */
export interface Explanation {
  readonly body: BodyView
  /** Why it was refused, and what would open it; undefined where it wasn't. */
  readonly refusal?: { readonly why: string; readonly missing: readonly (readonly string[])[] }
  readonly trace: readonly TraceRow[]
}

export interface Answer {
  readonly model: ApiModel
  readonly operation: Operation
  /** Of the token that was sent, if one was. */
  readonly scopes: readonly string[] | undefined
  readonly received: { readonly status: number; readonly type: string; readonly blob: Blob }
}

export async function explain({
  model,
  operation,
  scopes,
  received: { status, type, blob },
}: Answer): Promise<Explanation> {
  const readable = blob.size <= MOST_SHOWN && isText(type)
  const text = readable ? await blob.text() : ''
  const value = readable && isJson(type) ? parsed(text) : undefined
  const credentials = scopes === undefined ? ANONYMOUS : tokenCredentials(model, scopes)
  const decision = decide(operation, credentials)
  const refused = status === 401 || status === 403
  const denial = refused && isDenial(value) ? value : undefined
  const body: BodyView =
    blob.size === 0
      ? { kind: 'none' }
      : !readable
        ? { kind: 'file', type, size: blob.size, blob }
        : value === undefined
          ? textView(text)
          : jsonBody(denial === undefined ? value : untraced(denial), model, operation, status, heldScopes(credentials))
  return {
    body,
    ...(refused && { refusal: refusal(value, denial, decision) }),
    trace: denial?.trace ?? steps(operation, credentials, decision, scopes),
  }
}

/** What the sandbox says of a denial (`sandbox/denial.ts`), as far as it is told apart from a document's own 403. */
interface Denial {
  readonly missing: readonly (readonly string[])[]
  readonly trace: readonly TraceRow[]
}

function isDenial(body: unknown): body is Denial {
  const [missing, trace] = [member(body, 'missing'), member(body, 'trace')]
  return Array.isArray(missing) && missing.every(Array.isArray) && Array.isArray(trace) && trace.every(isTraceRow)
}

const STATES: readonly unknown[] = ['open', 'scope', 'shut', 'unknown'] satisfies TraceRow['state'][]

function isTraceRow(row: unknown): row is TraceRow {
  return (
    typeof member(row, 'check') === 'string' &&
    typeof member(row, 'evidence') === 'string' &&
    STATES.includes(member(row, 'state'))
  )
}

/** The trace is drawn below the body. */
function untraced({ trace: _, ...rest }: Denial): unknown {
  return rest
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
  const { body: full, withheld } = absentFields(body, schema, model.schemas, held)
  return jsonView(full, withheld)
}

/** Where the sandbox doesn't say how it decided, the same function is asked again. */
function steps(
  operation: Operation,
  credentials: Credentials,
  decision: Decision,
  scopes: readonly string[] | undefined,
): TraceRow[] {
  return trace({
    operation,
    credentials,
    decision,
    ...(scopes !== undefined && { token: { scopes }, audience: tryIt.thisSandbox }),
  })
}

function refusal(body: unknown, denial: Denial | undefined, decision: Decision): NonNullable<Explanation['refusal']> {
  const detail = member(body, 'detail')
  return {
    why: typeof detail === 'string' ? detail : decision.why,
    missing: denial?.missing ?? (decision.allow ? [] : decision.missing),
  }
}

function isText(type: string): boolean {
  return isJson(type) || /^text\/|xml|yaml|csv|x-www-form-urlencoded|ndjson|json-seq|jsonl/i.test(type)
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
