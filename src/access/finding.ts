import type { ApiModel, FindingCode } from '../model/api.ts'
import type { BundledDocument } from '../model/document.ts'

/** Something about access in a document, or in its `access.yaml`, that is probably not what its owner means. */
export interface AccessFinding {
  readonly code: FindingCode
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** JSON Pointer into the bundled document, or into `access.yaml`. */
  readonly pointer: string
  readonly in: 'document' | 'access'
}

/** What rules look at. */
export interface Subject {
  readonly model: ApiModel
  /** That `model` was built from. */
  readonly document: BundledDocument
}

export type Rule = (subject: Subject) => AccessFinding[]

/** A finding in the document. */
export function finding(code: FindingCode, pointer: string, message: string, hint: string): AccessFinding {
  return { code, message, hint, pointer, in: 'document' }
}
