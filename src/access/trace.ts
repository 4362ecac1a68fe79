import type { Alternative } from '../model/api.ts'
import type { Credentials } from './credentials.ts'
import { check, type Decidable, type Decision } from './decide.ts'
import type { Withheld } from './redact.ts'

/** One step on the way to a decision. */
export interface TraceRow {
  /** `token`, `audience`, `alternative 1` …, `policy`, `fields`, `result`. */
  readonly check: string
  readonly state: 'open' | 'scope' | 'shut' | 'unknown'
  readonly evidence: string
  /** The one step that settled the result. */
  readonly decides: boolean
  readonly evaluated: boolean
}

export interface TraceInput {
  readonly operation: Decidable
  readonly credentials: Credentials
  readonly decision: Decision
  /** Absent: none was presented. */
  readonly token?: TokenFacts
  /** The audience that the API takes. */
  readonly audience?: string
  /** What the policies said of the token, where that is known. An `Evaluation` of `policy/` fits. */
  readonly policy?:
    | {
        readonly granted: true
        readonly policy: string
        readonly rule: string
        /** Of what is missing: what would be granted on request. */
        readonly further?: readonly string[]
      }
    | { readonly granted: false; readonly reason: string }
  /** Gated values that the request carries and its sender may not send: `decision` is then the deny that follows. */
  readonly sent?: readonly Withheld[]
}

export interface TokenFacts {
  readonly clientId?: string
  readonly scopes?: readonly string[]
  /** Why it is no good. */
  readonly refused?: { readonly check: 'token' | 'audience'; readonly reason: string }
}

/** How a decision came about: token, audience, alternatives, policy, fields, result. Exactly one row decides. */
export function trace(input: TraceInput): TraceRow[] {
  const before = [tokenRow(input), audienceRow(input)]
  const alternatives = alternativeRows(input)
  const rows = [...before, ...alternatives, policyRow(input), fieldsRow(input)]
  const decider = rows.indexOf(deciding(input, before, alternatives, rows))
  return [...rows.map((row, index) => ({ ...row, decides: index === decider })), resultRow(input)]
}

type Undecided = Omit<TraceRow, 'decides'>

function tokenRow({ token, decision }: TraceInput): Undecided {
  if (token === undefined) return row('token', decision.allow ? 'open' : 'shut', 'none was sent')
  if (token.refused?.check === 'token') return row('token', 'shut', token.refused.reason)
  const of = token.clientId === undefined ? 'good' : `of ${token.clientId}`
  return row('token', 'open', `${of}, ${token.scopes?.length ? token.scopes.join(' ') : 'without scopes'}`)
}

function audienceRow({ token, audience }: TraceInput): Undecided {
  if (token === undefined || token.refused?.check === 'token') return notEvaluated('audience')
  if (token.refused !== undefined) return row('audience', 'shut', token.refused.reason)
  return audience === undefined ? notEvaluated('audience') : row('audience', 'open', audience)
}

function alternativeRows({ operation, credentials, decision }: TraceInput): Undecided[] {
  const { alternatives } = operation.requirement
  const last = decision.allow ? decision.alternative : alternatives.length
  return alternatives.map((alternative, index) => {
    const name = `alternative ${index + 1}`
    const refused = credentials.invalid !== undefined && !decision.allow
    return index > last || refused ? notEvaluated(name) : alternativeRow(name, alternative, credentials)
  })
}

function alternativeRow(name: string, alternative: Alternative, credentials: Credentials): Undecided {
  const { schemes, scopes, byScopes } = check(alternative, credentials)
  if (schemes.length === 0 && scopes.length === 0) {
    const held = [...new Set(alternative.flatMap((requirement) => requirement.scopes))]
    if (alternative.length === 0) return row(name, 'open', 'anyone')
    return row(name, 'open', held.length === 0 ? 'credentials held' : `${held.join(', ')}: held`)
  }
  const lacking = [
    ...schemes.map((scheme) => `${scheme}: no credentials`),
    ...scopes.map((scope) => `${scope}: not held`),
  ]
  return row(name, byScopes ? 'scope' : 'shut', lacking.join(', '))
}

function policyRow({ policy }: TraceInput): Undecided {
  if (policy === undefined) return notEvaluated('policy')
  if (!policy.granted) return row('policy', 'shut', policy.reason)
  const rule = `${policy.policy} › ${policy.rule}`
  return row('policy', 'open', policy.further === undefined ? rule : `${rule}: grants ${policy.further.join(' ')}`)
}

function fieldsRow({ decision, sent }: TraceInput): Undecided {
  if (sent !== undefined && sent.length > 0) {
    const named = sent.map(({ path, scopes }) => `${path || 'the body'} needs ${scopes.join(' and ')}`)
    return row('fields', 'shut', named.join(', '))
  }
  if (!decision.allow) return notEvaluated('fields')
  if (decision.hiddenFields.length === 0) return row('fields', 'open', 'none is withheld')
  const named = decision.hiddenFields.map(({ name, scopes }) => `${name} needs ${scopes.join(' and ')}`)
  return row('fields', 'scope', [...new Set(named)].join(', '))
}

function resultRow({ decision }: TraceInput): TraceRow {
  const evidence = decision.allow ? 'allowed' : [String(decision.status), decision.error].filter(Boolean).join(' ')
  return { ...row('result', decision.allow ? 'open' : 'shut', `${evidence}: ${decision.why}`), decides: false }
}

function deciding(
  { decision, credentials, token, policy, sent }: TraceInput,
  [tokenStep, audienceStep]: readonly Undecided[],
  alternatives: readonly Undecided[],
  rows: readonly Undecided[],
): Undecided {
  const [policyStep, fieldsStep] = rows.slice(-2)
  const fallback = alternatives[0] ?? rows[0] ?? notEvaluated('token')
  if (decision.allow) return alternatives[decision.alternative] ?? fallback
  if (sent !== undefined && sent.length > 0) return fieldsStep ?? fallback
  if (credentials.invalid !== undefined)
    return (token?.refused?.check === 'audience' ? audienceStep : tokenStep) ?? fallback
  if (policy?.granted === false) return policyStep ?? fallback
  if (token === undefined && credentials.held.length === 0) return tokenStep ?? fallback
  // The alternative that comes nearest: a scope away, or else the last one tried.
  return alternatives.find(({ state }) => state === 'scope') ?? alternatives.at(-1) ?? fallback
}

function row(check: string, state: TraceRow['state'], evidence: string): Undecided {
  return { check, state, evidence, evaluated: true }
}

function notEvaluated(check: string): Undecided {
  return { check, state: 'unknown', evidence: 'not evaluated', evaluated: false }
}
