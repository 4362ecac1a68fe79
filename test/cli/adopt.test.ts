import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, sallyport } from './command-line.ts'

const DOCUMENT = `openapi: 3.1.0
info: { title: Orders, version: "1" }
components: { securitySchemes: { bearerAuth: { type: http, scheme: bearer } } }
security: [{ bearerAuth: [] }]
paths:
  /orders:
    get: { responses: { "200": { description: OK } } }
`

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
