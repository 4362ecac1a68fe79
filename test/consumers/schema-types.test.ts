import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { expect, test } from 'vitest'
import { runtimeSources } from '../../src/sdk/package/templates.ts'
import { planSdk } from '../../src/sdk/plan/build.ts'
import { directions } from '../../src/sdk/typescript/directions.ts'
import { renderSchema } from '../../src/sdk/typescript/schema.ts'
import { compile } from '../../src/server/compile.ts'
import { singleFile } from '../../src/spec/folder.ts'
import { errorsOf, STRICT } from '../corpus/strictness.ts'

const require = createRequire(import.meta.url)
const examples = join(dirname(require.resolve('@readme/oas-examples/package.json')))

const DOCUMENTS = [
  join(dirname(require.resolve('@figma/rest-api-spec/package.json')), 'openapi/openapi.yaml'),
  require.resolve('@scalar/galaxy/latest.yaml'),
  ...['circular', 'complex-nesting', 'polymorphism', 'schema-types', 'star-trek'].map((name) =>
    join(examples, '3.0/json', `${name}.json`),
  ),
  join(examples, '3.1/json/train-travel.json'),
]

/** What differs, on purpose. */
const DIFFERENT: Readonly<Record<string, string>> = { PaginatedResource: 'there, `$defs` is a member of it' }

test('openapi-typescript, asked for the same schemas, gives types that are assignable to ours, and ours to them', async () => {
  const sources = new Map(runtimeSources())
  const checks: string[] = []
  for (const [index, file] of DOCUMENTS.entries()) {
    const result = await compile(singleFile(file), 'oracle')
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    const { model, document } = result.compiled
    const plan = planSdk(model)
    const theirs = await openapiTS(structuredClone(document) as unknown as OpenAPI3, {
      ...{ silent: true, emptyObjectsUnknown: true, defaultNonNullable: false },
    })
    sources.set(`ours${index}.ts`, renderSchema(plan, model.schemas))
    sources.set(`theirs${index}.ts`, astToString(theirs))
    checks.push(
      `import type { components as Ours${index} } from './ours${index}.ts'`,
      `import type { components as Theirs${index} } from './theirs${index}.ts'`,
    )
    // What is sent and what is received is one to openapi-typescript: only what is the same in both is compared.
    const { schemas } = directions(
      plan.resources.flatMap(({ operations }) => operations),
      model.schemas,
    )
    const twice = new Set(schemas.flatMap(({ name, source }) => (name === source ? [] : [source])))
    for (const { name, source } of schemas)
      if (!twice.has(source) && DIFFERENT[name] === undefined)
        checks.push(
          `export const same${checks.length}: Same<Ours${index}['schemas']['${name}'], Theirs${index}['schemas']['${name}']> = '${name}'`,
        )
  }
  const same = `type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? string : 'theirs is not ours') : 'ours is not theirs'`
  sources.set('checks.ts', [...checks, same].join('\n'))
  expect(checks.length).toBeGreaterThan(400)
  expect(errorsOf(sources, STRICT)).toEqual([])
  sources.set('checks.ts', `${same}\nexport const wrong: Same<{ a: 1 }, { a: 2 }> = 'that it would be noticed'`)
  expect(errorsOf(sources, STRICT)).toHaveLength(1)
})
