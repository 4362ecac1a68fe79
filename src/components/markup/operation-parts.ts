import { apiLinks } from '../../docs/links.ts'
import { operationContract, outcomeOf } from '../../docs/operation-page.ts'
import { type SampleContext, samples } from '../../docs/samples.ts'
import type { Operation } from '../../model/api.ts'
import { sampleCodes } from './code.ts'
import { contract } from './contract.ts'
import { navigation } from './navigation.ts'
import { outcome } from './outcome.ts'

/** Of an operation's page, what is the same for all readers who see it as the same, as HTML. */
export interface OperationParts {
  readonly navigation: string
  readonly contract: string
  /** Empty: the document has no success to show. */
  readonly outcome: string
  /** In each language; but for those who have an app for the API, or filled in values. */
  readonly samples: string
}

export function operationParts(operation: Operation, context: SampleContext): OperationParts {
  const { model, viewer } = context
  const links = apiLinks(model.name, viewer.lens)
  const view = operationContract(operation, model, viewer)
  const success = outcomeOf(view)
  return {
    navigation: String(navigation(model, viewer, links, { operation })),
    contract: String(contract(view, links)),
    outcome: success === undefined ? '' : String(outcome(success)),
    samples: samplesPart(operation, context),
  }
}

export function samplesPart(operation: Operation, context: SampleContext): string {
  return String(sampleCodes(samples(operation, context)))
}
