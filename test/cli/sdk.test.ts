import { existsSync } from 'node:fs'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseTar } from 'nanotar'
import { expect, test } from 'vitest'
import { folder, sallyport } from './command-line.ts'

const response = '{ responses: { "200": { description: OK, content: { application/json: {} } } } }'
const document = (paths: string): string => `openapi: 3.1.0
info: { title: Orders, version: "1" }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: https://id.example/t, scopes: { read: "", write: "" } } } }
security: [{ oauth: [read] }]
paths:
${paths}`
const TWO = document(`  /orders: { get: ${response} }\n  /carts: { get: ${response} }\n`)

async function generated(): Promise<{ root: string; out: string; file: string }> {
  const root = await folder({ 'orders.yaml': TWO })
  const file = join(root, 'orders.yaml')
  const out = join(root, 'sdk')
  const { code, err } = await sallyport('sdk', file, '--out', out)
  expect([code, err]).toEqual([0, expect.stringContaining('Generating 2 operations')])
  return { root, out, file }
}

test('regeneration removes what is gone, and leaves custom code alone', async () => {
  const { out, file } = await generated()
  await writeFile(join(out, 'notes.txt'), 'mine')
  await writeFile(file, document(`  /orders: { get: ${response} }\n`))
  const { code, err } = await sallyport('sdk', file, '--out', out)
  expect([code, err]).toEqual([0, expect.stringMatching(/2 removed/)])
  expect(existsSync(join(out, 'operations/carts.ts'))).toBe(false)
  expect(await readFile(join(out, 'notes.txt'), 'utf8')).toBe('mine')
  expect((await sallyport('sdk', file, '--out', out)).err).toContain('0 of them new or changed, 0 removed')
})

test('it refuses to overwrite what was edited, says which, and writes nothing', async () => {
  const { out, file } = await generated()
  await appendFile(join(out, 'operations/orders.ts'), '// mine\n')
  await writeFile(file, document(`  /orders: { get: ${response} }\n`))
  const { code, err } = await sallyport('sdk', file, '--out', out)
  expect([code, err]).toEqual([2, expect.stringContaining(`${join(out, 'operations/orders.ts')} was edited`)])
  expect(err).not.toContain('carts')
  expect(existsSync(join(out, 'operations/carts.ts'))).toBe(true)
  expect((await sallyport('sdk', file, '--out', out, '--force')).code).toBe(0)
  expect(await readFile(join(out, 'operations/orders.ts'), 'utf8')).not.toContain('mine')
})

test("a folder that holds somebody else's files in its way is refused", async () => {
  const root = await folder({ 'orders.yaml': TWO, 'sdk/package.json': '{}' })
  const { code, err } = await sallyport('sdk', join(root, 'orders.yaml'), '--out', join(root, 'sdk'))
  expect([code, err]).toEqual([2, expect.stringContaining('package.json is not the generator’s')])
})

test('a config file: package, names, types, scopes; custom code is packed', async () => {
  const config = 'package: "@acme/orders"\nnames: { getOrders: shop.all }\ndates: Date\nscopes: [read]\n'
  const root = await folder({
    'orders.yaml': TWO,
    'sdk.yaml': config,
    'sdk/custom/report.ts': 'export const answer: number = 42\n',
  })
  const args = [
    'sdk',
    join(root, 'orders.yaml'),
    '--out',
    join(root, 'sdk'),
    '--config',
    join(root, 'sdk.yaml'),
    '--pack',
  ]
  const { code, out } = await sallyport(...args)
  expect(code).toBe(0)
  const entries = parseTar(new Uint8Array(gunzipSync(await readFile(out.trim()))))
  const text = (name: string): string => entries.find((entry) => entry.name === `package/${name}`)?.text ?? ''
  expect(JSON.parse(text('package.json'))).toMatchObject({
    name: '@acme/orders',
    exports: { './custom/report': { default: './custom/report.js' } },
  })
  expect(text('custom/report.js')).toContain('answer = 42')
  expect(text('api.md')).toContain('orders.shop.all(')
  expect(text('client.js')).toContain("defaultScopes = ['read']")
})

test.each([
  ['a key that nobody knows', 'pakage: x\n', /sdk\.yaml:1:/],
  ['an operation that is none', 'names: { nope: a.b }\n', /no operation nope/],
  ['a scope that is none', 'scopes: [nope]\n', /no such scope/],
])('a config file with %s', async (_, config, message) => {
  const root = await folder({ 'orders.yaml': TWO, 'sdk.yaml': config })
  const options = ['--out', join(root, 'sdk'), '--config', join(root, 'sdk.yaml')]
  const { code, err } = await sallyport('sdk', join(root, 'orders.yaml'), ...options)
  expect([code, err]).toEqual([2, expect.stringMatching(message)])
  expect(existsSync(join(root, 'sdk'))).toBe(false)
})
