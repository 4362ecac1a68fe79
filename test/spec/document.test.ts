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

test('how grave a finding is, access.yaml says', async () => {
  const files = {
    'openapi.yaml': `${head}paths:\n  /a:\n    get:\n      sumary: A\n      security: []\n      responses: { "200": { $ref: "#/components/responses/None" } }\n`,
  }
  const refused = await compileFiles(files)
  expect(refused).toMatchObject({ ok: false, problems: [{ code: 'unresolved-ref', line: 8 }] })
  const shown = await compileFiles({
    ...files,
    'access.yaml': 'check: { unresolved-ref: warning, unknown-field: off }\n',
  })
  expect(shown).toMatchObject({ ok: true, compiled: { problems: [{ code: 'unresolved-ref', severity: 'warning' }] } })
  const strict = await compileFiles({
    ...files,
    'access.yaml': 'check: { unresolved-ref: off, unknown-field: error }\n',
  })
  expect(strict).toMatchObject({
    ok: false,
    problems: [{ code: 'unknown-field', line: 6, column: 7, hint: 'Did you mean `summary`?' }],
  })
})

test.each([
  [
    'a `$ref` that YAML takes for a comment',
    '$ref: #/components/schemas/A',
    'unresolved-ref',
    /put the reference in quotes/,
  ],
  [
    'a list where one word is meant',
    'type: object\n      required: name',
    'wrong-type',
    /must be a list, not the string "name"/,
  ],
  ['a wrong word', 'type: strng', 'wrong-value', /Did you mean `string`/],
  ['a keyword of 3.0', 'type: string\n      nullable: true', 'unknown-field', /type: \[string, "null"\]/],
  ['a negative length', 'type: string\n      maxLength: -1', 'wrong-value', /at least 0, not -1/],
])('what is wrong with a schema is said plainly: %s', async (_, schema, code, words) => {
  const compilation = await compileFiles({
    'openapi.yaml': `${head}paths: {}\ncomponents:\n  schemas:\n    A:\n      ${schema}\n`,
    'access.yaml': `check: { ${code}: error }\n`,
  })
  expect(compilation).toMatchObject({
    ok: false,
    problems: [{ code, pointer: expect.stringMatching('^/components/schemas/A/') }],
  })
  const [problem] = compilation.ok ? [] : compilation.problems
  expect(`${problem?.message} ${problem?.hint}`).toMatch(words)
})

test('a schema may be referred to by its $id, its $anchor, and the $self of the document', async () => {
  const compilation = await compileFiles({
    'openapi.yaml': `openapi: 3.2.0\n$self: https://example.com/api.yaml\n${head.slice(head.indexOf('\n') + 1)}paths: {}\ncomponents:\n  schemas:\n    Tag: { type: string }\n    Pet:\n      $id: https://example.com/pet\n      $defs:\n        Name: { $anchor: name, type: string }\n      properties:\n        name: { $ref: "#name" }\n        other: { $ref: "#/$defs/Name" }\n        tag: { $ref: "#/components/schemas/Tag" }\n    Zoo:\n      properties:\n        pet: { $ref: https://example.com/pet }\n        name: { $ref: "pet#name" }\n        tag: { $ref: "https://example.com/api.yaml#/components/schemas/Tag" }\n`,
  })
  const ref = (pointer: string) => ({ $ref: `#/components/schemas/${pointer}` })
  expect(compilation.ok || compilation.problems).toBe(true)
  expect(compilation.ok && compilation.compiled.document.components).toMatchObject({
    schemas: {
      Pet: { properties: { name: ref('Pet/$defs/Name'), other: ref('Pet/$defs/Name'), tag: ref('Tag') } },
      Zoo: { properties: { pet: ref('Pet'), tag: ref('Tag') } },
    },
  })
})

test('what is of OpenAPI 3.2 is taken as it is', async () => {
  const compilation = await compileFiles({
    'openapi.yaml': `openapi: 3.2.0\n${head.slice(head.indexOf('\n') + 1)}${[
      'tags: [{ name: a, kind: nav }, { name: b, parent: a, summary: B }]',
      'paths:',
      '  /a:',
      '    query:',
      '      security: [{ o: [s] }]',
      '      responses:',
      '        "200":',
      '          description: Fine',
      '          content: { text/event-stream: { itemSchema: { type: object } } }',
      '    additionalOperations:',
      '      LINK:',
      '        security: [{ o: [s] }]',
      '        responses: { "200": { summary: Linked } }',
      'components:',
      '  securitySchemes:',
      '    o:',
      '      type: oauth2',
      '      oauth2MetadataUrl: https://example.com/.well-known/oauth-authorization-server',
      '      flows:',
      '        deviceAuthorization: { deviceAuthorizationUrl: https://example.com/d, tokenUrl: https://example.com/t, scopes: { s: S } }',
    ].join('\n')}\n`,
  })
  expect(compilation.ok ? compilation.compiled.problems : compilation.problems).toEqual([])
  expect(compilation.ok && compilation.compiled.document).toMatchObject({
    tags: [{ kind: 'nav' }, { parent: 'a' }],
    paths: { '/a': { query: {}, additionalOperations: { LINK: {} } } },
    components: {
      securitySchemes: { o: { oauth2MetadataUrl: expect.any(String), flows: { deviceAuthorization: {} } } },
    },
  })
})
