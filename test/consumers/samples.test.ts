import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { viewer } from '../../src/docs/lens.ts'
import { samples } from '../../src/docs/samples.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { modelAt, modelOf } from './models.ts'
import { CONSUMER, Workspace } from './workspace.ts'

let workspace: Workspace

beforeAll(async () => {
  workspace = await Workspace.create()
})
afterAll(() => workspace.remove())

/** What a sample takes from around it: Node's environment, a file, and a body where nobody knows a valid one. */
const SURROUNDINGS = `declare const process: { readonly env: Readonly<Record<string, string>> }
declare const file: Blob
declare const body: never
`
const REAL = {
  train: '@readme/oas-examples/3.1/json/train-travel.json',
  petstore: '@readme/oas-examples/3.0/json/petstore.json',
  galaxy: '@scalar/galaxy/dist/latest.yaml',
}

function at(name: keyof typeof REAL): Promise<ApiModel> {
  return modelAt(join(resolve(import.meta.dirname, '../../node_modules'), REAL[name]), name)
}

test.each([
  ['people', () => modelOf('people'), 0],
  ['publishing', () => modelOf('publishing'), 0],
  ['figma', () => modelOf('figma'), 0],
  ['train', () => at('train'), 0],
  ['petstore', () => at('petstore'), 0],
  ['galaxy', () => at('galaxy'), 0],
] as const)('the samples of %s are real calls of its SDK', async (name, load, unknownBodies) => {
  const model = await load()
  const { files } = await buildSdk({ model, packageName: `@sallyport/${name}`, connection: {} })
  await workspace.writeAll(`node_modules/@sallyport/${name}`, files)
  const context = { model, viewer: viewer({ as: 'everything' }, model, []), npmScope: 'sallyport', publicUrl: '' }
  const code = new Map(
    model.operations.map((operation) => [`${operation.id}.ts`, samples(operation, context)[0]?.code ?? '']),
  )
  for (const text of code.values()) expect(text).toContain(`from '@sallyport/${name}'`)
  expect([...code.values()].filter((text) => /\(body\b|, body\b/.test(text))).toHaveLength(unknownBodies)
  const written = await workspace.writeAll(`samples/${name}`, code)
  const surroundings = await workspace.write('surroundings.d.ts', SURROUNDINGS)
  expect(workspace.check([surroundings, ...written], CONSUMER)).toEqual([])
})

test('a sample that isn’t a call of the SDK does not compile', async () => {
  const model = await modelOf('people')
  const context = { model, viewer: viewer({ as: 'everything' }, model, []), npmScope: 'sallyport', publicUrl: '' }
  const list = model.operations.find(({ id }) => id === 'listEmployees')
  const code = list === undefined ? '' : (samples(list, context)[0]?.code ?? '')
  const wrong = await workspace.write('samples/wrong.ts', code.replace('.list(', '.listAll('))
  const surroundings = await workspace.write('surroundings.d.ts', SURROUNDINGS)
  expect(workspace.check([surroundings, wrong], CONSUMER)).toEqual([expect.stringMatching(/^TS2339: .*listAll/)])
})
