import { tokenCredentials } from '../../access/credentials.ts'
import { decide } from '../../access/decide.ts'
import type { Viewer } from '../../docs/lens.ts'
import { type OperationRow, operationRow } from '../../docs/navigation.ts'
import type { ApiModel } from '../../model/api.ts'

/** An operation as it stands for an app. */
export interface ReachRow extends OperationRow {
  /** Names of response fields that the app doesn't see. */
  readonly hidden: readonly string[]
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
    else can.push({ ...row, hidden: [...new Set(decision.hiddenFields.map(({ name }) => name))] })
  }
  return { can, cannot }
}
