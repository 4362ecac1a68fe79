import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ApiModel } from '../../src/model/api.ts'
import { compile } from '../../src/server/compile.ts'
import { readFolder } from '../../src/spec/folder.ts'
import { compileFiles, temporaryFolder } from '../fixture.ts'

/** Documents that are traps: each comes to a located error or to the right model, within the time that a test has. */

const head = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n'
const path = 'paths:\n  /a:\n    get:\n      operationId: a\n      responses: { "200": { description: Fine } }\n'

async function refused(
  files: Readonly<Record<string, string | Uint8Array>>,
  code: string,
  line: number,
): Promise<string> {
  const compilation = await compileFiles(files)
  expect(compilation.ok).toBe(false)
  const [problem] = compilation.ok ? [] : compilation.problems
  expect(problem).toMatchObject({ severity: 'error', code, line })
  const message = problem?.message ?? ''
  expect(message).not.toMatch(/\n| at .*:\d+:\d+/)
  return message
}

async function understood(files: Readonly<Record<string, string | Uint8Array>>): Promise<ApiModel> {
  const compilation = await compileFiles(files)
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.problems))
  return compilation.compiled.model
}

test('a billion laughs', async () => {
  const letters = [...'abcdefghi']
  const lines = letters.map((letter, index) => {
    const inner = Array(9).fill(index === 0 ? 'lol' : `*${letters[index - 1]}`)
    return `  ${letter}: &${letter} [${inner.join(', ')}]`
  })
  const message = await refused({ 'openapi.yaml': `${head}paths: {}\nx-laughs:\n${lines.join('\n')}\n` }, 'syntax', 12)
  expect(message).toContain('more than 8,000,000 values')
})

test('few aliases are written out, each for itself', async () => {
  const model = await understood({
    'openapi.yaml': `${head}paths:\n  /a:\n    get: &get\n      responses: { "200": { description: Fine } }\n    put: *get\n  /b:\n    get:\n      <<: *get\n      deprecated: true\n`,
    'overlay.yaml':
      'overlay: 1.0.0\ninfo: { title: O, version: "1" }\nactions:\n  - target: $.paths["/a"].put\n    update: { summary: Put }\n',
  })
  expect(model.operations.map(({ method, path, summary, deprecated }) => [method, path, summary, deprecated])).toEqual([
    ['GET', '/a', undefined, false],
    ['PUT', '/a', 'Put', false],
    ['GET', '/b', undefined, true],
  ])
})

test('an alias to what it is in', async () => {
  await refused({ 'openapi.yaml': `${head}paths: {}\nx-self: &self\n  again: *self\n` }, 'syntax', 5)
})

