import type { Policy, Rule } from '../model/api.ts'
import { type Finding, failed, held } from './conditions.ts'
import type { GrantContext } from './context.ts'

/**
 * What of the request a rule covers. All-or-nothing: the whole request lies within the rule's scopes, or the rule
 * doesn't match. Partial: the part that does, and never none of it. A request that names no scope asks for the defaults
 * that the rule covers; where there are defaults and it covers none, it isn't the rule for this request.
 */
export function checkScopes(
  { scopes: covered }: Rule['when'],
  mode: Policy['mode'],
  { requested, defaults }: GrantContext,
): { readonly finding: Finding; readonly scopes: readonly string[] } {
  const asked = new Set(requested.length > 0 ? requested : defaults)
  const scopes = [...asked].filter((scope) => covered === undefined || covered.includes(scope))
  const beyond = [...asked].filter((scope) => !scopes.includes(scope))
  const fits =
    asked.size === 0 || (scopes.length > 0 && (beyond.length === 0 || mode === 'partial' || requested.length === 0))
  return {
    scopes,
    finding: fits
      ? held('scopes', scopes.length > 0 ? scopes.join(' ') : 'no scope was asked for')
      : failed(
          'scopes',
          `${beyond.join(' ')}: not in this rule`,
          `${scopes.length === 0 ? 'a rule that grants' : 'a request without'} ${beyond.map((scope) => `\`${scope}\``).join(', ')}`,
        ),
  }
}
