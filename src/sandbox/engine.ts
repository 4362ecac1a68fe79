import { heldScopes } from '../access/credentials.ts'
import { type Decision, decide } from '../access/decide.ts'
import type { ApiModel, Operation } from '../model/api.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { type Answer, type Call, callOf, responseOf } from './call.ts'
import { CallLog, type Facts, type LoggedCall } from './call-log.ts'
import { identify, type Verify } from './caller.ts'
import { COMMON, options as corsOptions } from './cors.ts'
import { type DenialOptions, denial } from './denial.ts'
import { EndedTokens } from './ended-tokens.ts'
import { OperationHandlers } from './operation-handler.ts'
import { OwnPaths } from './own-paths.ts'
import { readPreferences } from './preferences.ts'
import { problem } from './problem.ts'
import { findOperation, Router } from './router.ts'
import type { Finding } from './seeds.ts'
import { sessionOf } from './session.ts'

export interface SandboxOptions extends DenialOptions {
  readonly model: ApiModel
  /** Path that the API's paths stand below, without a slash at its end: `/sandbox/people`. */
  readonly basePath: string
  readonly verify: Verify
  /** The operations that an app may know of, where not everyone may know of all. The same array for the same answer. */
  readonly visibleTo?: (clientId: string | undefined) => Promise<readonly Operation[]>
  /** Answers at `/-/oauth/`, below the base: for sandboxes that have no other. */
  readonly authorizationServer?: AuthorizationServer
  /** Milliseconds since the epoch; the system's time unless given. */
  readonly clock?: () => number
  /** Whatever is made up is made from this. */
  readonly seed?: number
  /** What collections hold at first, by path: `{ '/employees': [{ … }] }`. */
  readonly data?: Readonly<Record<string, readonly unknown[]>>
  /** Ends answers that would go on by themselves, so that a server can stop. */
  readonly ending?: AbortSignal
  /** Told of every call, once it is answered. */
  readonly observe?: (event: SandboxEvent) => void
  /** Told of each fault of the document or the seed, when it is met. */
  readonly report?: (finding: Finding) => void
}

export interface SandboxEvent extends Omit<LoggedCall, 'id'> {
  /** An exception: a bug of ours, answered with 500. */
  readonly error?: unknown
}

export interface Sandbox {
  fetch(request: Request): Promise<Response>
  /** The same without the web's objects, which cost more than the answer. */
  handle(call: Call): Promise<Answer>
  /** Forgets what everyone changed. */
  reset(): void
  /** From now on the token counts as expired. */
  expire(token: string): void
  /** What was called. */
  readonly log: CallLog
}

/** One API, simulated: says no exactly as production would, keeps what is sent to it, answers as its document says. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { model, basePath, observe, clock = Date.now } = options
  const routers = new WeakMap<readonly Operation[], Router>()
  const routerOf = (operations: readonly Operation[]): Router => {
    const router = routers.get(operations) ?? new Router(operations)
    routers.set(operations, router)
    return router
  }
  const log = new CallLog()
  const ended = new EndedTokens(options.verify)
  const handlers = new OperationHandlers({
    model,
    basePath,
    clock,
    seed: options.seed ?? 1,
    data: options.data ?? {},
    report: options.report ?? (() => undefined),
    denial: options,
  })
  const own = new OwnPaths({
    ...options,
    verify: ended.verify,
    ended,
    log,
    reset: (session) => handlers.reset(session),
  })

  const answer = async (call: Call, path: string, facts: Facts): Promise<Answer> => {
    const caller = await identify(model, call, ended.verify)
    const operations = (await options.visibleTo?.(caller.clientId)) ?? model.operations
    const route = findOperation(routerOf(operations), call.method, path)
    if (!route.found) {
      // A preflight carries no token: whether there is such an operation for who will call, it isn't told.
      const asked = options.visibleTo === undefined ? undefined : call.header('access-control-request-method')
      if (call.method === 'OPTIONS' && asked !== undefined) return corsOptions(call, [...route.allow, asked])
      if (route.allow.length === 0) return problem(404, 'The document has no such path.')
      const allow = allowed(route.allow)
      if (call.method === 'OPTIONS') return corsOptions(call, allow)
      return problem(405, `${call.method} is not described for this path.`, {}, { allow: allow.join(', ') })
    }
    const { operation, parameters } = route
    facts.operation = operation.id
    const preferences = readPreferences(call.header('prefer'))
    if (typeof preferences === 'string') return problem(400, `Prefer: ${preferences}.`)
    if (caller.clientId !== undefined) facts.clientId = caller.clientId
    const session = sessionOf(call, caller)
    if (session === undefined) return problem(400, 'Sallyport-Session takes up to 128 letters, digits and -._~.')
    facts.session = session
    const { latency = 0 } = preferences
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
    const decision: Decision = decide(operation, caller.credentials)
    facts.decision = decision
    if (!decision.allow) return denial({ operation, caller, decision, address: call.address?.() }, options)
    const scopes = heldScopes(caller.credentials)
    return handlers.answer({ operation, call, path: parameters, caller, scopes, session, preferences, facts })
  }

  const handle = async (call: Call): Promise<Answer> => {
    const facts: Facts = {}
    let error: unknown
    const failed = (thrown: unknown): Answer => {
      error = thrown
      return problem(500, 'The sandbox failed. This is a fault of the sandbox, not of your request.')
    }
    const ours = own.answer(call)
    if (ours !== undefined) return complete(call, await ours.catch(failed))
    const path = below(basePath, call.path)
    const result =
      path === undefined
        ? problem(404, `The sandbox of this API is at ${basePath}.`)
        : await answer(call, path, facts).catch(failed)
    const { session, decision, ...rest } = facts
    const logged = {
      at: clock(),
      method: call.method,
      path: path ?? call.path,
      status: result.drop ? 0 : result.status,
      ...rest,
      ...(decision === undefined
        ? {}
        : { decision: { allow: decision.allow, why: decision.why, ...missing(decision) } }),
    }
    if (session !== undefined) log.record(session, logged)
    observe?.(error === undefined ? logged : { ...logged, error })
    return complete(call, result)
  }

  return {
    handle,
    fetch: async (request) => responseOf(await handle(callOf(request))),
    reset: () => handlers.reset(),
    expire: (token) => ended.expire(token),
    log,
  }
}

function complete(call: Call, result: Answer): Answer {
  const headers = { ...COMMON, ...result.headers }
  if (call.method !== 'HEAD') return { ...result, headers }
  return { status: result.status, headers }
}

function missing({ allow, missing }: NonNullable<Facts['decision']>): Pick<NonNullable<Facts['decision']>, 'missing'> {
  return allow || missing === undefined ? {} : { missing }
}

function allowed(methods: readonly string[]): string[] {
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].sort()
}

function below(basePath: string, path: string): string | undefined {
  if (path === basePath) return '/'
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined
}
