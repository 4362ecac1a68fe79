import type { Viewer } from '../../docs/lens.ts'
import { type OperationRow, operationRow } from '../../docs/navigation.ts'
import { hiddenFrom } from '../../docs/verdict.ts'
import { calling, withheld } from '../../docs/withheld.ts'
import type { ApiModel, Operation } from '../../model/api.ts'
import { type Inline, plain } from '../../wording/inline.ts'

/** An operation as it stands for an app. */
export interface ReachRow extends OperationRow {
  /** Response fields that the app doesn't see, by the reason. */
  readonly hidden: readonly HiddenFields[]
}

interface HiddenFields {
  readonly names: readonly string[]
  readonly gate: 'scope' | 'shut'
  readonly why: readonly Inline[]
}

export interface Reach {
  readonly can: readonly ReachRow[]
  readonly cannot: readonly ReachRow[]
}

/** What an app may call of an API with all its scopes, and what not. */
export function reachOf(model: ApiModel, viewer: Viewer): Reach {
  const can: ReachRow[] = []
  const cannot: ReachRow[] = []
  for (const operation of model.operations) {
    const row = operationRow(operation, viewer, model.schemes)
    const { gate } = row.verdict
    // Of which the document doesn't say who may call it, whoever does gets in.
    if (gate === 'open' || gate === 'unknown') can.push({ ...row, hidden: hiddenOf(operation, viewer) })
    else cannot.push({ ...row, hidden: [] })
  }
  return { can, cannot }
}

function hiddenOf(operation: Operation, viewer: Viewer): HiddenFields[] {
  const caller = calling([operation], viewer)
  const fields = hiddenFrom(operation, viewer).flatMap(({ name, scopes }) => {
    const hidden = withheld(scopes, caller)
    return hidden === undefined ? [] : [{ name, ...hidden }]
  })
  const byReason = Map.groupBy(fields, ({ why }) => plain(why))
  return [...byReason.values()].flatMap((alike) => {
    const [first] = alike
    return first === undefined
      ? []
      : [{ names: [...new Set(alike.map(({ name }) => name))], gate: first.gate, why: first.why }]
  })
}
