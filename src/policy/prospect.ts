import { checkAssignment } from './assignment.ts'
import type { Finding } from './conditions.ts'
import { type GrantContext, grantOfKind } from './context.ts'
import { checkRule, type EvaluatedPolicy } from './evaluate.ts'
import { type Miss, nearestMiss, type PolicyTrail } from './explain.ts'

/** An app, as far as policies look at it. */
export type ProspectiveApp = GrantContext['client']

/** Whether an app can ever be granted scopes in one token, wherever from; without a user, whoever signs in. */
export type Prospect =
  | { readonly possible: true }
  /** The rule that was meant for such a request and can't match, or that matches first and gives less. None: there is no rule. */
  | { readonly possible: false; readonly by?: Miss }
  /** The app is limited to people of whom the one who signs in is none: no rule is asked. */
  | { readonly possible: false; readonly unassigned: true }

/** Conditions that depend on where and when; for an app that people sign in to, also on who. */
const ELSEWHERE = /^(networks|authenticatedWithin)$/
const PEOPLE = /^(users\b|networks$|authenticatedWithin$)/

/** In order of priority, as {@link ./evaluate.ts} reads them; what isn't known is possible. @param user who signs in, if the app has people */
export function prospect(
  policies: readonly EvaluatedPolicy[],
  client: ProspectiveApp,
  api: string,
  scopes: readonly string[],
  user?: GrantContext['user'],
): Prospect {
  const grant = grantOfKind(client.kind)
  const alone = grant === 'client_credentials'
  const someone = alone ? undefined : user
  const context: GrantContext = {
    api,
    grant,
    client,
    ...(someone !== undefined && { user: someone }),
    requested: scopes,
    defaults: [],
    now: 0,
  }
  if (checkAssignment(context)?.held === false) return { possible: false, unassigned: true }
  const trail: PolicyTrail[] = []
  for (const policy of policies) {
    const rules: PolicyTrail['rules'][number][] = []
    for (const rule of policy.rules) {
      const { scopes: given, findings } = checkRule(policy, rule, context)
      // An app that acts for itself meets no condition on people; that the grant is another says so already.
      const open = someone !== undefined || (alone && isHeld(findings, 'grants')) ? ELSEWHERE : PEOPLE
      const known = findings.filter(({ condition }) => !open.test(condition))
      const failed = [
        ...known.filter(({ held }) => !held),
        ...(!alone && someone === undefined && rule.when.users === 'none' ? [FOR_NOBODY] : []),
      ]
      if (failed.length > 0) {
        rules.push({ rule: rule.name, outcome: 'failed', findings: failed })
        continue
      }
      const beyond = scopes.filter((scope) => !given.includes(scope))
      if (beyond.length === 0) return { possible: true }
      const less: Finding = { condition: 'scopes', held: false, evidence: `it grants no ${beyond.join(' ')}` }
      // Nothing about it is open: it always matches, and no later rule is reached.
      if (known.length === findings.length)
        return { possible: false, by: { policy: policy.name, rule: rule.name, failed: [less] } }
      rules.push({ rule: rule.name, outcome: 'failed', findings: [less] })
    }
    trail.push({ policy: policy.name, default: policy.default === true, rules })
  }
  const by = nearestMiss(trail)
  return { possible: false, ...(by !== undefined && { by }) }
}

const FOR_NOBODY: Finding = {
  condition: 'users',
  held: false,
  evidence: 'the rule is for apps that act for themselves',
}

function isHeld(findings: readonly Finding[], condition: string): boolean {
  return findings.every((finding) => finding.condition !== condition || finding.held)
}
