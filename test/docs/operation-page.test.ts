import { describe, expect, test } from 'vitest'
import { type Lens, viewer } from '../../src/docs/lens.ts'
import { byTag, navigation } from '../../src/docs/navigation.ts'
import { operationPage } from '../../src/docs/operation-page.ts'
import { reach } from '../../src/docs/verdict.ts'
import { buildModel } from '../../src/model/build.ts'
import { plain } from '../../src/wording/inline.ts'

const json = (schema: object, example?: unknown) => ({
  content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
})
const document = {
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: '/token', scopes: { read: '', admin: '', audit: '', pay: '' } } },
      },
      reason: { type: 'apiKey', in: 'header', name: 'X-Reason' },
    },
    schemas: {
      Employee: {
        type: 'object',
        properties: { id: { type: 'string' }, salary: { type: 'string', 'x-required-scopes': ['pay'] } },
      },
    },
  },
  paths: {
    '/employees/{id}': {
      get: {
        operationId: 'getEmployee',
        summary: 'Get an employee',
        tags: ['Employees'],
        security: [{ oauth: ['read'] }, { oauth: ['admin', 'audit'], reason: [] }],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: "e'1" }],
        responses: {
          404: { description: 'None' },
          200: { description: 'It', ...json({ $ref: '#/components/schemas/Employee' }, { id: "e'1", salary: '1' }) },
        },
      },
    },
    '/keys': {
      get: { operationId: 'keys', security: [{ reason: [] }], responses: { 204: { description: 'Nothing' } } },
    },
    '/health': { get: { operationId: 'health', security: [], responses: { 204: { description: 'Nothing' } } } },
  },
}

const build = (paths: object) =>
  buildModel({ name: 'api', document: { ...document, ...paths }, sourceVersion: '3.1.0', hash: '', access: {} })
const model = build({})

const operation = (id: string) => {
  const found = model.operations.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(id)
  return found
}
const place = { npmScope: 'acme', publicUrl: 'https://portal.example' }
const page = (id: string, lens: Lens) =>
  operationPage(operation(id), { ...place, model, viewer: viewer(lens, model, []) })
const scopes = (...list: string[]): Lens => ({ as: 'scopes', scopes: list })

describe('verdict', () => {
  test.each<[string, Lens, string, string]>([
    ['getEmployee', scopes('read'), 'open', 'A token with these scopes can call this. It won’t see salary.'],
    ['getEmployee', scopes('read', 'pay'), 'open', 'A token with these scopes can call this.'],
    ['getEmployee', scopes(), 'scope', 'A token without scopes can’t call this. It lacks read.'],
    ['getEmployee', { as: 'anyone' }, 'scope', 'Not everyone can call this. It takes a token with read.'],
    ['getEmployee', { as: 'everything' }, 'scope', 'It takes read, or another way in.'],
    [
      'keys',
      scopes('read'),
      'shut',
      'A token with these scopes can’t call this. It takes the header X-Reason, which no scope stands for.',
    ],
    ['health', { as: 'anyone' }, 'open', 'Anyone can call this.'],
  ])('%s as %j is %s', (id, lens, gate, sentence) => {
    const { verdict } = page(id, lens)
    expect([verdict.gate, plain(verdict.sentence)]).toEqual([gate, sentence])
  })

  test('a document that says nothing is not one that says anyone', () => {
    const silent = build({ paths: { '/a': { get: { responses: {} } } } })
    const [row] = navigation(silent, viewer(scopes(), silent, []))[0]?.rows ?? []
    expect(row?.verdict.gate).toBe('unknown')
    for (const lens of [scopes(), { as: 'anyone' }] as const)
      expect(reach(silent, viewer(lens, silent, []))).toEqual({ callable: 0, of: 1, unstated: 1, hidden: 0 })
  })

  test('and is kept inside an alternative, or between them', () => {
    const { requirement } = page('getEmployee', scopes('admin', 'audit'))
    expect(requirement.map(({ gate, words }) => [gate, plain(words)])).toEqual([
      ['scope', 'read'],
      ['unknown', 'admin and audit, with the header X-Reason'],
    ])
  })

  test('reach counts what can be called, and distinct hidden fields', () => {
    expect(reach(model, viewer(scopes('read'), model, []))).toEqual({ callable: 2, of: 3, unstated: 0, hidden: 1 })
    const anyone = viewer({ as: 'anyone' }, model, [])
    const others = { operations: model.operations.filter(({ id }) => id !== 'health') }
    for (const _ of ['counted', 'known']) {
      expect(reach(model, anyone)).toEqual({ callable: 1, of: 3, unstated: 0, hidden: 0 })
      expect(reach(others, anyone)).toEqual({ callable: 0, of: 2, unstated: 0, hidden: 0 })
    }
  })
})

describe('operationPage', () => {
  test('the example is struck where the lens sees nothing', () => {
    const lines = page('getEmployee', scopes('read')).outcome?.example.lines ?? []
    expect(lines.find(({ withheld }) => withheld !== undefined)?.withheld?.name).toBe('"salary"')
    expect(
      page('getEmployee', scopes('read', 'pay')).outcome?.example.lines.some(({ withheld }) => withheld !== undefined),
    ).toBe(false)
  })

  test('a parameter’s own example is said in the place of that which its schema refers to', () => {
    const own = build({
      components: { ...document.components, schemas: { Id: { type: 'string', maxLength: 9, example: 'b' } } },
      paths: {
        '/{id}': {
          get: {
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { $ref: '#/components/schemas/Id' }, example: 'a' },
            ],
            responses: { 204: { description: 'Nothing' } },
          },
        },
      },
    })
    const [only] = own.operations
    const shown = only && operationPage(only, { ...place, model: own, viewer: viewer({ as: 'everything' }, own, []) })
    const [row] = shown?.parameters[0]?.rows ?? []
    expect(row?.node.facts.map(plain)).toEqual(['at most 9 characters', 'such as a'])
  })

  test('successes come first', () => {
    expect(page('getEmployee', scopes()).responses.map(({ status }) => status)).toEqual(['200', '404'])
  })

  test('samples can be pasted: values are quoted for their language', () => {
    const [typescript, curl] = page('getEmployee', scopes('read')).samples
    expect(typescript?.code).toContain("api.employees.get('e\\'1')")
    expect(typescript?.code).toContain("from '@acme/api'")
    expect(curl?.code).toContain('https://portal.example/sandbox/api/employees/')
    expect(curl?.code).toContain('"Authorization: Bearer $ACCESS_TOKEN"')
  })
})

test('an operation stands in one group, untagged ones last', () => {
  expect([...byTag(model)].map(([title, list]) => [title, list.length])).toEqual([
    ['Employees', 1],
    ['Operations', 2],
  ])
})
