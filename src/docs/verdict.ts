import { callable } from '../access/callable.ts'
import { heldScopes } from '../access/credentials.ts'
import { check, type Decision, type Deny, decide, hiddenFields, missing } from '../access/decide.ts'
import type { Alternative, ApiModel, Operation } from '../model/api.ts'
import type { Prospect } from '../policy/prospect.ts'
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
  const denied = deniedByPolicy(operation, decision, viewer)
  if (denied !== undefined) {
    const common = { gate: 'shut', judged: true, missing: decision.allow ? [] : decision.missing, decision } as const
    return { ...common, ...policyInWords(who, denied) }
  }
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

/**
 * What the policies say to the scopes that the call takes: those of the way in that is open, or of each that the smallest
 * missing sets would open. Undefined: they may be granted, or no policy is asked.
 */
function deniedByPolicy(
  { requirement }: Operation,
  decision: Decision,
  { credentials, prospect }: Viewer,
): Denied | undefined {
  if (prospect === undefined || credentials === undefined) return undefined
  const ways = requirement.alternatives.filter((alternative) => {
    if (alternative.length === 0 || !alternative.every(({ token }) => token)) return false
    const { schemes, scopes } = check(alternative, credentials)
    if (decision.allow) return schemes.length === 0 && scopes.length === 0
    return decision.missing.some((set) => set.length === scopes.length && set.every((scope) => scopes.includes(scope)))
  })
  const open = decision.allow && (requirement.alternatives[decision.alternative]?.length ?? 0) === 0
  if (open || ways.length === 0) return undefined
  const prospects = ways.map((way) => prospect([...new Set(way.flatMap(({ scopes }) => scopes))]))
  return prospects.some(({ possible }) => possible) ? undefined : prospects.find((one): one is Denied => !one.possible)
}

type Denied = Extract<Prospect, { possible: false }>

function policyInWords(who: Inline, { by }: Denied): Pick<Verdict, 'sentence' | 'short'> {
  if (by === undefined)
    return { sentence: [who, ' can’t call this. No policy grants anything here.'], short: 'denied: no policy' }
  const why = by.failed.map(({ needs, evidence }) => (needs === undefined ? evidence : `it takes ${needs}`)).join(', ')
  const rule: Inline[] = [{ strong: by.rule }, ' of policy ', { strong: by.policy }]
  return {
    sentence: [who, ' can’t call this. Rule ', ...rule, ' denies it: ', ...coded(why), '.'],
    short: `denied: rule ${by.rule}`,
  }
}

/** Names that stand in backticks, as code. */
function coded(text: string): Inline[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part))
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
export function reach(model: Pick<ApiModel, 'operations'>, viewer: Viewer): Reach {
  const { credentials } = viewer
  const of = model.operations.length
  if (credentials === undefined) return { callable: of, of, hidden: 0 }
  const open = callableBy(model, viewer)
  const fields = open.flatMap((operation) => hiddenFields(operation, credentials))
  return { callable: open.length, of, hidden: new Set(fields.map(({ pointer }) => pointer)).size }
}

/** With the policies' say, where a lens has them. */
function callableBy({ operations }: Pick<ApiModel, 'operations'>, viewer: Viewer): Operation[] {
  const { credentials, prospect } = viewer
  if (credentials === undefined) return []
  const open = callable({ operations }, credentials)
  if (prospect === undefined) return open
  return open.filter((operation) => deniedByPolicy(operation, decide(operation, credentials), viewer) === undefined)
}

/** A lens that opens nothing, and the scope that would open the most. */
export function nearest(
  model: Pick<ApiModel, 'operations'>,
  viewer: Viewer,
): { scope: Inline; opens: number } | undefined {
  const { credentials } = viewer
  if (credentials === undefined || callableBy(model, viewer).length > 0) return undefined
  const opens = new Map<string, number>()
  for (const operation of model.operations)
    for (const [scope, ...more] of missing(operation, credentials))
      if (scope !== undefined && more.length === 0) opens.set(scope, (opens.get(scope) ?? 0) + 1)
  const [best] = [...opens].sort(([, a], [, b]) => b - a)
  return best === undefined ? undefined : { scope: code(best[0]), opens: best[1] }
}
