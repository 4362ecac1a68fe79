import type { Alternative, Requirement } from '../../model/api.ts'
import type { AlternativePlan, RequirementPlan } from './plan.ts'

/** An operation's requirement as a client sees it: scopes of its token, and what else it must hold. */
export function planRequirement(requirement: Requirement): RequirementPlan {
  const alternatives = requirement.alternatives.map(planAlternative)
  const needed = alternatives.filter(
    (alternative, index) =>
      !alternatives.some(
        (other, at) => at !== index && implies(alternative, other) && (at < index || !implies(other, alternative)),
      ),
  )
  return { stated: requirement.stated, alternatives: needed.sort((a, b) => cost(a) - cost(b)) }
}

function planAlternative(alternative: Alternative): AlternativePlan {
  const unique = (names: readonly string[]): string[] => [...new Set(names)].sort()
  return {
    token: alternative.some((requirement) => requirement.token),
    scopes: unique(alternative.filter(({ token }) => token).flatMap(({ scopes }) => scopes)),
    credentials: unique(alternative.filter(({ token }) => !token).map(({ scheme }) => scheme)),
  }
}

/** Whoever satisfies the first satisfies the second. */
function implies(first: AlternativePlan, second: AlternativePlan): boolean {
  return (
    (first.token || !second.token) &&
    second.scopes.every((scope) => first.scopes.includes(scope)) &&
    second.credentials.every((scheme) => first.credentials.includes(scheme))
  )
}

/** What a token alone satisfies comes first, then what takes fewer scopes. Stable. */
function cost({ scopes, credentials }: AlternativePlan): number {
  return credentials.length * 1_000 + scopes.length
}

/**
 * The sets of grants, any one of which lets a client call: scopes, and `credentials` for what no token stands for. Empty:
 * anyone may. An alternative that needs more than a token counts only where there is no other.
 */
export function neededGrants(requirement: RequirementPlan): string[][] {
  const byToken = requirement.alternatives.filter(({ credentials }) => credentials.length === 0)
  const counted = byToken.length > 0 ? byToken : requirement.alternatives
  const sets = counted.map(({ scopes, credentials }) => [...scopes, ...credentials.map(credentialGrant)])
  return sets.some((set) => set.length === 0) ? [] : sets
}

/** No scope has a space in it (RFC 6749 section 3.3), so no scope can pass for this. */
export function credentialGrant(scheme: string): string {
  return `credentials for ${scheme}`
}
