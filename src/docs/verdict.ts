import { callable } from '../access/callable.ts'
import { ANONYMOUS, type Credentials } from '../access/credentials.ts'
import { check, type Decision, type Deny, decide } from '../access/decide.ts'
import type { Alternative, ApiModel, GatedField, Operation } from '../model/api.ts'
import type { Prospect } from '../policy/prospect.ts'
import { coded, type Inline } from '../wording/inline.ts'
import { verdicts as say } from '../wording/wording.ts'
import type { Gate } from './gate.ts'
import { subject, type Viewer } from './lens.ts'
import { alternativeInWords, distinct } from './requirement.ts'
import { calling, withheld } from './withheld.ts'

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

const MOST_WAYS = 3

export function verdict(operation: Operation, viewer: Viewer, schemes: ApiModel['schemes']): Verdict {
  const { credentials } = viewer
  if (!operation.requirement.stated)
    return {
      gate: 'unknown',
      judged: false,
      sentence: [say.notStated],
      short: '',
      missing: [],
    }
  if (credentials === undefined) return requirementOnly(operation, schemes)
  const { decision, denied } = judge(operation, credentials, viewer.prospect)
  if (denied !== undefined) {
    // No scope makes up for not being assigned, and one that the app is registered for can't be asked for.
    const lacking =
      decision.allow || 'unassigned' in denied
        ? []
        : decision.missing
            .map((set) => set.filter((scope) => !viewer.scopes.includes(scope)))
            .filter((set) => set.length > 0)
    return { gate: 'shut', judged: true, missing: lacking, decision, ...policyInWords(viewer.name, denied) }
  }
  if (decision.allow) {
    return { gate: 'open', judged: true, sentence: open(operation, viewer), short: '', missing: [], decision }
  }
  const { gate, lacks, short } = deny(decision, operation, credentials.held.length === 0, schemes)
  return {
    gate,
    judged: true,
    sentence:
      viewer.problem === undefined ? say.closed(subject(viewer), lacks) : say.barred(viewer.name, viewer.problem),
    short,
    missing: decision.missing,
    decision,
  }
}

/** "Org chart can call this. It won't see salary and bonus." */
function open(operation: Operation, viewer: Viewer): Inline[] {
  const hidden = hiddenFrom(operation, viewer)
  const shown = operation.fields.response.filter((field) => !hidden.includes(field)).flatMap(({ scopes }) => scopes)
  const together = withheld([...new Set(shown)], calling([operation], viewer)) === undefined
  return say.open(subject(viewer), [...new Set(hidden.map(({ name }) => name))], together)
}

/** Response fields that the viewer sees by no token that makes the call. */
export function hiddenFrom(operation: Operation, viewer: Viewer): readonly GatedField[] {
  const { response } = operation.fields
  if (response.length === 0) return response
  const caller = calling([operation], viewer)
  return response.filter(({ scopes }) => withheld(scopes, caller) !== undefined)
}

/**
 * The decision, without the ways in whose scopes the policies grant the app never, or not together. Where nothing but
 * these could have led in, what they say.
 */
function judge(
  operation: Operation,
  credentials: Credentials,
  prospect: Viewer['prospect'],
): { readonly decision: Decision; readonly denied?: Closed } {
  const decision = decide(operation, credentials)
  if (prospect === undefined) return { decision }
  const { requirement } = operation
  const left: Alternative[] = []
  const closed: { readonly way: Alternative; readonly denied: Closed }[] = []
  for (const way of requirement.alternatives) {
    const tokens = way.filter(({ token }) => token)
    const scopes = [...new Set(tokens.flatMap((scheme) => scheme.scopes))]
    const answer = tokens.length > 0 ? prospect(scopes) : undefined
    if (answer?.possible === false) closed.push({ way, denied: { ...answer, scopes } })
    else left.push(way)
  }
  if (closed.length === 0) return { decision }
  const without = decide({ ...operation, requirement: { ...requirement, alternatives: left } }, credentials)
  if (without.allow || without.missing.length > 0) return { decision: without }
  const lacking = ({ way }: (typeof closed)[number]): number => check(way, credentials).scopes.length
  const [nearest] = closed.toSorted((a, b) => lacking(a) - lacking(b))
  return { decision, ...(nearest !== undefined && { denied: nearest.denied }) }
}

/** A way in that the policies don't grant the app. */
type Closed = Extract<Prospect, { possible: false }> & { readonly scopes: readonly string[] }

