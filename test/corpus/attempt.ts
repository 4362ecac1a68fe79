import type { Problem } from '../../src/spec/problem.ts'

/** What came of compiling one document. */
export type Attempt =
  | {
      readonly outcome: 'compiled'
      readonly operations: number
      readonly warnings: number
      /** Of the model and the bundled document, as JSON. */
      readonly bytes: number
    }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }
  | { readonly outcome: 'crashed'; readonly reason: string }

export interface Cost {
  readonly ms: number
  /** High-water mark of the child process until now. */
  readonly peakMb: number
}

export type Result = Attempt & Cost & { readonly file: string }
