import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatedSent, redact } from '../../src/access/redact.ts'
import type { Schema, Schemas } from '../../src/model/schema.ts'

const gated: Schema = { type: 'string', 'x-required-scopes': ['s'] }
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
const NONE: ReadonlySet<string> = new Set()

interface Case {
  readonly schema: Schema
  readonly schemas?: Schemas
  readonly body: unknown
  readonly want: unknown
  readonly withheld: readonly string[]
}

const animals: Schemas = {
  Cat: { type: 'object', properties: { kind: {}, name: gated } },
  Dog: { type: 'object', properties: { kind: {}, name: { type: 'string' } } },
}
const oneOf = { oneOf: [ref('Cat'), ref('Dog')] }
const family: Schemas = {
  Pet: { type: 'object', properties: { kind: {} }, discriminator: { propertyName: 'kind' } },
  Cat: { allOf: [ref('Pet'), { properties: { name: gated } }] },
  Dog: { allOf: [ref('Pet'), { properties: { name: { type: 'string' } } }] },
}

const CASES: Record<string, Case> = {
  'a member': {
    schema: { properties: { a: gated, b: {} } },
    body: { a: '1', b: '2' },
    want: { b: '2' },
    withheld: ['/a'],
  },
  'a member, required or not': {
    schema: { properties: { a: gated }, required: ['a'] },
    body: { a: '1' },
    want: {},
    withheld: ['/a'],
  },
  'a gate beside the reference': {
    schema: { properties: { a: { $ref: '#/components/schemas/Text', 'x-required-scopes': ['s'] } } },
    schemas: { Text: { type: 'string' } },
    body: { a: '1' },
    want: {},
    withheld: ['/a'],
  },
  'a gate behind references': {
    schema: ref('A'),
    schemas: { A: ref('B'), B: { properties: { a: ref('C') } }, C: gated },
    body: { a: '1' },
    want: {},
    withheld: ['/a'],
  },
  'map entries': {
    schema: { properties: { open: {} }, additionalProperties: gated },
    body: { open: '1', x: '2', y: '3' },
    want: { open: '1' },
    withheld: ['/x', '/y'],
  },
  'members by pattern': {
    schema: { patternProperties: { '^x-': gated, '(': gated } },
    body: { 'x-a': '1' },
    want: {},
    withheld: ['/x-a'],
  },
  'a pattern that cannot be read gates everything it might': {
    schema: { patternProperties: { '(': gated } },
    body: { b: '1' },
    want: {},
    withheld: ['/b'],
  },
  'list elements': {
    schema: { items: { properties: { a: gated } } },
    body: [{ a: '1' }, {}, { a: '2', b: 3 }],
    want: [{}, {}, { b: 3 }],
    withheld: ['/0/a', '/2/a'],
  },
  'whole elements, by position': {
    schema: { prefixItems: [true, gated], items: {} },
    body: ['0', '1', '2'],
    want: ['0', '2'],
    withheld: ['/1'],
  },
  'part of an allOf': {
    schema: { allOf: [{ properties: { a: {} } }, { properties: { a: gated } }] },
    body: { a: '1' },
    want: {},
    withheld: ['/a'],
  },
  'one branch of several': {
    schema: { anyOf: [{ properties: { a: {} } }, { properties: { a: gated } }] },
    body: { a: '1' },
    want: {},
    withheld: ['/a'],
  },
  'if, then, else': {
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
    schema: { if: { required: ['b'] }, then: { properties: { a: gated } }, else: { properties: { c: gated } } },
    body: { a: '1', b: '2', c: '3' },
    want: { b: '2' },
    withheld: ['/a', '/c'],
  },
  'dependent schemas': {
    schema: { dependentSchemas: { b: { properties: { a: gated } }, c: { properties: { b: gated } } } },
    body: { a: '1', b: '2' },
    want: { b: '2' },
    withheld: ['/a'],
  },
  'without discriminator: each branch counts': {
    schema: oneOf,
    schemas: animals,
    body: { kind: 'Dog', name: 'Rex' },
    want: { kind: 'Dog' },
    withheld: ['/name'],
  },
  'the branch that the discriminator names': {
    schema: { ...oneOf, discriminator: { propertyName: 'kind' } },
    schemas: animals,
    body: { kind: 'Dog', name: 'Rex' },
    want: { kind: 'Dog', name: 'Rex' },
    withheld: [],
  },
  'the branch that the mapping names': {
    schema: {
      items: {
        ...oneOf,
        discriminator: { propertyName: 'kind', mapping: { c: '#/components/schemas/Cat', d: 'Dog' } },
      },
    },
    schemas: animals,
    body: [
      { kind: 'd', name: 'Rex' },
      { kind: 'c', name: 'Tom' },
    ],
    want: [{ kind: 'd', name: 'Rex' }, { kind: 'c' }],
    withheld: ['/1/name'],
  },
  'a discriminator that names no branch': {
    schema: { ...oneOf, discriminator: { propertyName: 'kind' } },
    schemas: animals,
    body: { kind: 'constructor', name: 'Rex' },
    want: { kind: 'constructor' },
    withheld: ['/name'],
  },
  'a subtype found by discriminator alone': {
    schema: { items: ref('Pet') },
    schemas: family,
    body: [{ kind: 'Cat', name: 'Tom' }, { kind: 'Dog', name: 'Rex' }, { name: '?' }],
    want: [{ kind: 'Cat' }, { kind: 'Dog', name: 'Rex' }, {}],
    withheld: ['/0/name', '/2/name'],
  },
  'recursion, by data': {
    schema: ref('Node'),
    schemas: { Node: { properties: { secret: gated, children: { items: ref('Node') } } } },
    body: { secret: '0', children: [{ secret: '1', children: [{ secret: '2' }] }] },
    want: { children: [{ children: [{}] }] },
    withheld: ['/secret', '/children/0/secret', '/children/0/children/0/secret'],
  },
  'schemas that only refer to each other': {
    schema: ref('A'),
    schemas: { A: { allOf: [ref('B')], properties: { a: gated } }, B: { anyOf: [ref('A')] } },
    body: { a: '1', b: '2' },
    want: { b: '2' },
    withheld: ['/a'],
  },
  'names that need escaping, and hostile ones': {
    schema: { additionalProperties: { properties: { 'a/b~c': gated } } },
    body: JSON.parse('{"__proto__": {"a/b~c": 1, "d": 2}}'),
    want: JSON.parse('{"__proto__": {"d": 2}}'),
    withheld: ['/__proto__/a~1b~0c'],
  },
  'keywords that are not what they should be': {
    schema: JSON.parse(
      '{"allOf": {}, "oneOf": 3, "prefixItems": "x", "properties": {"a": {"x-required-scopes": ["s"]}}}',
    ),
    body: { a: '1' },
    want: {},
    withheld: ['/a'],
  },
}

