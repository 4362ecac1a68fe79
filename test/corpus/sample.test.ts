import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { callable } from '../../src/access/callable.ts'
import { tokenCredentials } from '../../src/access/credentials.ts'
import { accessFindings } from '../../src/access/findings.ts'
import { minimalScopes } from '../../src/access/minimal-scopes.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { refName, type Schema } from '../../src/model/schema.ts'
import { subschemas } from '../../src/model/schema-walk.ts'
import { compile } from '../../src/server/compile.ts'
import { singleFile } from '../../src/spec/folder.ts'
import { findDocuments } from './documents.ts'

const require = createRequire(import.meta.url)

const examples = dirname(require.resolve('@readme/oas-examples/package.json'))
const documents = [
  join(dirname(require.resolve('@figma/rest-api-spec/package.json')), 'openapi/openapi.yaml'),
  require.resolve('@scalar/galaxy/latest.yaml'),
  ...(await Promise.all(['2.0', '3.0', '3.1'].map((version) => findDocuments(join(examples, version))))).flat(),
]

test('the sample is there', () => {
  expect(documents.length).toBeGreaterThan(100)
})

describe.each(documents.map((file) => [relative(dirname(dirname(examples)), file), file]))('%s', (_, file) => {
  test('compiles to a model that has all of it', async () => {
    const compilation = await compile(singleFile(file), 'sample')
    if (!compilation.ok) expect.fail(JSON.stringify(compilation.problems, null, 2))
    const { model, document } = compilation.compiled
    expect(model.operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      operationsOf(parse(await readFile(file, 'utf8'))).sort(),
    )
    expect(new Set(model.operations.map(({ id }) => id)).size).toBe(model.operations.length)
    // Plain data, which nothing changes.
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
    for (const name of referred(model)) expect(Object.keys(model.schemas)).toContain(name)
    freeze(model)
    accessFindings(model, document)
    const { scopes, unreachable, exact } = minimalScopes(model.operations)
    expect(exact).toBe(true)
    expect(callable(model, tokenCredentials(model, scopes))).toHaveLength(model.operations.length - unreachable.length)
  })
})

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Straight from the document: shares nothing with the compiler. */
function operationsOf({ paths = {} }: { paths?: Record<string, Record<string, unknown>> }): string[] {
  return Object.entries(paths).flatMap(([path, written]) => {
    const ref = typeof written?.$ref === 'string' ? /^#\/paths\/([^/]+)$/.exec(written.$ref)?.[1] : undefined
    const item = ref === undefined ? written : paths[ref.replaceAll('~1', '/')]
    return METHODS.filter((method) => typeof item?.[method] === 'object').map(
      (method) => `${method.toUpperCase()} ${path}`,
    )
  })
}

/** The names that schemas refer to, wherever in the model they stand. */
function referred({ schemas, operations }: ApiModel): Set<string | undefined> {
  const content = operations.flatMap(({ body, responses }) =>
    [body, ...responses].flatMap((holder) => holder?.content ?? []),
  )
  const all = new Set<Schema>([
    ...Object.values(schemas),
    ...content.flatMap(({ schema, itemSchema }) => [schema ?? true, itemSchema ?? true]),
    ...operations.flatMap(({ parameters }) => parameters.map(({ schema }) => schema)),
  ])
  const names = new Set<string | undefined>()
  for (const schema of all) {
    if (typeof schema === 'boolean') continue
    if (schema.$ref !== undefined) names.add(refName(schema.$ref))
    for (const child of subschemas(schema)) all.add(child.schema)
  }
  return names
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
}
