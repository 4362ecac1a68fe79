import { callable } from '../access/callable.ts'
import { heldScopes } from '../access/credentials.ts'
import { type Decision, type Deny, decide, hiddenFields, missing } from '../access/decide.ts'
import type { Alternative, ApiModel, Operation } from '../model/api.ts'
import type { Gate } from './gate.ts'
import { code, count, type Inline, names } from './inline.ts'
import type { Viewer } from './lens.ts'
import { alternativeInWords, credentialInWords, distinct } from './requirement.ts'

export interface Verdict {
  readonly gate: Gate
  /** False: nobody in particular is looking; the gate shows the requirement, not a judgement, and takes no colour. */
  readonly judged: boolean
  readonly sentence: readonly Inline[]
  /** For a row of a list; empty where it can be called. */
  readonly short: string
  /** The smallest sets of scopes that would open it. */
  readonly missing: readonly (readonly string[])[]
  readonly decision?: Decision
}

const MOST_NAMES = 6
const MOST_WAYS = 3

export function verdict(operation: Operation, viewer: Viewer, schemes: ApiModel['schemes']): Verdict {
  const { credentials } = viewer
  if (!operation.requirement.stated)
    return {
      gate: 'unknown',
      judged: false,
      sentence: ['The document doesn’t say who may call this.'],
      short: '',
      missing: [],
    }
  if (credentials === undefined) return requirementOnly(operation, schemes)
  const decision = decide(operation, credentials)
  const who: Inline = { strong: viewer.name }
  if (decision.allow) {
    const hidden = [...new Set(decision.hiddenFields.map((field) => field.name))]
    const but = hidden.length === 0 ? [] : [' It won’t see ', ...names(hidden, 'and', MOST_NAMES), '.']
    return { gate: 'open', judged: true, sentence: [who, ' can call this.', ...but], short: '', missing: [], decision }
  }
  const { gate, lacks, short } = deny(decision, operation, credentials.held.length === 0, schemes)
  return {
    gate,
    judged: true,
    sentence: [who, ' can’t call this. ', ...lacks, '.'],
    short,
    missing: decision.missing,
    decision,
  }
}

function deny(
  decision: Deny,
  { requirement }: Operation,
  anonymous: boolean,
  schemes: ApiModel['schemes'],
): { gate: Gate; lacks: Inline[]; short: string } {
  const [first] = decision.missing
  if (first !== undefined) {
    const ways = decision.missing.slice(0, MOST_WAYS).map((scopes): Inline[] => names(scopes, 'and'))
    const lacks = [
      anonymous ? 'It takes a token with ' : 'It lacks ',
      ...ways.flatMap((way, index) => [...(index === 0 ? [] : [', or ']), ...way]),
    ]
    return { gate: 'scope', lacks, short: `+ ${first.join(' ')}` }
  }
  if (requirement.alternatives.some((alternative) => alternative.every(({ token }) => token)))
    return { gate: 'scope', lacks: ['It takes a token'], short: '+ a token' }
  const [others = []] = requirement.alternatives.map((alternative) => alternative.filter(({ token }) => !token))
  const wants = others.flatMap((other, index) => [
    ...(index === 0 ? [] : [' and ']),
    ...credentialInWords(other, schemes),
  ])
  return {
    gate: 'shut',
    lacks: ['It takes ', ...wants, ', which no scope stands for'],
    short: 'denied: not by a token alone',
  }
}

/** Nobody in particular is looking: what the operation asks of anyone. */
function requirementOnly({ requirement }: Operation, schemes: ApiModel['schemes']): Verdict {
  // The way in that most apps take comes first.
  const alternatives = distinct(requirement.alternatives, schemes).sort((a, b) => byToken(b) - byToken(a))
  const common = { judged: false, short: '', missing: [] }
  if (alternatives.some((alternative) => alternative.length === 0))
    return { ...common, gate: 'open', sentence: ['Anyone can call this, without a token.'] }
  const [first = [], ...others] = alternatives
  const more =
    others.length === 0
      ? []
      : [`, or ${others.length === 1 ? 'another way in' : count(others.length, 'other way in', 'other ways in')}`]
  return { ...common, gate: 'scope', sentence: ['It takes ', ...alternativeInWords(first, schemes), ...more, '.'] }
}

function byToken(alternative: Alternative): number {
  return alternative.length > 0 && alternative.every(({ token }) => token) ? 1 : 0
}

/** Whether a field is withheld from whom the page is seen as. */
export function withheld(scopes: readonly string[], { credentials }: Viewer): boolean {
  if (credentials === undefined || scopes.length === 0) return false
  const held = heldScopes(credentials)
  return !scopes.every((scope) => held.has(scope))
}

export interface Reach {
  readonly callable: number
  readonly of: number
  /** Distinct fields, over everything that can be called. */
  readonly hidden: number
}

/** "14 of 23 callable · 3 fields hidden". */
export function reach(model: Pick<ApiModel, 'operations'>, { credentials }: Viewer): Reach {
  const of = model.operations.length
  if (credentials === undefined) return { callable: of, of, hidden: 0 }
  const open = callable(model, credentials)
  const hidden = new Set(
    open.flatMap((operation) => hiddenFields(operation, credentials)).map(({ pointer }) => pointer),
  )
  return { callable: open.length, of, hidden: hidden.size }
}

/** A lens that opens nothing, and the scope that would open the most. */
export function nearest(
  model: Pick<ApiModel, 'operations'>,
  { credentials }: Viewer,
): { scope: Inline; opens: number } | undefined {
  if (credentials === undefined || callable(model, credentials).length > 0) return undefined
  const opens = new Map<string, number>()
  for (const operation of model.operations)
    for (const [scope, ...more] of missing(operation, credentials))
      if (scope !== undefined && more.length === 0) opens.set(scope, (opens.get(scope) ?? 0) + 1)
  const [best] = [...opens].sort(([, a], [, b]) => b - a)
  return best === undefined ? undefined : { scope: code(best[0]), opens: best[1] }
}