describe('redact', () => {
  it.each(Object.entries(CASES))('%s', (_, { schema, schemas = {}, body, want, withheld }) => {
    const before = JSON.stringify(body)
    const result = redact(body, schema, schemas, NONE)
    expect(result.body).toEqual(want)
    expect(result.withheld).toEqual(withheld.map((path) => ({ path, scopes: ['s'] })))
    expect(result.denied).toBe(false)
    expect(JSON.stringify(body)).toBe(before)
    expect(redact(body, schema, schemas, new Set(['s'])).body).toBe(body)
  })

  it('denies a body that is gated as a whole', () => {
    expect(redact({ a: 1 }, ref('A'), { A: gated }, NONE)).toEqual({
      body: undefined,
      withheld: [{ path: '', scopes: ['s'] }],
      denied: true,
    })
  })

  it('names the scopes that are missing, of every gate', () => {
    const schema: Schema = {
      properties: { a: { allOf: [{ 'x-required-scopes': ['s', 't'] }, { 'x-required-scopes': ['u'] }] } },
    }
    expect(redact({ a: 1 }, schema, {}, new Set(['t'])).withheld).toEqual([{ path: '/a', scopes: ['s', 'u'] }])
  })

  it('leaves what nothing gates as it is, however deep', () => {
    const body = { a: [1, { b: null }] }
    expect(redact(body, undefined, {}, NONE).body).toBe(body)
    expect(redact(body, true, {}, NONE).body).toBe(body)
  })
})

describe('gatedSent', () => {
  it('points at what may not be sent', () => {
    const schema: Schema = { properties: { a: gated, b: { properties: { c: gated } } } }
    expect(gatedSent({ b: { c: 1 } }, schema, {}, NONE)).toEqual([{ path: '/b/c', scopes: ['s'] }])
    expect(gatedSent({ b: {} }, schema, {}, NONE)).toEqual([])
  })
})

describe('whatever the schema', () => {
  const SECRET = 'planted-secret'
  interface Planted {
    readonly schema: Schema
    readonly body: unknown
  }
  const wrap = (inner: fc.Arbitrary<Planted>): fc.Arbitrary<Planted> =>
    fc.oneof(
      inner.map(({ schema, body }) => ({ schema: { properties: { p: schema, q: {} } }, body: { p: body, q: 1 } })),
      inner.map(({ schema, body }) => ({ schema: { additionalProperties: schema }, body: { x: body, y: body } })),
      inner.map(({ schema, body }) => ({ schema: { patternProperties: { '^k': schema } }, body: { k1: body } })),
      inner.map(({ schema, body }) => ({ schema: { items: schema }, body: [body, 1, body] })),
      inner.map(({ schema, body }) => ({ schema: { prefixItems: [true, schema] }, body: [0, body] })),
      inner.map(({ schema, body }) => ({ schema: { allOf: [{}, schema] }, body })),
      inner.map(({ schema, body }) => ({ schema: { oneOf: [{ type: 'null' }, schema] }, body })),
      inner.map(({ schema, body }) => ({ schema: { anyOf: [schema, true] }, body })),
      inner.map(({ schema, body }) => ({ schema: { if: {}, else: schema }, body })),
      inner.map(({ schema, body }) => ({
        schema: { oneOf: [schema, ref('Other')], discriminator: { propertyName: 'kind' } },
        body,
      })),
    )
  const planted = fc.integer({ min: 1, max: 6 }).chain((depth) => {
    let arbitrary: fc.Arbitrary<Planted> = fc.constant({
      schema: { properties: { secret: { 'x-required-scopes': ['s'] } } },
      body: { secret: SECRET, kind: 'Other', open: 'stays' },
    })
    for (let level = 0; level < depth; level++) arbitrary = wrap(arbitrary)
    return arbitrary
  })

  it('a planted value never appears in the output, and what stands beside it does', () => {
    fc.assert(
      fc.property(planted, ({ schema, body }) => {
        const schemas = { Other: { type: 'object' } }
        const copy = structuredClone(body)
        const result = redact(body, schema, schemas, NONE)
        expect(JSON.stringify(result.body)).not.toContain(SECRET)
        expect(JSON.stringify(result.body)).toContain('stays')
        expect(result.withheld.length).toBeGreaterThan(0)
        expect(body).toEqual(copy)
        expect(redact(body, schema, schemas, new Set(['s'])).body).toEqual(copy)
      }),
      { numRuns: 2_000 },
    )
  })
})
