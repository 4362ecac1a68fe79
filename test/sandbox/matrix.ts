import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { parse } from 'yaml'
import type { ApiModel } from '../../src/model/api.ts'
import { compile } from '../../src/server/compile.ts'
import { readFolder, singleFile } from '../../src/spec/folder.ts'

type Json = Readonly<Record<string, unknown>>

/** One call of the scope × operation matrix, and what must come of it. */
export interface Cell {
  readonly method: string
  readonly path: string
  /** Undefined: without a token. */
  readonly scopes: readonly string[] | undefined
  readonly expected: 'pass' | 401 | 403
}

/** Documents whose matrix is tested: those of the demo, and a large one that nobody here wrote. */
export async function documents(): Promise<
  { name: string; model: ApiModel; document: Json; data: Record<string, unknown[]> }[]
> {
  const specs = new URL('../../specs/', import.meta.url)
  const figma = createRequire(import.meta.url).resolve('@figma/rest-api-spec/openapi/openapi.yaml')
  const folders = [
    await readFolder(new URL('people/', specs).pathname),
    await readFolder(new URL('publishing/', specs).pathname),
    singleFile(figma),
  ]
  return Promise.all(
    folders.map(async (folder) => {
      const compilation = await compile(folder, 'matrix')
      if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join('\n'))
      const { model, document } = compilation.compiled
      const data =
        folder.seed === undefined ? {} : (parse(await readFile(folder.seed, 'utf8')) as Record<string, unknown[]>)
      return { name: model.title, model, document, data }
    }),
  )
}

export interface Matrix {
  readonly operations: number
  /** Sets of scopes that each operation is called with, none included. */
  readonly sets: number
  readonly cells: readonly Cell[]
}

/** Every operation without a token, with a token of no scope, of each scope alone, of all, and of all but each. */
export function matrix(document: Json): Matrix {
  const scopes = [...scopesOf(document)].sort()
  const operations = operationsOf(document)
  const sets = [
    undefined,
    [],
    ...scopes.map((scope) => [scope]),
    scopes,
    ...scopes.map((left) => scopes.filter((one) => one !== left)),
  ]
  const cells = operations.flatMap(({ method, path, operation }) =>
    sets.map((held) => ({ method, path, scopes: held, expected: oracle(document, operation, held) })),
  )
  return { operations: operations.length, sets: sets.length, cells }
}

/** How many cells were asked, and what came of them, for whoever reads the tests' output. */
export function summary(name: string, { operations, sets }: Matrix, verdicts: readonly Cell['expected'][]): string {
  const count = (wanted: Cell['expected']) => verdicts.filter((verdict) => verdict === wanted).length
  return `${name}: ${operations} operations × ${sets} sets of scopes = ${verdicts.length} cells: ${count('pass')} pass, ${count(401)} × 401, ${count(403)} × 403`
}

/** What the document says, read anew: nothing of this is shared with what is tested. */
function oracle(document: Json, operation: Json, held: readonly string[] | undefined): Cell['expected'] {
  const alternatives = (operation.security ?? document.security ?? []) as Record<string, string[]>[]
  const any = (operation['x-scope-match'] ?? document['x-scope-match']) === 'any'
  if (alternatives.length === 0) return 'pass'
  const schemes = (document.components as Json | undefined)?.securitySchemes as Record<string, Json>
  const tokenOnly = alternatives.filter((alternative) =>
    Object.keys(alternative).every((name) => {
      const { type, scheme } = schemes[name] ?? {}
      return (
        type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && String(scheme).toLowerCase() === 'bearer')
      )
    }),
  )
  const holds = tokenOnly.some((alternative) =>
    Object.values(alternative).every(
      (needed) =>
        held !== undefined &&
        (any && needed.length > 0
          ? needed.some((scope) => held.includes(scope))
          : needed.every((scope) => held.includes(scope))),
    ),
  )
  if (holds) return 'pass'
  return held === undefined || tokenOnly.length === 0 ? 401 : 403
}

function operationsOf(document: Json): { method: string; path: string; operation: Json }[] {
  return Object.entries(document.paths as Record<string, Json>).flatMap(([template, item]) =>
    ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'].flatMap((method) => {
      const operation = item[method] as Json | undefined
      const path = template.replace(/\{[^}]+\}/g, 'x1')
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }]
    }),
  )
}

function scopesOf(document: Json): Set<string> {
  const found = new Set<string>()
  const alternatives = [document, ...operationsOf(document).map(({ operation }) => operation)].flatMap(
    ({ security }) => (security ?? []) as Record<string, string[]>[],
  )
  for (const alternative of alternatives)
    for (const scopes of Object.values(alternative)) for (const scope of scopes) found.add(scope)
  return found
}

/** As the tests' verifier reads it: scopes with `.` for `:`, which tokens don't have. */
export function tokenOf({ scopes }: Cell): Record<string, string> {
  return scopes === undefined ? {} : { authorization: `Bearer app~${scopes.join('+').replaceAll(':', '.')}` }
}