test.each([
  ['YAML', 'openapi.yaml', `${head}paths: {}\nx-deep: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, 4],
  [
    'JSON',
    'openapi.json',
    `{"openapi":"3.1.0","info":{"title":"T","version":"1"},\n"x-deep":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
    2,
  ],
])('10,000 levels of %s', async (_, name, content, line) => {
  await refused({ [name]: content }, 'syntax', line)
})

test('a schema of 400 levels', async () => {
  const schema = `${'{"type":"array","items":'.repeat(400)}{"type":"string"}${'}'.repeat(400)}`
  const model = await understood({
    'openapi.json': `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"Deep":${schema}}}}`,
  })
  expect(Object.keys(model.schemas)).toEqual(['Deep'])
})

test('1,000,000 properties', async () => {
  const properties = Array.from({ length: 1_000_000 }, (_, index) => `"p${index}":{}`).join(',')
  const model = await understood({
    'openapi.json': `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"Wide":{"properties":{${properties}}}}}}`,
  })
  expect(model.schemas).toMatchObject({ Wide: { properties: { p999999: {} } } })
})

test('1,000,000 fields that are none', async () => {
  const fields = Array.from({ length: 1_000_000 }, (_, index) => `"p${index}":1`).join(',')
  const compilation = await compileFiles({
    'openapi.json': `{"openapi":"3.1.0","info":{"title":"T","version":"1",${fields}},"paths":{}}`,
  })
  expect(compilation).toMatchObject({ ok: true })
  expect(compilation.ok && compilation.compiled.problems.length).toBeLessThanOrEqual(1_001)
})

test('references that lead round', async () => {
  const components =
    'components:\n  schemas:\n    A: { $ref: "#/components/schemas/B" }\n    B: { $ref: "#/components/schemas/A" }\n'
  await refused({ 'openapi.yaml': `${head}${path}${components}` }, 'unresolved-ref', 10)
})

test('files that refer to each other', async () => {
  const model = await understood({
    'openapi.yaml': `${head}${path}components:\n  schemas:\n    A: { $ref: a.yaml }\n`,
    'a.yaml': 'type: object\nproperties:\n  b: { $ref: b.yaml }\n',
    'b.yaml':
      'type: object\nproperties:\n  a: { $ref: a.yaml }\n  root: { $ref: "openapi.yaml#/components/schemas/A" }\n',
  })
  expect(model.schemas).toMatchObject({
    A: { properties: { b: { $ref: '#/components/schemas/b' } } },
    b: { properties: { a: { $ref: '#/components/schemas/A' }, root: { $ref: '#/components/schemas/A' } } },
  })
})

test('a path item in a file whose callbacks are the file again', async () => {
  await refused(
    {
      'openapi.yaml': `${head}paths:\n  /a: { $ref: a.yaml }\n`,
      'a.yaml':
        'get:\n  responses: { "200": { description: Fine } }\n  callbacks:\n    again:\n      "{$request.body}":\n        $ref: a.yaml\n',
    },
    'unresolved-ref',
    6,
  )
})

test('schemas that are part of each other', async () => {
  const schemas =
    '    A: { allOf: [{ $ref: "#/components/schemas/B" }] }\n    B: { allOf: [{ $ref: "#/components/schemas/A" }] }\n'
  const content =
    '"200": { description: Fine, content: { application/json: { schema: { $ref: "#/components/schemas/A" } } } }'
  const model = await understood({
    'openapi.yaml': `${head}paths:\n  /a:\n    get:\n      responses: { ${content} }\ncomponents:\n  schemas:\n${schemas}`,
  })
  expect(model.operations[0]?.fields.response).toEqual([])
  expect(model.schemas).toMatchObject({ A: { allOf: [{ $ref: '#/components/schemas/B' }] } })
})

test.each([
  'file:///etc/passwd',
  '/etc/passwd',
  '../../../../../../../../etc/passwd',
  '..%2f..%2f..%2f..%2fetc%2fpasswd',
  'http://169.254.169.254/latest/meta-data',
  'https://example.com/schema.yaml',
  'data:application/json,{}',
  'link.yaml',
])('a reference to %s', async (ref) => {
  const folder = await temporaryFolder({ 'openapi.yaml': `${head}paths:\n  /a:\n    $ref: ${ref}\n` })
  await symlink('/etc/passwd', join(folder, 'link.yaml'))
  const compilation = await compile(await readFolder(folder), 'hash')
  expect(compilation).toMatchObject({ ok: false, problems: [{ code: 'unresolved-ref', line: 5 }] })
  expect(JSON.stringify(compilation)).not.toContain('root:')
})

test.each([
  [
    'JSON',
    'openapi.json',
    `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/a":{"get":{"operationId":"__proto__","responses":{"200":{"description":"Fine","content":{"application/json":{"schema":{"$ref":"#/components/schemas/__proto__"}}}}}}}},"components":{"schemas":{"__proto__":{"type":"object","properties":{"__proto__":{"type":"string","x-required-scopes":["s"]},"constructor":{"type":"string"}}}}}}`,
  ],
  [
    'YAML',
    'openapi.yaml',
    `${head}paths:\n  /a:\n    get:\n      operationId: __proto__\n      responses:\n        "200":\n          description: Fine\n          content: { application/json: { schema: { $ref: "#/components/schemas/__proto__" } } }\ncomponents:\n  schemas:\n    __proto__:\n      type: object\n      properties:\n        __proto__: { type: string, x-required-scopes: [s] }\n        constructor: { type: string }\n`,
  ],
])('keys that name a prototype, in %s', async (_, name, content) => {
  const model = await understood({
    [name]: content,
    'overlay.yaml':
      'overlay: 1.0.0\ninfo: { title: O, version: "1" }\nactions:\n  - target: $.info\n    update: { __proto__: { polluted: true }, constructor: { prototype: { polluted: true } } }\n',
  })
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(Object.keys(model.schemas)).toHaveLength(1)
  expect(model.operations[0]?.fields.response).toMatchObject([{ name: '__proto__', scopes: ['s'] }])
})

test('a property that is named $ref, and one in an example', async () => {
  const model = await understood({
    'openapi.yaml': `${head}${path}components:\n  schemas:\n    Link:\n      type: object\n      properties:\n        $ref: { type: string, description: Where }\n      examples: [{ $ref: ./nowhere.yaml }]\n      default: { $ref: "#/nowhere" }\n`,
  })
  expect(model.schemas).toMatchObject({
    Link: { properties: { $ref: { description: 'Where' } }, examples: [{ $ref: './nowhere.yaml' }] },
  })
})

test.each([
  ['YAML', 'openapi.yaml', `${head}paths: {}\npaths:\n  /a: {}\n`, 4],
  [
    'JSON',
    'openapi.json',
    '{"openapi":"3.1.0",\n"info":{"title":"T","version":"1"},\n"paths":{},\n"paths":{"/a":{}}}',
    4,
  ],
  [
    'JSON, one of them escaped',
    'openapi.json',
    '{"openapi":"3.1.0",\n"info":{"title":"T","version":"1"},\n"paths":{},\n"p\\u0061ths":{"/a":{}}}',
    4,
  ],
])('a key twice, in %s', async (_, name, content, line) => {
  expect(await refused({ [name]: content }, 'syntax', line)).toMatch(/duplicate/i)
})

test.each([
  ['a byte order mark', Buffer.from(`\uFEFF${head}${path}`)],
  ['CRLF', Buffer.from(`${head}${path}`.replaceAll('\n', '\r\n'))],
  ['UTF-16', Buffer.from(`\uFEFF${head}${path}`, 'utf16le')],
  ['UTF-16, big-endian', Buffer.from(`\uFEFF${head}${path}`, 'utf16le').swap16()],
  ['UTF-16 without a mark', Buffer.from(`${head}${path}`, 'utf16le')],
])('a file with %s', async (_, bytes) => {
  expect((await understood({ 'openapi.yaml': bytes })).operations).toMatchObject([{ id: 'a', path: '/a' }])
})

test('JSON with a byte order mark, indented with tabs', async () => {
  const document = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: { '/a': { get: { operationId: 'a', responses: {} } } },
  }
  const model = await understood({ 'openapi.json': `\uFEFF${JSON.stringify(document, null, '\t')}` })
  expect(model.operations).toMatchObject([{ id: 'a' }])
})

test.each([
  ['tabs as indentation of YAML', `${head}paths:\n\t/a: {}\n`, 'syntax', 4],
  ['a NUL', `${head}paths:\n  "/a\0": {}\n`, 'syntax', 4],
  ['bytes that are no text', Buffer.from([...Buffer.from(`${head}x-a: `), 0xc3, 0x28]), 'encoding', 3],
  ['two documents', `${head}paths: {}\n---\n${head}`, 'syntax', 1],
  ['a tag that makes objects', `${head}paths: !!js/function "function () {}"\n`, 'syntax', 3],
])('%s', async (_, content, code, line) => {
  await refused({ 'openapi.yaml': content }, code, line)
})