function policyInWords(who: string, denied: Closed): Pick<Verdict, 'sentence' | 'short'> {
  if ('unassigned' in denied) return { sentence: say.closed(who, [say.unassigned]), short: say.short.unassigned }
  const { by } = denied
  if (by === undefined) return { sentence: say.closed(who, [say.noPolicy]), short: say.short.noPolicy }
  // No rule is to blame for what none speaks of.
  if (by.failed.every(({ condition, needs }) => condition === 'scopes' && needs !== undefined))
    return { sentence: say.closed(who, say.ungranted(denied.scopes)), short: say.short.noRule }
  const why = by.failed.map(({ needs, evidence }) => (needs === undefined ? evidence : say.ruleTakes(needs))).join(', ')
  return { sentence: say.closed(who, say.rule(by.rule, by.policy, coded(why))), short: say.short.rule(by.rule) }
}

function deny(
  decision: Deny,
  { requirement }: Operation,
  anonymous: boolean,
  schemes: ApiModel['schemes'],
): { gate: Gate; lacks: Inline[]; short: string } {
  const [first] = decision.missing
  if (first !== undefined) {
    const ways = decision.missing.slice(0, MOST_WAYS)
    return {
      gate: 'scope',
      lacks: anonymous ? say.tokenWith(ways) : say.lacks(ways),
      short: say.short.scopes(first),
    }
  }
  if (requirement.alternatives.some((alternative) => alternative.every(({ token }) => token)))
    return { gate: 'scope', lacks: [say.token], short: say.short.token }
  const [others = []] = requirement.alternatives.map((alternative) => alternative.filter(({ token }) => !token))
  return {
    gate: 'shut',
    lacks: say.beyondTokens(alternativeInWords(others, schemes)),
    short: say.short.beyondTokens,
  }
}

/** Nobody in particular is looking: what the operation asks of anyone. */
function requirementOnly({ requirement }: Operation, schemes: ApiModel['schemes']): Verdict {
  // The way in that most apps take comes first.
  const alternatives = distinct(requirement.alternatives, schemes).sort((a, b) => byToken(b) - byToken(a))
  const common = { judged: false, short: '', missing: [] }
  if (alternatives.some((alternative) => alternative.length === 0))
    return { ...common, gate: 'open', sentence: [say.anyone] }
  const [first = [], ...others] = alternatives
  return { ...common, gate: 'scope', sentence: say.takes(alternativeInWords(first, schemes), others.length) }
}

function byToken(alternative: Alternative): number {
  return alternative.length > 0 && alternative.every(({ token }) => token) ? 1 : 0
}

export interface Reach {
  readonly callable: number
  readonly of: number
  /** Of which the document doesn't say who may call them: they aren't among the callable ones. */
  readonly unstated: number
  /** Distinct fields, over everything that can be called. */
  readonly hidden: number
}

/** Of whoever has no token: the same on every page, for as long as the operations stay as they are. */
const ofAnyone = new WeakMap<ApiModel['operations'], Reach>()

/** "14 of 23 callable · 3 fields hidden". */
export function reach(model: Pick<ApiModel, 'operations'>, viewer: Viewer): Reach {
  if (viewer.credentials !== ANONYMOUS) return counted(model, viewer)
  const known = ofAnyone.get(model.operations) ?? counted(model, viewer)
  ofAnyone.set(model.operations, known)
  return known
}

function counted(model: Pick<ApiModel, 'operations'>, viewer: Viewer): Reach {
  const of = model.operations.length
  const unstated = model.operations.filter(({ requirement }) => !requirement.stated).length
  if (viewer.credentials === undefined) return { callable: of - unstated, of, unstated, hidden: 0 }
  const open = callableBy(model, viewer)
  const fields = open.flatMap((operation) => hiddenFrom(operation, viewer))
  return { callable: open.length, of, unstated, hidden: new Set(fields.map(({ pointer }) => pointer)).size }
}

/** With the policies' say, where a lens has them. */
function callableBy({ operations }: Pick<ApiModel, 'operations'>, { credentials, prospect }: Viewer): Operation[] {
  if (credentials === undefined) return []
  const open = callable({ operations: operations.filter(({ requirement }) => requirement.stated) }, credentials)
  if (prospect === undefined) return open
  return open.filter((operation) => {
    const { decision, denied } = judge(operation, credentials, prospect)
    return decision.allow && denied === undefined
  })
}

/** A lens that opens nothing, and the scope that would open the most. */
export function nearest(
  model: Pick<ApiModel, 'operations'>,
  viewer: Viewer,
): { scope: string; opens: number } | undefined {
  const { credentials, prospect } = viewer
  if (credentials === undefined || callableBy(model, viewer).length > 0) return undefined
  const opens = new Map<string, number>()
  for (const operation of model.operations) {
    const { decision, denied } = judge(operation, credentials, prospect)
    if (decision.allow || denied !== undefined) continue
    for (const [scope, ...more] of decision.missing)
      if (scope !== undefined && more.length === 0) opens.set(scope, (opens.get(scope) ?? 0) + 1)
  }
  const [best] = [...opens].sort(([, a], [, b]) => b - a)
  return best === undefined ? undefined : { scope: best[0], opens: best[1] }
}
