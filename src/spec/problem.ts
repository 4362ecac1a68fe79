/** Something that a document's owner should know, located in the file that they wrote. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** Stable, kebab-case: `unresolved-ref`, `scope-undeclared`. */
  readonly code: string
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
  /** JSON Pointer into that file, RFC 6901. */
  readonly pointer?: string
}

/** `specs/people/openapi.yaml:12:5: error: … (code). Hint.` */
export function formatProblem(problem: Problem): string {
  const hint = problem.hint === undefined ? '' : ` ${problem.hint}`
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message} (${problem.code})${hint}`
}
