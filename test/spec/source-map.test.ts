import { expect, test } from 'vitest'
import { load } from './load.ts'

const head = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n'

test('a node of the one file stands where it was written, by its key', async () => {
  const { where } = await load({
    'openapi.yaml': `${head}paths:\n  /a/{b}:\n    get:\n      operationId: a\n      tags: [x, "y"]\n`,
  })
  expect(where('/paths/~1a~1{b}/get/operationId')).toBe('openapi.yaml:6:7 /paths/~1a~1{b}/get/operationId')
  expect(where('/paths/~1a~1{b}/get/tags/1')).toBe('openapi.yaml:7:17 /paths/~1a~1{b}/get/tags/1')
  expect(where('/paths/~1a~1{b}/get/responses/200')).toBe('openapi.yaml:5:5 /paths/~1a~1{b}/get')
  expect(where('')).toBe('openapi.yaml:1:1 ')
})

test('a file in JSON, with CRLF and quotes', async () => {
  const { where } = await load({
    'openapi.json':
      '{\r\n  "openapi": "3.1.0",\r\n  "info": {"title": "T", "version": "1"},\r\n  "paths": {"/\\u00e4": {}}\r\n}',
  })
  expect(where('/paths/~1ä')).toBe('openapi.json:4:13 /paths/~1ä')
  expect(where('/info/version')).toBe('openapi.json:3:26 /info/version')
})

test('what another file holds is found there, through a chain of files, at any depth', async () => {
  const { document, where, problems } = await load({
    'openapi.yaml': `${head}paths:\n  /pets: { $ref: paths/pets.yaml }\ncomponents:\n  schemas:\n    Pet: { $ref: schemas/Pet.yaml }\n`,
    'paths/pets.yaml':
      'get:\n  responses:\n    "200":\n      description: Fine\n      content:\n        application/json:\n          schema: { $ref: ../schemas/all.yaml#/Pets }\n',
    'schemas/all.yaml': 'Pets:\n  type: array\n  items: { $ref: "Pet.yaml" }\n',
    'schemas/Pet.yaml':
      'type: object\nproperties:\n  name: { type: string }\n  owner: { $ref: "#/$defs/Owner" }\n$defs:\n  Owner:\n    type: object\n',
  })
  expect(problems).toEqual([])
  expect(document).toMatchObject({
    paths: {
      '/pets': {
        get: {
          responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pets' } } } } },
        },
      },
    },
    components: {
      schemas: {
        Pets: { items: { $ref: '#/components/schemas/Pet' } },
        Pet: { properties: { owner: { $ref: '#/components/schemas/Owner' } } },
        Owner: { type: 'object' },
      },
    },
  })
  expect(where('/paths/~1pets/get/responses/200')).toBe('paths/pets.yaml:3:5 /get/responses/200')
  expect(where('/components/schemas/Pets/items')).toBe('schemas/all.yaml:3:3 /Pets/items')
  expect(where('/components/schemas/Pet/properties/name')).toBe('schemas/Pet.yaml:3:3 /properties/name')
  expect(where('/components/schemas/Owner/type')).toBe('schemas/Pet.yaml:7:5 /$defs/Owner/type')
  expect(where('/components/schemas')).toBe('openapi.yaml:6:3 /components/schemas')
})

