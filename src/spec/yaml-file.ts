import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Problem } from './problem.ts'

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Reads a YAML (or JSON) text against a schema; what doesn't fit is told by file, line and column. An empty file is `{}`. */
export function parseYamlFile<S extends z.ZodType>(text: string, file: string, schema: S): Parsed<z.output<S>> {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number): Pick<Problem, 'file' | 'line' | 'column'> => {
    const { line, col } = counter.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      (error): Problem => ({ severity: 'error', code: 'yaml', message: error.message, ...at(error.pos[0]) }),
    )
    return { ok: false, problems }
  }
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, problems: [{ severity: 'error', code: 'yaml', message, file, line: 1, column: 1 }] }
  }
  const result = schema.safeParse(content)
  if (result.success) return { ok: true, value: result.data }
  const problems = result.error.issues.map((issue): Problem => {
    const key = issue.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : []
    const path = [...issue.path, ...key]
    return {
      severity: 'error',
      code: 'invalid-file',
      message: `${path.join('.') || 'the file'}: ${issue.message}`,
      ...at(offsetOf(document.contents, path) ?? 0),
      pointer: path.map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    }
  })
  return { ok: false, problems }
}

/** Where the value at `path` starts, or the nearest that exists above it. A key's own position, where there is one. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const token of path) {
    if (isAlias(node)) return offset
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(token))
      if (pair === undefined) return offset
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(token)]
      offset = (node as Node | undefined)?.range?.[0] ?? offset
    } else return offset
  }
  return offset
}
