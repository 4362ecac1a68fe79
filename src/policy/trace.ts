import type { TraceRow } from '../access/trace.ts'
import { type Explanation, inShort } from './explain.ts'

/**
 * An explanation as a trace: who may use the app, then policy › rule by rule, then the result.
 *
 * @param detail `short` tells a developer what is needed, and nothing that a rule says of other people
 */
export function traceOfPolicies(explanation: Explanation, detail: 'full' | 'short'): TraceRow[] {
  const { assignment, trail } = explanation
  const decider = explanation.granted ? explanation : explanation.nearest
  const rows = trail.flatMap(({ policy, rules }) =>
    rules.map(({ rule, outcome, findings }): TraceRow => {
      const told = detail === 'full' ? findings : findings.filter(({ held }) => !held)
      return {
        check: `${policy} › ${rule}`,
        state: outcome === 'matched' ? 'open' : outcome === 'failed' ? 'shut' : 'unknown',
        evidence:
          outcome === 'not evaluated'
            ? 'not evaluated'
            : outcome === 'matched' && detail === 'short'
              ? 'matches'
              : told
                  .map(({ held, evidence, needs }) => (held || detail === 'full' ? evidence : `needs ${needs}`))
                  .join('; '),
        decides: decider?.policy === policy && decider.rule === rule,
        evaluated: outcome !== 'not evaluated',
      }
    }),
  )
  const shut = assignment?.held === false
  return [
    ...(assignment === undefined
      ? []
      : [
          {
            check: 'assigned',
            state: shut ? 'shut' : 'open',
            evidence: assignment.evidence,
            decides: shut,
            evaluated: true,
          } as const,
        ]),
    ...rows,
    {
      check: 'result',
      state: explanation.granted ? 'open' : 'shut',
      evidence:
        explanation.granted === false
          ? detail === 'full'
            ? explanation.reason
            : inShort(explanation)
          : `granted: ${explanation.scopes.join(' ') || 'a token without scopes'}`,
      decides: false,
      evaluated: true,
    },
  ]
}
