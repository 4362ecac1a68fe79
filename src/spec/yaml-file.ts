import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { toPointer } from './pointer.ts'
import type { Parsed, Problem } from './problem.ts'
import { parseSource, type Source } from './source.ts'

/** Reads a YAML (or JSON) file against a schema; what doesn't fit is told by file, line and column. An empty file is `{}`. */
export function parseYamlFile<S extends z.ZodType>(bytes: Uint8Array, file: string, schema: S): Parsed<z.output<S>> {
  const source = parseSource(bytes, file)
  return source.ok ? validate(source.value, schema) : source
}

/** Likewise, of a file that need not be there. */
export async function readYamlFile<S extends z.ZodType>(file: string, schema: S): Promise<Parsed<z.output<S>>> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return new Uint8Array()
    throw error
  })
  return parseYamlFile(bytes, file, schema)
}

export function validate<S extends z.ZodType>(source: Source, schema: S): Parsed<z.output<S>> {
  const result = schema.safeParse(source.value ?? {})
  if (result.success) return { ok: true, value: result.data }
  const problems = result.error.issues.map((issue): Problem => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
    const message = `${path.join('.') || 'the file'}: ${issue.message}`
    return { severity: 'error', code: 'invalid-file', message, ...source.place(toPointer(path)) }
  })
  return { ok: false, problems }
}