test('what an overlay wrote is found in the overlay, what it left in the document, also after removals', async () => {
  const { where, document, problems } = await load({
    'openapi.yaml': `${head}tags: [{ name: a }, { name: b }, { name: c }]\npaths:\n  /a:\n    get:\n      operationId: a\n      responses: {}\n`,
    'overlay.yaml': [
      'overlay: 1.0.0',
      'info: { title: O, version: "1" }',
      'actions:',
      '  - target: $.paths["/a"].get',
      '    update:',
      '      security:',
      '        - oauth: [a:read]',
      '      responses:',
      '        "200": { description: Fine }',
      '  - target: $.tags[0]',
      '    remove: true',
      '  - target: $.tags',
      '    update: [{ name: d }]',
      '  - target: $.info',
      '    update: { title: Other }',
    ].join('\n'),
  })
  expect(problems).toEqual([])
  expect(document).toMatchObject({ info: { title: 'Other' }, tags: [{ name: 'b' }, { name: 'c' }, { name: 'd' }] })
  expect(where('/paths/~1a/get/security/0/oauth/0')).toBe('overlay.yaml:7:19 /actions/0/update/security/0/oauth/0')
  expect(where('/paths/~1a/get/responses/200/description')).toBe(
    'overlay.yaml:9:18 /actions/0/update/responses/200/description',
  )
  expect(where('/paths/~1a/get/operationId')).toBe('openapi.yaml:7:7 /paths/~1a/get/operationId')
  expect(where('/info/title')).toBe('overlay.yaml:15:15 /actions/3/update/title')
  expect(where('/info/version')).toBe('openapi.yaml:2:19 /info/version')
  expect(where('/tags/1/name')).toBe('openapi.yaml:3:36 /tags/2/name')
  expect(where('/tags/2/name')).toBe('overlay.yaml:13:16 /actions/2/update/0/name')
})

test('an overlay reaches what other files brought in, and may refer to files itself', async () => {
  const { where, document } = await load({
    'openapi.yaml': `${head}paths:\n  /a: { $ref: a.yaml }\n`,
    'a.yaml': 'get:\n  operationId: a\n  responses: {}\n',
    'overlay.yaml':
      'overlay: 1.0.0\ninfo: { title: O, version: "1" }\nactions:\n  - target: $.paths["/a"].get.responses\n    update:\n      "200": { $ref: responses.yaml#/ok }\n',
    'responses.yaml': 'ok:\n  description: Fine\n',
  })
  expect(document).toMatchObject({
    paths: { '/a': { get: { operationId: 'a', responses: { 200: { $ref: '#/components/responses/ok' } } } } },
    components: { responses: { ok: { description: 'Fine' } } },
  })
  expect(where('/paths/~1a/get/operationId')).toBe('a.yaml:2:3 /get/operationId')
  expect(where('/components/responses/ok/description')).toBe('responses.yaml:2:3 /ok/description')
})

test('of Swagger 2.0, nodes are found where they stood before the upgrade', async () => {
  const { where, document } = await load({
    'swagger.json': JSON.stringify(
      {
        swagger: '2.0',
        info: { title: 'T', version: '1' },
        host: 'api.example.com',
        consumes: ['application/json'],
        produces: ['application/json'],
        paths: {
          '/a': {
            post: {
              parameters: [
                { name: 'body', in: 'body', schema: { $ref: '#/definitions/A' } },
                { name: 'q', in: 'query', type: 'string' },
              ],
              responses: {
                200: { description: 'Fine', schema: { type: 'object', properties: { x: { type: 'string' } } } },
              },
            },
          },
        },
        definitions: { A: { type: 'object', properties: { b: { type: 'string' } } } },
        securityDefinitions: {
          o: { type: 'oauth2', flow: 'application', tokenUrl: 'https://a/', scopes: { s: 'S' } },
        },
      },
      null,
      1,
    ),
  })
  const at = (pointer: string): string => where(pointer).split(' ')[1] ?? ''
  expect(document.openapi).toMatch(/^3\.1/)
  expect(at('/components/schemas/A/properties/b')).toBe('/definitions/A/properties/b')
  expect(at('/components/securitySchemes/o/flows/clientCredentials/scopes/s')).toBe('/securityDefinitions/o/scopes/s')
  expect(at('/paths/~1a/post/requestBody/content/application~1json/schema')).toBe('/paths/~1a/post/parameters/0/schema')
  expect(at('/paths/~1a/post/parameters/0/schema/type')).toBe('/paths/~1a/post/parameters/1/type')
  expect(at('/paths/~1a/post/responses/200/content/application~1json/schema/properties/x')).toBe(
    '/paths/~1a/post/responses/200/schema/properties/x',
  )
  expect(at('/servers/0/url')).toBe('/host')
})
