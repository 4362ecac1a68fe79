import type { Viewer } from '../../docs/lens.ts'
import type { ApiLinks } from '../../docs/links.ts'
import { operationContract, outcomeOf } from '../../docs/operation-page.ts'
import type { ApiModel, Operation } from '../../model/api.ts'
import { contract } from './contract.ts'
import { outcome } from './outcome.ts'

/** Of an operation's page, what depends on nothing but its document and whom it is seen as, as HTML. */
export interface OperationParts {
  readonly contract: string
  /** Empty: the document has no success to show. */
  readonly outcome: string
}

export function operationParts(
  operation: Operation,
  { model, viewer, links }: { readonly model: ApiModel; readonly viewer: Viewer; readonly links: ApiLinks },
): OperationParts {
  const view = operationContract(operation, model, viewer)
  const success = outcomeOf(view)
  return {
    contract: String(contract(view, links)),
    outcome: success === undefined ? '' : String(outcome(success)),
  }
}
