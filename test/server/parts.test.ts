import { cp, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { operationParts } from '../../src/components/markup/operation-parts.ts'
import { EVERYTHING, viewer } from '../../src/docs/lens.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { SpecCatalog } from '../../src/server/catalog.ts'
import { Compiler } from '../../src/server/compiler.ts'
import { inflated } from '../../src/server/fragment.ts'
import type { Limits } from '../../src/server/job-process.ts'
import { Parts, type PartsOptions } from '../../src/server/parts.ts'

const PORTAL = { publicUrl: 'https://developers.example', npmScope: 'acme' }

const require = createRequire(import.meta.url)
const packaged = (name: string, file: string): string => join(dirname(require.resolve(`${name}/package.json`)), file)

/** Documents that no one here wrote, but for the first. */
const DOCUMENTS = {
  people: 'specs/people',
  figma: packaged('@figma/rest-api-spec', 'openapi/openapi.yaml'),
  galaxy: require.resolve('@scalar/galaxy/latest.yaml'),
  petstore: packaged('@readme/oas-examples', '3.0/json/petstore.json'),
  callbacks: packaged('@readme/oas-examples', '3.0/json/callbacks.json'),
  trains: packaged('@readme/oas-examples', '3.1/json/train-travel.json'),
}

const operation = (operationId: string, schema: string, more: object = {}) => ({
  operationId,
  responses: {
    200: { description: '', content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } },
  },
  ...more,
})
/** With an operation for groups, and what it alone brings along. */
const hiding = (title: string) => ({
  openapi: '3.1.0',
  info: { title, version: '1' },
  paths: {
    '/things': { get: operation('listThings', 'Thing') },
    '/secrets': { get: operation('listSecrets', 'Secret', { 'x-visibility': { groups: ['finance'] } }) },
    '/own': { get: operation('listOwn', 'Thing', { 'x-visibility': 'signed-in' }) },
  },
  components: {
    schemas: {
      Thing: { type: 'object', properties: { id: { type: 'string' } } },
      Secret: { type: 'object', properties: { thing: { $ref: '#/components/schemas/Thing' } } },
    },
  },
})

async function serving(documents: Readonly<Record<string, string | object>>, limits?: Limits) {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-parts-'))
  const specs = join(root, 'specs')
  await mkdir(specs)
  const write = async (name: string, document: string | object) => {
    if (typeof document === 'object') await writeFile(join(specs, `${name}.json`), JSON.stringify(document))
    else await cp(document, join(specs, name + extname(basename(document))), { recursive: true })
  }
  for (const [name, document] of Object.entries(documents)) await write(name, document)
  const dataDir = join(root, 'data')
  const compiler = await Compiler.open(dataDir, true)
  const catalog = await SpecCatalog.load(specs, 'https://portal.example', compiler, () => {})
  const made = vi.fn<PartsOptions['made']>()
  const failed = vi.fn<PartsOptions['failed']>()
  const start = (version = 'v1', allowed = limits) =>
    new Parts({ dataDir, version, portal: PORTAL, made, failed, silence: 0, ...(allowed && { limits: allowed }) })
  const parts = start()
  onTestFinished(async () => {
    await parts.close()
    compiler.close()
    await rm(root, { recursive: true, force: true })
  })
  const compiled = async (count: number) =>
    vi.waitFor(() => expect(made).toHaveBeenCalledTimes(count), { timeout: 60_000, interval: 20 })
  const cache = join(dataDir, 'cache')
  const files = async () => (await readdir(cache)).filter((name) => name.includes('.parts'))
  return { catalog, parts, start, compiled, made, failed, write, cache, files }
}

async function textOf(parts: Parts, model: ApiModel, id: string) {
  const found = await parts.find(model, id)
  return (
    found && {
      navigation: inflated(found.navigation).toString(),
      contract: inflated(found.contract).toString(),
      outcome: inflated(found.outcome).toString(),
      samples: inflated(found.samples).toString(),
    }
  )
}

function rendered(model: ApiModel, id: string) {
  const found = model.operations.find((one) => one.id === id)
  if (found === undefined) throw new Error(id)
  return operationParts(found, { ...PORTAL, model, viewer: viewer(EVERYTHING, model, []) })
}

