import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SpecCatalog } from '../../src/server/catalog.ts'
import { compile } from '../../src/server/compile.ts'
import { Compiler } from '../../src/server/compiler.ts'
import { atAddress } from '../../src/spec/folder.ts'
import { temporaryFolder } from '../fixture.ts'

/** A server of files, which can be changed, and be gone. */
async function serve(files: Record<string, string>) {
  const server = createServer((request, response) => {
    const file = files[request.url?.slice(1) ?? '']
    if (file?.startsWith('→')) response.writeHead(302, { Location: file.slice(1) }).end()
    else response.writeHead(file === undefined ? 404 : 200).end(file)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(stop)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, files, stop }
}

const document = (title: string, ref = './b.yaml#/B') =>
  `openapi: 3.1.0\ninfo: { title: ${title}, version: "1" }\npaths:\n  /a:\n    get:\n      security: []\n      responses:\n        "200":\n          description: Fine\n          content:\n            application/json:\n              schema:\n                $ref: '${ref}'\n`

test('a document at an address, with what it refers to there', async () => {
  const { url, files } = await serve({
    'v1/openapi.yaml': document('A'),
    'v1/b.yaml': 'B:\n  type: object\n  reqired: [x]\n',
  })
  const first = await compile(atAddress(`${url}/v1/openapi.yaml`), 'hash', { loopback: true })
  expect(first).toMatchObject({
    ok: true,
    compiled: {
      model: { schemas: { B: { type: 'object' } } },
      problems: [{ code: 'unknown-field', file: `${url}/v1/b.yaml`, line: 3, column: 3, pointer: '/B/reqired' }],
    },
  })
  files['v1/b.yaml'] = 'B: { type: string }'
  const second = await compile(atAddress(`${url}/v1/openapi.yaml`), 'hash', { loopback: true })
  if (!first.ok || !second.ok) throw new Error('It compiles')
  expect(second.compiled.model.hash).not.toBe(first.compiled.model.hash)
})

test.each([
  ['a file', 'file:///etc/passwd'],
  ['a private address', 'http://10.0.0.1/secret.yaml'],
  ['another port of the machine', 'http://127.0.0.1:1/secret.yaml'],
  ['another origin', 'https://example.com/schema.yaml'],
  ['a page that leads elsewhere', './away.yaml'],
])('it may not refer to %s', async (_, ref) => {
  const { url } = await serve({ 'openapi.yaml': document('A', ref), 'away.yaml': '→http://169.254.169.254/' })
  const compilation = await compile(atAddress(`${url}/openapi.yaml`), 'hash', { loopback: true })
  expect(compilation).toMatchObject({
    ok: false,
    problems: [{ code: 'unresolved-ref', file: `${url}/openapi.yaml`, line: 13 }],
  })
})

test('in production, an address of the machine itself is refused', async () => {
  const { url } = await serve({ 'openapi.yaml': document('A') })
  const compilation = await compile(atAddress(`${url}/openapi.yaml`), 'hash', { loopback: false })
  expect(compilation).toMatchObject({ ok: false, problems: [{ code: 'unreadable', file: `${url}/openapi.yaml` }] })
})

async function catalogOf(root: string) {
  const compiler = await Compiler.open(join(root, 'data'), true)
  onTestFinished(() => compiler.close())
  return SpecCatalog.load(join(root, 'specs'), 'https://portal.example', compiler, () => {})
}

test('apis.yaml lists documents at addresses; what else an API has lies in its folder', async () => {
  const { url, files, stop } = await serve({
    'openapi.yaml': `${document('Remote', '#/components/schemas/B')}components: { schemas: { B: {} } }\n`,
  })
  const root = await temporaryFolder({
    'specs/apis.yaml': `apis:\n  - name: remote\n    url: ${url}/openapi.yaml\n`,
    'specs/remote/access.yaml': 'family: far\n',
  })
  const catalog = await catalogOf(root)
  expect(catalog.get('remote', undefined)).toMatchObject({ title: 'Remote', family: 'far' })
  expect(await catalog.refresh()).toEqual({ changed: [], removed: [], broken: [] })

  files['openapi.yaml'] = files['openapi.yaml']?.replace('Remote', 'Remote anew') ?? ''
  expect((await catalog.refresh()).changed).toEqual(['remote'])
  expect(catalog.get('remote', undefined)?.title).toBe('Remote anew')

  // Another start, and the server of the document is gone: the document isn't.
  stop()
  const later = await catalogOf(root)
  expect(later.get('remote', undefined)?.title).toBe('Remote anew')
  expect(later.warnings()).toMatchObject([{ name: 'remote', problems: [{ code: 'unreadable', severity: 'warning' }] }])
})

test('what is wrong with apis.yaml is told with its place', async () => {
  const root = await temporaryFolder({ 'specs/apis.yaml': 'apis:\n  - name: remote\n    uri: https://example.com/\n' })
  const catalog = await catalogOf(root)
  expect(catalog.broken()).toMatchObject([{ name: 'apis.yaml', problems: [{ line: 2 }, { line: 3, column: 5 }] }])
})
