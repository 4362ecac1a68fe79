import { formatChallenge } from '../access/challenge.ts'
import type { Deny } from '../access/decide.ts'
import type { Withheld } from '../access/redact.ts'
import { type TraceInput, trace } from '../access/trace.ts'
import type { Operation } from '../model/api.ts'
import type { Answer } from './call.ts'
import type { Caller } from './caller.ts'
import { problem } from './problem.ts'

/** What was denied to whom. */
export interface Denial {
  readonly operation: Operation
  readonly caller: Caller
  readonly decision: Deny
  /** IP address of the caller, where that is known. */
  readonly address?: string | undefined
  /** Gated values that were sent. */
  readonly sent?: readonly Withheld[]
}

/** What `counsel` is told. */
export interface Denied extends Pick<Denial, 'address'>, Pick<Caller, 'clientId' | 'sub'> {
  /** Ways out: what is missing, and what a token would be asked for with it, of the scopes that matter here. */
  readonly ways: readonly { readonly missing: readonly string[]; readonly asked: readonly string[] }[]
}

/** What someone who was denied is told besides. */
export interface Counsel {
  /** Where the missing scopes are to be had. */
  readonly link?: string
  /** What the access policies say of them. */
  readonly policy?: NonNullable<TraceInput['policy']>
}

export interface DenialOptions {
  /** URL of the protected resource's metadata (RFC 9728). */
  readonly resourceMetadata?: string
  readonly audience?: string
  /** Asked at denials alone. */
  readonly counsel?: (denied: Denied) => Promise<Counsel>
}

/** 401 or 403: the challenge of RFC 6750, and as problem details how it came about. */
export async function denial(denied: Denial, options: DenialOptions): Promise<Answer> {
  const { operation, caller, decision, address, sent = [] } = denied
  const { clientId, sub, credentials, token } = caller
  const { audience } = options
  const { status, missing, why } = decision
  const { link, policy } =
    (await options.counsel?.({ clientId, sub, address, ways: missing.map((set) => way(denied, set)) })) ?? {}
  const rows = trace({
    operation,
    credentials,
    decision,
    sent,
    ...(token === undefined ? {} : { token }),
    ...(audience === undefined ? {} : { audience }),
    ...(policy === undefined ? {} : { policy }),
  })
  return problem(
    status,
    why,
    {
      ...(decision.error === undefined ? {} : { error: decision.error }),
      missing,
      why,
      ...(sent.length === 0 ? {} : { fields: sent }),
      trace: rows,
      ...(link === undefined ? {} : { link }),
    },
    { 'www-authenticate': formatChallenge(decision.challenge, options.resourceMetadata) },
  )
}

function way({ operation, caller }: Denial, missing: readonly string[]): Denied['ways'][number] {
  const { requirement, fields } = operation
  const matter = new Set([
    ...requirement.alternatives.flat().flatMap(({ scopes }) => scopes),
    ...fields.request.flatMap(({ scopes }) => scopes),
  ])
  const kept = (caller.token?.scopes ?? []).filter((scope) => matter.has(scope) && !missing.includes(scope))
  return { missing, asked: [...kept, ...missing] }
}
