import type { Rule } from '../model/api.ts'
import { checkAssignment } from './assignment.ts'
import type { Finding } from './conditions.ts'
import type { GrantContext } from './context.ts'
import { checkRule, type EvaluatedPolicy, type Granted, grantOf } from './evaluate.ts'

/** The result of {@link evaluate}, and how it came about. */
export type Explanation = (Granted | Denied) & {
  /** Where the app is limited to some people: whether this one is among them. */
  readonly assignment?: Finding
  readonly trail: Trail
}

export interface Denied {
  readonly granted: false
  /** One sentence, in full: for administrators and the audit log. */
  readonly reason: string
  /** The rule that came closest. None: there is no rule, or the app isn't for this person. */
  readonly nearest?: Miss
}

export interface Miss {
  readonly policy: string
  readonly rule: string
  /** The conditions that failed, at least one. */
  readonly failed: readonly Finding[]
}

/** In order of priority. */
export type Trail = readonly PolicyTrail[]

export interface PolicyTrail {
  readonly policy: string
  /** Stood in because the API has no policies of its own. */
  readonly default: boolean
  readonly rules: readonly RuleTrail[]
}

export interface RuleTrail {
  readonly rule: string
  readonly outcome: 'matched' | 'failed' | 'not evaluated'
  /** Every condition that the rule states; empty where it wasn't evaluated. */
  readonly findings: readonly Finding[]
}

/** For every policy and rule, which condition held or failed, and the result. Looks at each rule until one matches. */
export function explain(policies: readonly EvaluatedPolicy[], context: GrantContext): Explanation {
  const assignment = checkAssignment(context)
  const assigned = assignment === undefined ? {} : { assignment }
  const shut = assignment?.held === false
  let granted: Granted | undefined
  const trail = policies.map((policy) => ({
    policy: policy.name,
    default: policy.default === true,
    rules: policy.rules.map((rule: Rule): RuleTrail => {
      if (shut || granted !== undefined) return { rule: rule.name, outcome: 'not evaluated', findings: [] }
      const { scopes, findings } = checkRule(policy, rule, context)
      if (findings.every(({ held }) => held)) granted = grantOf(policy, rule, scopes)
      return { rule: rule.name, outcome: granted === undefined ? 'failed' : 'matched', findings }
    }),
  }))
  if (granted !== undefined) return { ...granted, ...assigned, trail }
  if (shut) return { granted: false, reason: sentence(assignment.evidence), ...assigned, trail }
  const nearest = nearestMiss(trail, context.requested)
  const reason =
    nearest === undefined
      ? 'No policy of this API has a rule.'
      : `No rule matches. Nearest: rule ${nearest.rule}, ${nearest.failed.map(({ evidence }) => evidence).join('; ')}.`
  return { granted: false, reason, ...(nearest === undefined ? {} : { nearest }), ...assigned, trail }
}

/**
 * The result for a developer, without who or what else the rules speak of: "Granted by policy “Editors write”, rule
 * “Editors”.", "Needs the group `editors` (policy “Editors write”, rule “Editors”)."
 */
export function inShort(explanation: Explanation): string {
  if (explanation.granted) return `Granted by policy “${explanation.policy}”, rule “${explanation.rule}”.`
  const { nearest, assignment } = explanation
  if (assignment?.held === false) return `Needs ${assignment.needs}.`
  if (nearest === undefined) return 'No policy of this API has a rule: nothing is granted.'
  const needs = nearest.failed.flatMap(({ needs }) => needs ?? []).join(' and ')
  return `Needs ${needs} (policy “${nearest.policy}”, rule “${nearest.rule}”).`
}

/** What makes a rule one for another kind of request; any other condition weighs 1. */
const ELSEWHERE: Readonly<Record<string, number>> = { scopes: 40, grants: 30, users: 20, 'clients.kinds': 10 }

/** A request for one scope isn't helped by a rule that doesn't grant it, however near it comes. */
const ANOTHER = 100

/** The rule that was meant for a request like this and failed on the fewest conditions. */
export function nearestMiss(trail: Trail, requested: readonly string[] = []): Miss | undefined {
  const misses = trail.flatMap(({ policy, rules }) =>
    rules.map(({ rule, findings }) => ({ policy, rule, failed: findings.filter(({ held }) => !held) })),
  )
  const weights = requested.length === 1 ? { ...ELSEWHERE, scopes: ANOTHER } : ELSEWHERE
  const distance = ({ failed }: Miss) => failed.reduce((sum, { condition }) => sum + (weights[condition] ?? 1), 0)
  return misses.toSorted((a, b) => distance(a) - distance(b))[0]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
