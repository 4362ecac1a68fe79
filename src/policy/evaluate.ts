import type { Consent, Policy, Rule } from '../model/api.ts'
import { checkAssignment } from './assignment.ts'
import { checkConditions, type Finding } from './conditions.ts'
import type { GrantContext } from './context.ts'
import { RuleIndex } from './rule-index.ts'
import { checkScopes } from './scopes.ts'

export type { Finding } from './conditions.ts'
export type { GrantContext } from './context.ts'

/** Why is for {@link ./explain.ts} to say. */
export type Evaluation = Granted | { readonly granted: false }

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
}

/** A policy, or the one that stands in for none ({@link ./default.ts}). */
export type EvaluatedPolicy = Policy & { readonly default?: true }

/**
 * What a token for one API may contain. Policies and their rules are read in order, the first rule of which every
 * condition holds decides, and without one the request is denied. Pure and total: what can't be read doesn't match.
 *
 * An index of the policies is kept for as long as the array lives: hand in the same one as long as they don't change.
 */
export function evaluate(policies: readonly EvaluatedPolicy[], context: GrantContext): Evaluation {
  if (checkAssignment(context)?.held === false) return { granted: false }
  for (const { policy, rule } of indexOf(policies).candidates(context)) {
    const { scopes, findings } = checkRule(policy, rule, context)
    if (findings.every(({ held }) => held)) return grantOf(policy, rule, scopes)
  }
  return { granted: false }
}

/** Every condition that the rule states, and what of the request it covers. */
export function checkRule(
  policy: Policy,
  rule: Rule,
  context: GrantContext,
): { readonly scopes: readonly string[]; readonly findings: readonly Finding[] } {
  const { scopes, finding } = checkScopes(rule.when, policy.mode, context)
  return { scopes, findings: [...checkConditions(rule.when, context), finding] }
}

const ACCESS_TOKEN = 10 * 60
const REFRESH_TOKEN = { lifetime: 30 * 86_400, idle: 7 * 86_400 }

export function grantOf(policy: Policy, rule: Rule, scopes: readonly string[]): Granted {
  const { accessToken, refreshToken, consent } = rule.then
  return {
    granted: true,
    scopes,
    policy: policy.name,
    rule: rule.name,
    accessToken: accessToken ?? ACCESS_TOKEN,
    refreshToken: refreshToken ?? REFRESH_TOKEN,
    ...(consent === undefined ? {} : { consent }),
  }
}

const indexes = new WeakMap<readonly EvaluatedPolicy[], RuleIndex>()

function indexOf(policies: readonly EvaluatedPolicy[]): RuleIndex {
  const known = indexes.get(policies)
  if (known !== undefined) return known
  const index = new RuleIndex(policies)
  indexes.set(policies, index)
  return index
}
