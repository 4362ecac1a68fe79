import { expect, test } from 'vitest'
import { compileFiles } from '../fixture.ts'

const head = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n'

test.each([
  ['a syntax error', { 'openapi.yaml': `${head}paths: {\n  /a: [` }, 'syntax', 4],
  [
    'a dangling reference',
    {
      'openapi.yaml': `${head}paths:\n  /a:\n    get:\n      responses:\n        "200":\n          $ref: '#/components/responses/None'\n`,
    },
    'unresolved-ref',
    8,
  ],
  ['something that is no OpenAPI document', { 'openapi.yaml': 'hello: world\n' }, 'not-openapi', 1],
  ['a version from the future', { 'openapi.yaml': 'openapi: 4.0.0\n' }, 'not-openapi', 1],
  ['an empty file', { 'openapi.yaml': '' }, 'not-openapi', 1],
  [
    'a reference to a file elsewhere',
    { 'openapi.yaml': `${head}paths:\n  /a:\n    $ref: ../../../../../etc/passwd\n` },
    'unresolved-ref',
    5,
  ],
  [
    'a reference to an address',
    { 'openapi.yaml': `${head}paths:\n  /a:\n    $ref: http://127.0.0.1:1/x.yaml\n` },
    'unresolved-ref',
    5,
  ],
  ['no document', { 'readme.md': '' }, 'no-document', 1],
])('%s is told with its place', async (_, files, code, line) => {
  const compilation = await compileFiles(files as Record<string, string>)
  expect(compilation.ok).toBe(false)
  if (compilation.ok) return
  expect(compilation.problems[0]).toMatchObject({ code, line, severity: 'error' })
  expect(compilation.problems[0]?.message).not.toContain('\n')
})

test('an unknown key of access.yaml is told by line and column', async () => {
  const compilation = await compileFiles({
    'openapi.yaml': `${head}paths: {}\n`,
    'access.yaml': 'policies:\n  - name: P\n    rules:\n      - name: R\n        when:\n          group: [staff]\n',
  })
  expect(compilation).toMatchObject({ ok: false, problems: [{ code: 'invalid-file', line: 6, column: 11 }] })
})

test('an overlay is applied before anything else', async () => {
  const compilation = await compileFiles({
    'openapi.yaml': `${head}paths:\n  /a:\n    get:\n      operationId: a\n      responses: { "200": { description: fine } }\n`,
    'overlay.yaml':
      'overlay: 1.0.0\ninfo: { title: O, version: "1" }\nactions:\n  - target: $.paths["/a"].get\n    update: { security: [{ oauth: [a:read] }] }\n',
  })
  expect(compilation).toMatchObject({
    ok: true,
    compiled: {
      model: {
        operations: [{ requirement: { stated: true, alternatives: [[{ scheme: 'oauth', scopes: ['a:read'] }]] } }],
      },
    },
  })
})

test('Swagger 2.0 comes out in the dialect of 3.1', async () => {
  const compilation = await compileFiles({
    'swagger.json': JSON.stringify({
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      securityDefinitions: {
        oauth: {
          type: 'oauth2',
          flow: 'accessCode',
          authorizationUrl: 'https://a/',
          tokenUrl: 'https://a/',
          scopes: { 'x:read': 'Read' },
        },
      },
      paths: {
        '/x': {
          get: {
            security: [{ oauth: ['x:read'] }],
            parameters: [
              { name: 'ids', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'csv' },
            ],
            responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/X' } } },
          },
        },
      },
      definitions: { X: { type: 'object', properties: { a: { type: 'string' } } } },
    }),
  })
  expect(compilation).toMatchObject({
    ok: true,
    compiled: {
      model: {
        sourceVersion: '2.0',
        scopes: [{ name: 'x:read', declared: true }],
        operations: [
          {
            id: 'getX',
            parameters: [{ name: 'ids', style: 'form', explode: false }],
            responses: [{ content: [{ schema: { $ref: '#/components/schemas/X' } }] }],
          },
        ],
      },
    },
  })
})
