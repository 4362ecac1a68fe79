import { describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/docs/lens.ts'
import { type SchemaNode, schemaTree } from '../../src/docs/schema-tree.ts'
import { typeName } from '../../src/docs/type-name.ts'
import type { Schema, Schemas } from '../../src/model/schema.ts'
import { plain } from '../../src/wording/inline.ts'

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
    ['"1" | "true" | "integer" | 1.0.0', { type: 'string', enum: ['1', 'true', 'integer', '1.0.0'] }],
    ['1 | true', { enum: [1, true] }],
    ['any', {}],
    ['any', true],
    ['never', false],
    ['any', ref('Missing')],
  ])('%s', (want, schema) => {
    expect(typeName(schema, schemas)).toBe(want)
  })
})

describe('schemaTree', () => {
  test('each field has an address of its own, also in options that have no name', () => {
    const option = (name: string): Schema => ({ type: 'object', properties: { kind: {}, [name]: {} } })
    const { rows, choices } = tree({
      properties: { 'a b': {}, 'a-b': {}, object: { properties: { kind: {} } } },
      oneOf: [option('x'), option('y')],
      anyOf: [option('x'), option('object-2')],
    })
    const below = (node: SchemaNode): SchemaNode['rows'] => node.rows.flatMap((row) => [row, ...below(row.node)])
    const options = choices.flatMap(({ options }) => options.flatMap(({ node }) => below(node)))
    const anchors = [...rows.flatMap((row) => [row, ...below(row.node)]), ...options].map(({ anchor }) => anchor)
    expect(anchors.slice(0, 4)).toEqual(['field.a-b', 'field.a-b-2', 'field.object', 'field.object.kind'])
    expect(anchors).toHaveLength(12)
    expect(new Set(anchors).size).toBe(12)
  })

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
      discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat', kitten: 'Cat' } },
    }).choices
    expect(choice?.options.map(({ title, when }) => [title, when?.values])).toEqual([
      ['Cat', ['cat', 'kitten']],
      ['Dog', ['Dog']],
    ])
  })

  test('read-only fields are left out of requests, write-only ones out of responses', () => {
    const schema = {
      properties: { id: { type: 'string', readOnly: true }, password: { type: 'string', writeOnly: true } },
    }
    expect(tree(schema, EVERYTHING, 'request').rows.map(({ name }) => name)).toEqual(['password'])
    expect(tree(schema, EVERYTHING, 'response').rows.map(({ name }) => name)).toEqual(['id'])
  })

  test('a gated field is hidden from those who lack its scope, or refused, and only to them', () => {
    const schema = { properties: { salary: { type: 'string', 'x-required-scopes': ['pay'] } } }
    const seen = (scopes: string[]): Viewer => ({
      ...EVERYTHING,
      scopes,
      credentials: { held: [{ scheme: 'oauth', scopes }] },
    })
    const [row] = tree(schema).rows
    expect(
      [row, ...tree(schema, seen([])).rows, ...tree(schema, seen(['pay'])).rows].map((field) => field?.withheld?.how),
    ).toEqual([undefined, 'hidden, and refused when sent', undefined])
    expect(tree(schema, seen([]), 'request').rows[0]?.withheld).toMatchObject({
      how: 'refused when sent',
      gate: 'scope',
    })
    expect(tree(schema, seen([]), 'response').rows[0]?.withheld?.how).toBe('hidden')
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

describe('what JSON Schema says besides', () => {
  test('conditions are a choice of their own', () => {
    const [choice] = tree({
      properties: { kind: { type: 'string' } },
      if: { properties: { kind: { const: 'parcel' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ['weight'], properties: { weight: { type: 'number' } } },
      else: { properties: { pages: { type: 'integer' } } },
    }).choices
    expect(choice?.kind).toBe('if')
    expect(
      choice?.options.map(({ title, node }) => [title, node.rows.map(({ name, flags }) => [name, ...flags])]),
    ).toEqual([
      ['if', [['kind']]],
      ['then', [['weight', 'required']]],
      ['else', [['pages']]],
    ])
  })

  test.each<[Schema, string]>([
    [{ not: { enum: ['a', 'b'] } }, 'none of a or b'],
    [{ not: { const: 3 } }, 'anything but 3'],
    [{ not: { required: ['a', 'b'] } }, 'not with a and b together'],
    [{ not: { required: ['a'] } }, 'without a'],
    [{ not: { type: 'string' } }, 'not string'],
    [{ type: 'array', contains: { type: 'integer' }, minContains: 2 }, 'at least 2 items of type integer'],
    [{ properties: { a: {} }, additionalProperties: false }, 'no other fields'],
    [{ properties: { a: {} }, dependentRequired: { a: ['b', 'c'] } }, 'a takes b and c'],
    [{ type: 'object', propertyNames: { pattern: '^x-' } }, 'names: matches ^x-'],
  ])('%j: %s', (schema, words) => {
    expect(tree(schema).facts.map(plain)).toContain(words)
  })

  test('a tuple has a row for each place', () => {
    const { type, rows } = tree({ prefixItems: [{ type: 'string' }, { properties: { x: { type: 'number' } } }] })
    expect(type).toBe('[string, object]')
    expect(rows.map(({ name, kind, node }) => [name, kind, node.type])).toEqual([
      ['1', 'item', 'string'],
      ['2', 'item', 'object'],
    ])
  })

  test('what comes after the places of a tuple has a row, too', () => {
    const open = { prefixItems: [{ type: 'string' }], items: { type: 'object', properties: { x: {} } } }
    const { type, rows } = tree(open)
    expect(type).toBe('[string, …object[]]')
    expect(rows.map(({ name, node }) => [name, node.rows.length])).toEqual([
      ['1', 0],
      ['2…', 1],
    ])
  })

  test('a condition says what it asks for, also of fields that are described elsewhere', () => {
    const [choice] = tree({
      properties: { country: {}, zip: {} },
      if: { properties: { country: { const: 'US' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ['zip'] },
    }).choices
    expect(choice?.options.map(({ title, node }) => [title, node.facts.map(plain)])).toEqual([
      ['if', []],
      ['then', ['with zip']],
    ])
  })

  test('values with meanings are listed with them', () => {
    const meant = { enum: ['a', null, 'b'], 'x-enum-descriptions': ['First', 'None', 'Second'] }
    expect(tree(meant).values).toEqual([
      { text: 'a', meaning: 'First' },
      { text: 'b', meaning: 'Second' },
    ])
    expect(tree({ enum: ['a', 'b'], 'x-enumDescriptions': { b: 'Second' } }).values).toEqual([
      { text: 'a' },
      { text: 'b', meaning: 'Second' },
    ])
  })

  test('each field has an id of its own, by the way there', () => {
    const [row] = tree({ properties: { address: { properties: { 'post code': {} } } } }).rows
    expect(row?.anchor).toBe('field.address')
    expect(row?.node.rows[0]?.anchor).toBe('field.address.post-code')
  })
})

test('what one audience sees of a schema is not shown to another', () => {
  const shared: Schema = { properties: { list: { type: 'array', items: ref('Secret') }, one: ref('Secret') } }
  const typesIn = (schemas: Schemas): string[] =>
    schemaTree(shared, { model: { schemas }, viewer: EVERYTHING, anchor: 'field' }).rows.map(({ node }) => node.type)
  const whole: Schemas = { Secret: { type: 'object', additionalProperties: { type: 'integer' } } }
  expect(typesIn(whole)).toEqual(['Secret[]', 'Secret'])
  expect(typesIn({})).toEqual(['any[]', 'any'])
  expect(typesIn(whole)).toEqual(['Secret[]', 'Secret'])
})