test('what was compiled with a document is what would be rendered, for each operation', async () => {
  const { catalog, parts, compiled, made } = await serving(DOCUMENTS)
  await parts.take(catalog.stored())
  await compiled(Object.keys(DOCUMENTS).length)
  expect(made.mock.calls.map(([{ ok }]) => ok)).not.toContain(false)
  let operations = 0
  for (const model of catalog.models())
    for (const { id } of model.operations) {
      expect(await textOf(parts, model, id), `${model.name} ${id}`).toEqual(rendered(model, id))
      operations++
    }
  expect(operations).toBeGreaterThan(80)
})

test('a reader gets what was compiled for those who see what they see, and else nothing', async () => {
  const { catalog, parts, compiled } = await serving({ hiding: hiding('Hiding') })
  await parts.take(catalog.stored())
  await compiled(2)
  const as = (groups?: readonly string[]): ApiModel => {
    const model = catalog.get('hiding', groups && { groups })
    if (model === undefined) throw new Error('hidden')
    return model
  }
  const [nobody, someone, finance] = [as(), as([]), as(['finance'])]
  const ids = ['listThings', 'listOwn', 'listSecrets']
  const found = (model: ApiModel) => Promise.all(ids.map(async (id) => (await textOf(parts, model, id)) !== undefined))
  expect(await found(nobody)).toEqual([true, false, false])
  expect(await found(someone)).toEqual([false, false, false])
  expect(await found(finance)).toEqual([true, true, true])
  expect(await textOf(parts, nobody, 'listThings')).toEqual(rendered(nobody, 'listThings'))
  expect(await textOf(parts, finance, 'listSecrets')).toEqual(rendered(finance, 'listSecrets'))
})

test('it is there at once after a restart; of other documents, and other pages, nothing is left', async () => {
  const { catalog, parts, start, compiled, write, files } = await serving({ one: hiding('One'), two: hiding('Two') })
  await parts.take(catalog.stored())
  await compiled(4)
  await parts.close()
  const again = start()
  await again.take(catalog.stored())
  for (const model of catalog.models())
    expect(await textOf(again, model, 'listThings')).toEqual(rendered(model, 'listThings'))
  const before = await files()
  expect(before).toHaveLength(4)
  await write('one', hiding('One, anew'))
  await catalog.refresh()
  await again.take(catalog.stored())
  const [changed, same] = catalog.models()
  if (changed === undefined || same === undefined) throw new Error('no models')
  expect(await again.find(changed, 'listThings')).toBeUndefined()
  expect(await textOf(again, same, 'listThings')).toEqual(rendered(same, 'listThings'))
  expect((await files()).filter((name) => before.includes(name))).toHaveLength(2)
  await compiled(6)
  expect(await textOf(again, changed, 'listThings')).toEqual(rendered(changed, 'listThings'))
  await again.close()
  const others = start('v2')
  await others.take(catalog.stored())
  expect(await others.find(same, 'listThings')).toBeUndefined()
  expect((await files()).filter((name) => before.includes(name))).toEqual([])
  await others.close()
})

test('where it could not be made in time, or is broken, pages are rendered whole', async () => {
  const limits = { memoryMb: 2048, timeMs: 1 }
  const { catalog, parts, start, compiled, made, failed, cache, files } = await serving({ one: hiding('One') }, limits)
  const [model] = catalog.models()
  if (model === undefined) throw new Error('no model')
  await parts.take(catalog.stored())
  await compiled(2)
  expect(made.mock.calls.map(([{ ok }]) => ok)).toEqual([false, false])
  expect(await parts.find(model, 'listThings')).toBeUndefined()
  await parts.close()
  const patient = start(undefined, { memoryMb: 2048, timeMs: 60_000 })
  await patient.take(catalog.stored())
  await compiled(4)
  await patient.close()
  for (const name of await files()) await truncate(join(cache, name), 100)
  const next = start()
  await next.take(catalog.stored())
  expect(await next.find(model, 'listThings')).toBeUndefined()
  expect(failed).toHaveBeenCalledOnce()
  await next.close()
})
