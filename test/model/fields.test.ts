import { expect, test } from 'vitest'
import { modelOf } from '../fixture.ts'

const json = (schema: object) => ({ description: 'ok', content: { 'application/json': { schema } } })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

test('gated fields are found at any depth, through recursion, and by direction', async () => {
  const model = await modelOf({
    paths: {
      '/people': {
        get: { operationId: 'list', responses: { 200: json({ type: 'array', items: ref('Person') }) } },
        post: {
          operationId: 'create',
          requestBody: json(ref('Person')),
          responses: { 201: json(ref('Id')), 400: json(ref('Person')) },
        },
      },
    },
    components: {
      schemas: {
        Id: { type: 'string' },
        Person: {
          type: 'object',
          properties: {
            manager: ref('Person'),
            pay: { allOf: [ref('Pay')] },
            salary: { type: 'number', 'x-required-scopes': ['pay:read'] },
            computed: { type: 'number', readOnly: true, 'x-required-scopes': ['pay:read'] },
            secret: { type: 'string', writeOnly: true, 'x-required-scopes': ['pay:write', 'admin'] },
          },
        },
        Pay: {
          type: 'object',
          'x-required-scopes': ['pay:all'],
          additionalProperties: { 'x-required-scopes': ['pay:any'] },
        },
      },
    },
  })
  const [list, create] = model.operations
  expect(list?.fields.response).toEqual([
    { pointer: '/components/schemas/Pay', name: 'Pay', scopes: ['pay:all'] },
    { pointer: '/components/schemas/Pay/additionalProperties', name: 'Pay', scopes: ['pay:any'] },
    { pointer: '/components/schemas/Person/properties/computed', name: 'computed', scopes: ['pay:read'] },
    { pointer: '/components/schemas/Person/properties/salary', name: 'salary', scopes: ['pay:read'] },
  ])
  expect(create?.fields.response).toEqual([])
  expect(create?.fields.request.map(({ name }) => name)).toEqual(['Pay', 'Pay', 'salary', 'secret'])
  expect(model.scopes.map(({ name, declared }) => [name, declared])).toContainEqual(['admin', false])
})

test('a reference to anything but a named schema gets a name', async () => {
  const model = await modelOf({
    paths: { '/a': { get: { responses: { 200: json({ $ref: '#/components/schemas/A/properties/b' }) } } } },
    components: {
      schemas: {
        A: {
          type: 'object',
          properties: { b: { type: 'object', properties: { self: { $ref: '#/components/schemas/A/properties/b' } } } },
        },
      },
    },
  })
  const ref = model.operations[0]?.responses[0]?.content[0]?.schema
  expect(ref).toEqual({ $ref: '#/components/schemas/aB' })
  expect(model.schemas.aB).toEqual({ type: 'object', properties: { self: { $ref: '#/components/schemas/aB' } } })
})
