import type { ApiModel, FindingCode } from '../model/api.ts'
import type { BundledDocument } from '../model/document.ts'

/** Something in a document, or in the files beside it, that is probably not what its owner means. */
export interface DocumentFinding {
  readonly code: FindingCode
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** JSON Pointer into the bundled document, `access.yaml` or `seed.yaml`. */
  readonly pointer: string
  readonly in: 'document' | 'access' | 'seed'
}

/** What rules look at. */
export interface Subject {
  readonly model: ApiModel
  /** That `model` was built from. */
  readonly document: BundledDocument
}

export type Rule = (subject: Subject) => DocumentFinding[]

/** A finding in the document. */
export function finding(code: FindingCode, pointer: string, message: string, hint: string): DocumentFinding {
  return { code, message, hint, pointer, in: 'document' }
}
