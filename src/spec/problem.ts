export type Severity = 'error' | 'warning'

/** Something that a document's owner should know, at a node of the bundled document. */
export interface Finding {
  readonly severity: Severity
  /** Stable, kebab-case: `unresolved-ref`, `scope-undeclared`. */
  readonly code: string
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** JSON Pointer, RFC 6901. */
  readonly pointer: string
}

/** A finding in the file that they wrote. */
export interface Problem extends Omit<Finding, 'pointer'> {
  /** An absolute path or a URL. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
  /** JSON Pointer into that file. */
  readonly pointer?: string
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** `specs/people/openapi.yaml:12:5: error: … (code) … at /paths/…` */
export function formatProblem(problem: Problem): string {
  const hint = problem.hint === undefined ? '' : ` ${problem.hint}`
  const pointer = problem.pointer === undefined || problem.pointer === '' ? '' : ` at ${problem.pointer}`
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message} (${problem.code})${hint}${pointer}`
}
