import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatedSent, redact } from '../../src/access/redact.ts'
import { visibleFields } from '../../src/access/visible-fields.ts'
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
  const OPEN = 'stays'

  interface Planted {
    readonly schema: Schema
    readonly schemas: Schemas
    readonly body: unknown
    /** Somewhere on the way, more than the secret has to go. */
    readonly coarse: boolean
  }

  /** Puts what is planted a level deeper. Names carry the level, so that each is used once. */
  type Wrap = (inner: Planted, level: number) => Omit<Planted, 'coarse'> & { readonly coarse?: boolean }
  const WRAPS: Record<string, Wrap> = {
    member: ({ schema, schemas, body }) => ({
      schema: { properties: { p: schema, q: {} } },
      schemas,
      body: { p: body, q: 1 },
    }),
    'map entry': ({ schema, schemas, body }) => ({
      schema: { additionalProperties: schema },
      schemas,
      body: { x: body, y: body },
    }),
    pattern: ({ schema, schemas, body }) => ({
      schema: { patternProperties: { '^k': schema } },
      schemas,
      body: { k1: body },
    }),
    'unreadable pattern': ({ schema, schemas, body }) => ({
      schema: { patternProperties: { '(': true }, additionalProperties: schema },
      schemas,
      body: { x: body },
    }),
    'member that nothing else evaluated': ({ schema, schemas, body }) => ({
      schema: { allOf: [{ properties: { a: true } }], unevaluatedProperties: schema },
      schemas,
      body: { a: 1, b: body },
    }),
    'member called __proto__': ({ schema, schemas, body }) => ({
      schema: { additionalProperties: schema },
      schemas,
      body: Object.fromEntries([['__proto__', body]]),
    }),
    elements: ({ schema, schemas, body }) => ({ schema: { items: schema }, schemas, body: [body, 1, body] }),
    'element by position': ({ schema, schemas, body }) => ({
      schema: { prefixItems: [true, schema] },
      schemas,
      body: [0, body],
    }),
    'elements after positions': ({ schema, schemas, body }) => ({
      schema: { prefixItems: [true], items: schema },
      schemas,
      body: [0, body, body],
    }),
    'one of the elements': ({ schema, schemas, body }) => ({ schema: { contains: schema }, schemas, body: [1, body] }),
    allOf: ({ schema, schemas, body }) => ({ schema: { allOf: [{}, schema] }, schemas, body }),
    oneOf: ({ schema, schemas, body }) => ({ schema: { oneOf: [{ type: 'null' }, schema] }, schemas, body }),
    anyOf: ({ schema, schemas, body }) => ({ schema: { anyOf: [schema, true] }, schemas, body }),
    else: ({ schema, schemas, body }) => ({ schema: { if: {}, else: schema }, schemas, body }),
    dependent: ({ schema, schemas, body }) => ({
      schema: { dependentSchemas: { flag: { properties: { inner: schema } } } },
      schemas,
      body: { flag: true, inner: body },
    }),
    reference: ({ schema, schemas, body }, level) => ({
      schema: ref(`R${level}`),
      schemas: { ...schemas, [`R${level}`]: schema },
      body,
    }),
    'dynamic reference': ({ schema, schemas, body }, level) => ({
      schema: { $dynamicRef: `#d${level}` },
      schemas: { ...schemas, [`D${level}`]: { $dynamicAnchor: `d${level}`, allOf: [schema] } },
      body,
    }),
    recursion: ({ schema, schemas, body }, level) => ({
      schema: ref(`Node${level}`),
      schemas: { ...schemas, [`Node${level}`]: { properties: { next: ref(`Node${level}`), value: schema } } },
      body: { value: body, next: { next: { next: { value: body } } } },
    }),
    'subtype of a subtype, by discriminator': ({ schema, schemas, body }, level) => ({
      schema: ref(`Base${level}`),
      schemas: {
        ...schemas,
        [`Base${level}`]: { discriminator: { propertyName: 'kind' } },
        [`Mid${level}`]: { allOf: [ref(`Base${level}`)] },
        [`Sub${level}`]: { allOf: [ref(`Mid${level}`), { properties: { inner: schema } }] },
        [`Other${level}`]: { allOf: [ref(`Base${level}`)] },
      },
      body: { kind: `Sub${level}`, inner: body },
    }),
    'branch by mapping': ({ schema, schemas, body }, level) => ({
      schema: {
        oneOf: [ref(`A${level}`), ref(`B${level}`)],
        discriminator: { propertyName: 'kind', mapping: { a: `#/components/schemas/A${level}`, b: `B${level}` } },
      },
      schemas: { ...schemas, [`A${level}`]: { properties: { inner: schema } }, [`B${level}`]: {} },
      body: { kind: 'a', inner: body },
    }),
    'branch that the discriminator does not name': ({ schema, schemas, body }, level) => ({
      schema: { oneOf: [ref(`U${level}`), {}], discriminator: { propertyName: 'kind' } },
      schemas: { ...schemas, [`U${level}`]: { properties: { inner: schema } } },
      body: { kind: 'nothing', inner: body },
    }),
    'document in a string': ({ schema, schemas, body }) => ({
      schema: { contentMediaType: 'application/json', contentSchema: schema },
      schemas,
      body: JSON.stringify(body),
      coarse: true,
    }),
  }

  const scopes = fc.uniqueArray(fc.constantFrom('s', 't'), { minLength: 1 })
  const planted = fc
    .record({ gate: scopes, path: fc.array(fc.constantFrom(...Object.keys(WRAPS)), { minLength: 1, maxLength: 7 }) })
    .map(({ gate, path }) => {
      const leaf: Planted = {
        schema: { properties: { secret: { 'x-required-scopes': gate } } },
        schemas: {},
        body: { secret: SECRET, open: OPEN },
        coarse: false,
      }
      const whole = path.reduce((inner, name, level) => {
        const made = WRAPS[name]?.(inner, level) ?? inner
        return { ...made, coarse: inner.coarse || made.coarse === true }
      }, leaf)
      return { ...whole, gate }
    })
  const held = fc.uniqueArray(fc.constantFrom('s', 't', 'u')).map((names) => new Set(names))

  it('a planted value never appears in the output, and what stands beside it does', () => {
    fc.assert(
      fc.property(planted, held, ({ schema, schemas, body, gate, coarse }, held) => {
        const before = JSON.stringify(body)
        const result = redact(body, schema, schemas, held)
        expect(JSON.stringify(body)).toBe(before)
        if (gate.every((scope) => held.has(scope))) {
          expect(result).toEqual({ body, withheld: [], denied: false })
          return
        }
        const after = JSON.stringify(result.body) ?? ''
        expect(after).not.toContain(SECRET)
        if (!coarse) expect(after).toContain(OPEN)
        expect(result.withheld.length).toBeGreaterThan(0)
        for (const { scopes } of result.withheld)
          expect([...scopes].sort()).toEqual(gate.filter((scope) => !held.has(scope)).sort())
        // What may be seen of such bodies, known without one.
        expect(visibleFields(schema, schemas, held).some(({ visible }) => !visible)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })

  it('more scopes never show less', () => {
    fc.assert(
      fc.property(planted, held, held, ({ schema, schemas, body }, some, more) => {
        const few = redact(body, schema, schemas, some).withheld.map(({ path }) => path)
        const many = redact(body, schema, schemas, new Set([...some, ...more])).withheld.map(({ path }) => path)
        expect(few).toEqual(expect.arrayContaining(many))
      }),
      { numRuns: 2_000 },
    )
  })

  it('nothing is shown that is nested deeper than anyone looks, and nothing overflows', () => {
    const schemas = { Node: { properties: { secret: gated, next: ref('Node') } } }
    let body: object = { secret: SECRET }
    for (let depth = 0; depth < 50_000; depth++) body = { next: body }
    const result = redact(body, ref('Node'), schemas, NONE)
    expect(result.withheld).toHaveLength(1)
    let depth = 0
    for (let node: unknown = result.body; typeof node === 'object' && node !== null && 'next' in node; depth++)
      node = node.next
    expect(depth).toBeLessThan(1_000)
  })
})
