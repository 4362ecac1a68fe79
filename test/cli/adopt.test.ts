import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { run } from '../../src/cli/main.ts'

const DOCUMENT = `openapi: 3.1.0
info: { title: Orders, version: "1" }
components: { securitySchemes: { bearerAuth: { type: http, scheme: bearer } } }
security: [{ bearerAuth: [] }]
paths:
  /orders:
    get: { responses: { "200": { description: OK } } }
`

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true })
    await writeFile(join(path, name), content)
  }
  return path
}

async function sallyport(...argv: string[]) {
  const output = { out: '', err: '' }
  const into = (part: 'out' | 'err') => (text: string | Uint8Array) => {
    output[part] += String(text)
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(into('out'))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(into('err'))
  const before = process.exitCode
  process.exitCode = 0
  const code = await run(argv)
  process.exitCode = before
  out.mockRestore()
  err.mockRestore()
  return { code, ...output }
}

test('a folder of documents: shown, saved, and then there is nothing more to propose', async () => {
  const specs = await folder({ 'orders/openapi.yaml': DOCUMENT, 'stock.yaml': DOCUMENT })
  const shown = await sallyport('adopt', specs)
  expect(shown.code).toBe(0)
  expect(shown.out).toContain("+  - target: $.paths['/orders'].get")
  expect(shown.out).toContain('+    description: GET only reads.')
  expect(await readdir(join(specs, 'orders'))).toEqual(['openapi.yaml'])

  expect((await sallyport('adopt', specs, '--write')).err).toContain('Move the document there as openapi.yaml')
  expect(await readFile(join(specs, 'orders', 'access.yaml'), 'utf8')).toContain('orders:read')
  expect((await readdir(join(specs, 'stock'))).sort()).toEqual(['access.yaml', 'overlay.yaml'])
  expect(await sallyport('adopt', join(specs, 'orders'))).toMatchObject({ code: 0, out: '' })
})

test('--json has the proposals and the files as they would be', async () => {
  const specs = await folder({ 'orders/openapi.yaml': DOCUMENT })
  const { out } = await sallyport('adopt', join(specs, 'orders'), '--json')
  expect(JSON.parse(out)).toMatchObject([
    {
      api: 'orders',
      operations: [{ operation: 'GET /orders', scopes: ['orders:read'], reason: 'GET only reads.' }],
      files: { overlay: { path: join(specs, 'orders', 'overlay.yaml'), changed: true } },
    },
  ])
})

test('one that can’t be read is told and doesn’t stop the others', async () => {
  const specs = await folder({ 'a/openapi.yaml': 'openapi: 4.0.0\n', 'b/openapi.yaml': DOCUMENT })
  const { code, out, err } = await sallyport('adopt', specs)
  expect(code).toBe(2)
  expect(err).toContain(join(specs, 'a', 'openapi.yaml:1:1'))
  expect(out).toContain('orders:read')
})
