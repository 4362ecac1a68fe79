import type { ApiModel } from '../model/api.ts'
import { BundledDocument, type Json } from '../model/document.ts'
import { gateOnRequired, gateScopeUnknown } from './field-rules.ts'
import type { DocumentFinding, Rule } from './finding.ts'
import {
  alternativeRedundant,
  extensionUnclear,
  operationWithoutRequirement,
  policyScopeUnknown,
  schemeUndefined,
  scopeUndeclared,
  scopeUnused,
} from './operation-rules.ts'

const RULES: readonly Rule[] = [
  operationWithoutRequirement,
  schemeUndefined,
  scopeUndeclared,
  scopeUnused,
  alternativeRedundant,
  extensionUnclear,
  gateScopeUnknown,
  gateOnRequired,
  policyScopeUnknown,
]

/** What rules about access say of an API. Pure: where a pointer stands in someone's file is for `spec` to tell.
 *
 * @param document the bundled document that `model` was built from */
export function accessFindings(model: ApiModel, document: Json): DocumentFinding[] {
  const subject = { model, document: new BundledDocument(document) }
  return RULES.flatMap((rule) => rule(subject))
}
