import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SpecCatalog } from '../../src/server/catalog.ts'
import { Compiler } from '../../src/server/compiler.ts'
import { watchFolder } from '../../src/server/watch.ts'

const document = (title: string, path = '/things') =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title, version: '1' },
    paths: { [path]: { get: { responses: { 200: { description: 'OK' } } } } },
  })

const PUBLIC_URL = 'https://portal.example'

async function specs() {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
  const directory = join(root, 'specs')
  await mkdir(join(directory, 'orders', 'guides'), { recursive: true })
  const write = (name: string, text: string) => writeFile(join(directory, name), text)
  await write('orders/openapi.json', document('Orders'))
  await write('other.json', document('Other'))
  const compiler = await Compiler.open(join(root, 'data'), true)
  const catalog = await SpecCatalog.load(directory, PUBLIC_URL, compiler, () => {})
  onTestFinished(async () => {
    compiler.close()
    await rm(root, { recursive: true, force: true })
  })
  return { directory, write, catalog }
}

test('a changed document replaces its model, and no other', async () => {
  const { write, catalog } = await specs()
  const [orders, other] = [catalog.get('orders', undefined), catalog.get('other', undefined)]
  await write('orders/openapi.json', document('Orders, anew'))
  expect(await catalog.refresh()).toEqual({ changed: ['orders'], removed: [], broken: [] })
  expect(catalog.get('orders', undefined)?.title).toBe('Orders, anew')
  expect(catalog.get('orders', undefined)).not.toBe(orders)
  expect(catalog.get('other', undefined)).toBe(other)
})

test('a guide is read again', async () => {
  const { write, catalog } = await specs()
  await write('orders/guides/start.md', '# Start here\n\nWords.')
  expect((await catalog.refresh()).changed).toEqual(['orders'])
  expect(catalog.guides('orders', undefined)).toMatchObject([{ name: 'start', title: 'Start here' }])
})

test('a guide names the portal by the address that it has', async () => {
  const { write, catalog } = await specs()
  await write(
    'orders/guides/start.md',
    '# Start at {{PUBLIC_URL}}\n\n`curl {{PUBLIC_URL}}/oauth/token -d resource={{PUBLIC_URL}}`',
  )
  await write('orders/CHANGELOG.md', '# Changelog\n\n[Register]({{PUBLIC_URL}}/apps/new)')
  await catalog.refresh()
  expect(catalog.guides('orders', undefined)).toMatchObject([
    {
      title: 'Start at https://portal.example',
      markdown: expect.stringContaining('curl https://portal.example/oauth/token -d resource=https://portal.example`'),
    },
    { markdown: expect.stringContaining('(https://portal.example/apps/new)') },
  ])
})

test('a broken document keeps the model it had, says so once, and comes back when it is mended', async () => {
  const { write, catalog } = await specs()
  await write('orders/openapi.json', '{"openapi": "3.1.0", ')
  const { changed, broken } = await catalog.refresh()
  expect(changed).toEqual([])
  expect(broken).toMatchObject([{ name: 'orders', served: true, problems: [{ severity: 'error' }] }])
  expect(catalog.get('orders', undefined)?.title).toBe('Orders')
  expect(catalog.broken()).toHaveLength(1)
  expect((await catalog.refresh()).broken).toEqual([])
  await write('orders/openapi.json', document('Orders, mended'))
  await catalog.refresh()
  expect(catalog.broken()).toEqual([])
  expect(catalog.get('orders', undefined)?.title).toBe('Orders, mended')
})

test('documents come and go; one that never could be read is shown to nobody', async () => {
  const { directory, write, catalog } = await specs()
  await write('new.json', document('New'))
  await write('bad.json', '[]')
  await rm(join(directory, 'orders'), { recursive: true })
  const { changed, removed, broken } = await catalog.refresh()
  expect({ changed, removed }).toEqual({ changed: ['new'], removed: ['orders'] })
  expect(broken).toMatchObject([{ name: 'bad', served: false }])
  expect(catalog.list(undefined).map(({ name }) => name)).toEqual(['new', 'other'])
})

test('a link that leads nowhere is a broken document, and stops no other', async () => {
  const { directory, write, catalog } = await specs()
  await symlink('/nowhere', join(directory, 'gone'))
  await symlink('/nowhere/openapi.yaml', join(directory, 'lost.yaml'))
  await write('other.json', document('Other, anew'))
  const { changed, broken } = await catalog.refresh()
  expect(changed).toEqual(['other'])
  expect(broken).toMatchObject([
    { name: 'lost', served: false, problems: [{ code: 'unreadable', file: join(directory, 'lost.yaml') }] },
  ])
})

test('a watched folder tells of changes, also in folders that are new', async () => {
  const { directory, write } = await specs()
  let told: () => void = () => {}
  const next = () => new Promise<void>((resolve) => (told = resolve))
  const failures: unknown[] = []
  const end = await watchFolder(
    directory,
    async () => told(),
    (error) => failures.push(error),
    60_000,
  )
  onTestFinished(end)
  const first = next()
  await write('orders/openapi.json', document('Orders, anew'))
  await first
  const second = next()
  await mkdir(join(directory, 'fresh'))
  await second
  const third = next()
  await write('fresh/openapi.json', document('Fresh'))
  await third
  expect(failures).toEqual([])
})

test('what is wrong with examples and seed is a warning, with its place, for administrators', async () => {
  const { write, catalog } = await specs()
  const schema = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
  const content = { 'application/json': { schema, example: { id: 7 } } }
  const paths = { '/things/{id}': { get: { responses: { 200: { description: 'OK', content } } } } }
  const wrong = { openapi: '3.1.0', info: { title: 'Orders', version: '1' }, paths }
  const text = JSON.stringify(wrong, null, 1)
  const line = text.slice(0, text.indexOf('"id": 7')).split('\n').length
  await write('orders/openapi.json', text)
  await catalog.refresh()
  expect(catalog.warnings().flatMap(({ problems }) => problems.map(({ code }) => code))).not.toContain(
    'example-invalid',
  )
  expect(await catalog.examine(60_000)).toBe(0)
  const found = () =>
    catalog.warnings().flatMap(({ problems }) => problems.filter(({ code }) => code === 'example-invalid'))
  expect(found()).toMatchObject([{ message: expect.stringContaining('GET /things/{id}'), line }])
  await write('orders/openapi.json', JSON.stringify(wrong).replace('"id":7', '"id":"7"'))
  await catalog.refresh()
  expect(await catalog.examine(60_000)).toBe(0)
  expect(found()).toEqual([])
})
