import { tokenCredentials } from '../../access/credentials.ts'
import { decide } from '../../access/decide.ts'
import type { Viewer } from '../../docs/lens.ts'
import { type OperationRow, operationRow } from '../../docs/navigation.ts'
import type { ApiModel, GatedField } from '../../model/api.ts'

/** An operation as it stands for an app. */
export interface ReachRow extends OperationRow {
  /** Response fields that the app doesn't see, by the scopes that would show them. */
  readonly hidden: readonly { readonly names: readonly string[]; readonly scopes: readonly string[] }[]
}

export interface Reach {
  readonly can: readonly ReachRow[]
  readonly cannot: readonly ReachRow[]
}

/** What an app may call of an API with all its scopes, and what not. */
export function reachOf(model: ApiModel, viewer: Viewer): Reach {
  const credentials = viewer.credentials ?? tokenCredentials(model, viewer.scopes)
  const can: ReachRow[] = []
  const cannot: ReachRow[] = []
  for (const operation of model.operations) {
    const row = operationRow(operation, viewer, model.schemes)
    const decision = decide(operation, credentials)
    if (!decision.allow) cannot.push({ ...row, hidden: [] })
    else can.push({ ...row, hidden: hiddenOf(decision.hiddenFields) })
  }
  return { can, cannot }
}

function hiddenOf(fields: readonly GatedField[]): ReachRow['hidden'] {
  const byScopes = Map.groupBy(fields, ({ scopes }) => [...scopes].sort().join(' '))
  return [...byScopes].map(([scopes, fields]) => ({
    names: [...new Set(fields.map(({ name }) => name))],
    scopes: scopes.split(' '),
  }))
}
