import { describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/docs/lens.ts'
import { type SchemaNode, schemaTree } from '../../src/docs/schema-tree.ts'
import { typeName } from '../../src/docs/type-name.ts'
import type { Schema, Schemas } from '../../src/model/schema.ts'

const EVERYTHING: Viewer = { lens: { as: 'everything' }, name: 'Everything', scopes: [] }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const schemas: Schemas = {
  Money: { type: 'object', properties: { amount: { type: 'string' } } },
  Status: { type: 'string', enum: ['active', 'leave', 'left'] },
  Id: { type: 'string', pattern: '^x' },
  Comment: {
    type: 'object',
    properties: { text: { type: 'string' }, replies: { type: 'array', items: ref('Comment') } },
  },
  Cat: { type: 'object', properties: { kind: { const: 'cat' } } },
  Dog: { type: 'object', properties: { kind: { const: 'dog' } } },
  Loop: { allOf: [ref('Loop')] },
}

const tree = (schema: Schema, viewer = EVERYTHING, direction?: 'request' | 'response'): SchemaNode =>
  schemaTree(schema, { model: { schemas }, viewer, anchor: 'field', ...(direction && { direction }) })

describe('typeName', () => {
  test.each<[string, Schema]>([
    ['string (email)', { type: 'string', format: 'email' }],
    ['string | null', { type: ['string', 'null'] }],
    ['Money', ref('Money')],
    ['Money | null', { anyOf: [ref('Money'), { type: 'null' }] }],
    ['Money', { allOf: [ref('Money')], description: 'as OpenAPI 3.0 has it' }],
    ['active | leave | left', ref('Status')],
    ['string', ref('Id')],
    ['Comment[]', { type: 'array', items: ref('Comment') }],
    ['(string | integer)[]', { type: 'array', items: { type: ['string', 'integer'] } }],
    ['map of Money', { type: 'object', additionalProperties: ref('Money') }],
    ['[string, integer]', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] }],
    ['Cat | Dog', { oneOf: [ref('Cat'), ref('Dog')] }],
    ['cat', { const: 'cat' }],
    ['any', {}],
    ['any', true],
    ['never', false],
    ['any', ref('Missing')],
  ])('%s', (want, schema) => {
    expect(typeName(schema, schemas)).toBe(want)
  })
})

describe('schemaTree', () => {
  test('allOf is merged, and says what is required', () => {
    const { rows } = tree({
      allOf: [
        ref('Money'),
        { required: ['amount', 'currency'], properties: { currency: { type: 'string', default: 'EUR' } } },
      ],
    })
    expect(rows.map(({ name, flags }) => [name, flags])).toEqual([
      ['amount', ['required']],
      ['currency', ['required']],
    ])
    expect(rows[1]?.node.facts).toEqual([['default ', { code: 'EUR' }]])
  })

  test('recursion opens one level, then leads elsewhere', () => {
    const replies = tree(ref('Comment')).rows[1]
    expect(replies?.node).toMatchObject({ type: 'Comment[]', ref: 'Comment', more: 'recursion', rows: [] })
    expect(tree(ref('Loop'))).toMatchObject({ rows: [] })
  })

  test('a list reads as its items', () => {
    expect(tree({ type: 'array', items: ref('Money') }).rows.map(({ name }) => name)).toEqual(['amount'])
  })

  test('oneOf is told apart by its discriminator', () => {
    const [choice] = tree({
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } },
    }).choices
    expect(choice?.options.map(({ title, when }) => [title, when?.value])).toEqual([
      ['Cat', 'cat'],
      ['Dog', 'Dog'],
    ])
  })

  test('read-only fields are left out of requests, write-only ones out of responses', () => {
    const schema = {
      properties: { id: { type: 'string', readOnly: true }, password: { type: 'string', writeOnly: true } },
    }
    expect(tree(schema, EVERYTHING, 'request').rows.map(({ name }) => name)).toEqual(['password'])
    expect(tree(schema, EVERYTHING, 'response').rows.map(({ name }) => name)).toEqual(['id'])
  })

  test('a gated field is hidden from those who lack its scope, and only from them', () => {
    const schema = { properties: { salary: { type: 'string', 'x-required-scopes': ['pay'] } } }
    const seen = (scopes: string[]): Viewer => ({
      ...EVERYTHING,
      scopes,
      credentials: { held: [{ scheme: 'oauth', scopes }] },
    })
    const [row] = tree(schema).rows
    expect(
      [row, ...tree(schema, seen([])).rows, ...tree(schema, seen(['pay'])).rows].map((field) => field?.hidden),
    ).toEqual([false, true, false])
    expect(row?.scopes).toEqual(['pay'])
  })

  test('an exploding schema stays within its budget', () => {
    const wide: Record<string, Schema> = {}
    for (let index = 0; index < 60; index++)
      wide[`S${index}`] = {
        type: 'object',
        properties: Object.fromEntries(Array.from({ length: 60 }, (_, next) => [`p${next}`, ref(`S${next}`)])),
      }
    const count = (node: SchemaNode): number => 1 + node.rows.reduce((sum, row) => sum + count(row.node), 0)
    expect(
      count(schemaTree(ref('S0'), { model: { schemas: wide }, viewer: EVERYTHING, anchor: 'field' })),
    ).toBeLessThanOrEqual(1100)
  })

  test('deep anonymous schemas end', () => {
    let deep: Schema = { type: 'string' }
    for (let index = 0; index < 500; index++) deep = { type: 'object', properties: { next: deep } }
    expect(JSON.stringify(tree(deep))).toContain('"more":"depth"')
  })
})
