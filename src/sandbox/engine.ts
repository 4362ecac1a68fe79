import { heldScopes } from '../access/credentials.ts'
import { type Decision, decide } from '../access/decide.ts'
import type { ApiModel } from '../model/api.ts'
import { type Answer, type Call, callOf, responseOf } from './call.ts'
import { identify, type Verify } from './caller.ts'
import { COMMON, options as corsOptions } from './cors.ts'
import { type DenialOptions, denial } from './denial.ts'
import { OperationHandlers } from './operation-handler.ts'
import { problem } from './problem.ts'
import { Router } from './router.ts'
import type { Finding } from './seeds.ts'

export interface SandboxOptions extends DenialOptions {
  readonly model: ApiModel
  /** Path that the API's paths stand below, without a slash at its end: `/sandbox/people`. */
  readonly basePath: string
  readonly verify: Verify
  /** Milliseconds since the epoch; the system's time unless given. */
  readonly clock?: () => number
  /** Whatever is made up is made from this. */
  readonly seed?: number
  /** What collections hold at first, by path: `{ '/employees': [{ … }] }`. */
  readonly data?: Readonly<Record<string, readonly unknown[]>>
  /** Told of every call, once it is answered. */
  readonly observe?: (event: SandboxEvent) => void
  /** Told of each fault of the document or the seed, when it is met. */
  readonly report?: (finding: Finding) => void
}

export interface SandboxEvent {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** As the document has it, below the base: `/employees/emp_1`. */
  readonly path: string
  readonly status: number
  readonly clientId?: string
  /** Id of the operation; absent where none was found. */
  readonly operation?: string
  readonly decision?: { readonly allow: boolean; readonly why: string }
  /** An exception: a bug of ours, answered with 500. */
  readonly error?: unknown
}

export interface Sandbox {
  fetch(request: Request): Promise<Response>
  /** The same without the web's objects, which cost more than the answer. */
  handle(call: Call): Promise<Answer>
  /** Forgets what apps changed. */
  reset(): void
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Facts = Writable<Pick<SandboxEvent, 'clientId' | 'operation' | 'decision'>>

/** One API, simulated: says no exactly as production would, keeps what is sent to it, answers as its document says. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { model, basePath, verify, observe, clock = Date.now } = options
  const router = new Router(model.operations)
  const handlers = new OperationHandlers({
    model,
    basePath,
    clock,
    seed: options.seed ?? 1,
    data: options.data ?? {},
    report: options.report ?? (() => undefined),
    denial: options,
  })

  const answer = async (call: Call, path: string | undefined, facts: Facts): Promise<Answer> => {
    if (path === undefined) return problem(404, `The sandbox of this API is at ${basePath}.`)
    const route = find(router, call.method, path)
    if (!route.found) {
      if (route.allow.length === 0) return problem(404, 'The document has no such path.')
      const allow = allowed(route.allow)
      if (call.method === 'OPTIONS') return corsOptions(call, allow)
      return problem(405, `${call.method} is not described for this path.`, {}, { allow: allow.join(', ') })
    }
    const { operation, parameters } = route
    facts.operation = operation.id
    const caller = await identify(model, call, verify)
    if (caller.clientId !== undefined) facts.clientId = caller.clientId
    const decision: Decision = decide(operation, caller.credentials)
    facts.decision = decision
    if (!decision.allow) return denial(operation, caller, decision, options)
    return handlers.answer(operation, call, parameters, caller, heldScopes(caller.credentials), facts)
  }

  const handle = async (call: Call): Promise<Answer> => {
    const facts: Facts = {}
    const path = below(basePath, call.path)
    let error: unknown
    const result = await answer(call, path, facts).catch((thrown: unknown) => {
      error = thrown
      return problem(500, 'The sandbox failed. This is a fault of the sandbox, not of your request.')
    })
    const { decision, ...rest } = facts
    observe?.({
      at: clock(),
      method: call.method,
      path: path ?? call.path,
      status: result.status,
      ...rest,
      ...(decision === undefined ? {} : { decision: { allow: decision.allow, why: decision.why } }),
      ...(error === undefined ? {} : { error }),
    })
    const headers = { ...COMMON, ...result.headers }
    if (call.method !== 'HEAD') return { ...result, headers }
    return { status: result.status, headers }
  }

  return {
    handle,
    fetch: async (request) => responseOf(await handle(callOf(request))),
    reset: () => handlers.reset(),
  }
}

/** HEAD is GET without the body, where the document doesn't describe it. */
function find(router: Router, method: string, path: string): ReturnType<Router['find']> {
  const route = router.find(method, path)
  return method === 'HEAD' && !route.found && route.allow.includes('GET') ? router.find('GET', path) : route
}

function allowed(methods: readonly string[]): string[] {
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].sort()
}

function below(basePath: string, path: string): string | undefined {
  if (path === basePath) return '/'
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined
}
