import type { GrantContext } from './context.ts'
import { type EvaluatedPolicy, evaluate } from './evaluate.ts'
import { explain, inShort } from './explain.ts'

/** Whether a request would get all that it asks for. */
export type WholeRequest =
  | { readonly granted: true; readonly policy: string; readonly rule: string }
  /** In short, as developers are told. */
  | { readonly granted: false; readonly reason: string }

/** Which rule gives all that is asked for, or keeps it back. Where less would be granted, that counts as kept back. */
export function judgeWhole(policies: readonly EvaluatedPolicy[], context: GrantContext): WholeRequest {
  const evaluation = evaluate(policies, context)
  if (evaluation.granted && context.requested.every((scope) => evaluation.scopes.includes(scope)))
    return { granted: true, policy: evaluation.policy, rule: evaluation.rule }
  const whole = explain(
    policies.map((policy) => ({ ...policy, mode: 'all-or-nothing' })),
    context,
  )
  if (!whole.granted || !evaluation.granted) return { granted: false, reason: inShort(whole) }
  const { policy, rule, scopes } = evaluation
  const reason = `Policy ${policy}, rule ${rule}, comes first and grants ${scopes.join(' ')} only.`
  return { granted: false, reason }
}
