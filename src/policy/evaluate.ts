import type { Consent, Policy } from '../model/api.ts'
import { checkConditions, type Finding } from './conditions.ts'
import type { GrantContext } from './context.ts'
import { checkScopes } from './scopes.ts'

export type { Finding } from './conditions.ts'
export type { GrantContext } from './context.ts'

export type Evaluation = Granted | Denied

export interface Granted {
  readonly granted: true
  readonly scopes: readonly string[]
  /** Names of the policy and the rule that decided. */
  readonly policy: string
  readonly rule: string
  /** Lifetime, in seconds. */
  readonly accessToken: number
  /** In seconds. */
  readonly refreshToken: { readonly lifetime: number; readonly idle: number }
  /** What the rule asks for; where a scope asks for more, the scope wins. */
  readonly consent?: Consent
  readonly trail: Trail
}

export interface Denied {
  readonly granted: false
  readonly reason: string
  readonly trail: Trail
}

/** How the result came about, in order of priority. */
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

/** A policy, or the one that stands in for none ({@link ./default.ts}). */
export type EvaluatedPolicy = Policy & { readonly default?: true }

const ACCESS_TOKEN = 10 * 60
const REFRESH_TOKEN = { lifetime: 30 * 86_400, idle: 7 * 86_400 }

/**
 * What a token for one API may contain. Policies and their rules are read in order, the first rule of which every
 * condition holds decides, and without one the request is denied. Pure and total: what can't be read doesn't match.
 */
export function evaluate(policies: readonly EvaluatedPolicy[], context: GrantContext): Evaluation {
  const trail: PolicyTrail[] = []
  let granted: Omit<Granted, 'trail'> | undefined
  for (const policy of policies) {
    const rules: RuleTrail[] = []
    for (const rule of policy.rules) {
      if (granted !== undefined) {
        rules.push({ rule: rule.name, outcome: 'not evaluated', findings: [] })
        continue
      }
      const { scopes, finding } = checkScopes(rule.when, policy.mode, context)
      const findings = [...checkConditions(rule.when, context), finding]
      const matched = findings.every(({ held }) => held)
      rules.push({ rule: rule.name, outcome: matched ? 'matched' : 'failed', findings })
      if (!matched) continue
      const { accessToken, refreshToken, consent } = rule.then
      granted = {
        granted: true,
        scopes,
        policy: policy.name,
        rule: rule.name,
        accessToken: accessToken ?? ACCESS_TOKEN,
        refreshToken: refreshToken ?? REFRESH_TOKEN,
        ...(consent === undefined ? {} : { consent }),
      }
    }
    trail.push({ policy: policy.name, default: policy.default === true, rules })
  }
  return granted === undefined ? { granted: false, reason: reason(trail), trail } : { ...granted, trail }
}

/** The nearest miss: the first condition that failed in the rule with the fewest failures. */
function reason(trail: Trail): string {
  const rules = trail.flatMap(({ rules }) => rules)
  const misses = rules.map(({ rule, findings }) => ({ rule, failed: findings.filter(({ held }) => !held) }))
  const nearest = misses.toSorted((a, b) => a.failed.length - b.failed.length)[0]
  const evidence = nearest?.failed[0]?.evidence
  if (nearest === undefined || evidence === undefined) return 'No policy of this API has a rule.'
  return `No rule matches. Nearest: rule ${nearest.rule}, ${evidence}.`
}
