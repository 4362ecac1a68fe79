import { type Schema as PlainSchema, validate } from '@cfworker/json-schema'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Schema } from '../../src/model/schema.ts'
import { Validator } from '../../src/sandbox/validator.ts'

const names = ['a', 'b', 'ab']
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 1.5, -3, '', 'a', 'ab', 'abc', '😀'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }),
  ),
})).value

/** Two of the keywords: with all of them, schemas would grow beyond measure. */
function few(keywords: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  const one = fc.oneof(...Object.entries(keywords).map(([name, value]) => value.map((of) => ({ [name]: of }))))
  return fc.tuple(one, one).map(([first, second]) => ({ ...first, ...second }))
}

const schemas = fc.letrec<{ schema: object | boolean; map: object; list: unknown }>((tie) => ({
  map: fc.dictionary(fc.constantFrom(...names), tie('schema'), { maxKeys: 2 }),
  list: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.boolean(),
    fc.record(
      {
        type: fc.constantFrom(
          'object',
          'array',
          'string',
          'number',
          'integer',
          ['null', 'string'],
          ['object', 'array'],
        ),
        enum: fc.array(json, { minLength: 1, maxLength: 3 }),
        const: json,
        minLength: fc.nat(2),
        maxLength: fc.nat(2),
        pattern: fc.constantFrom('^a', 'b$', '^(a|b)+$'),
        minimum: fc.integer({ min: -2, max: 2 }),
        exclusiveMaximum: fc.integer({ min: -2, max: 2 }),
        multipleOf: fc.constantFrom(0.5, 2),
        required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
        minProperties: fc.nat(2),
        maxProperties: fc.nat(2),
        minItems: fc.nat(2),
        maxItems: fc.nat(2),
        uniqueItems: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    few({
      properties: tie('map'),
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$'), tie('schema'), { maxKeys: 1 }),
      additionalProperties: tie('schema'),
      unevaluatedProperties: tie('schema'),
      propertyNames: fc.constantFrom({ maxLength: 1 }, { pattern: '^a' }),
      dependentSchemas: tie('map'),
      dependentRequired: fc.constantFrom({ a: ['b'] }, { b: ['a', 'ab'] }),
      prefixItems: tie('list'),
      items: tie('schema'),
      contains: tie('schema'),
      minContains: fc.integer({ min: 1, max: 2 }),
      unevaluatedItems: tie('schema'),
      allOf: tie('list'),
      anyOf: tie('list'),
      oneOf: tie('list'),
      not: tie('schema'),
      if: tie('schema'),
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
      then: tie('schema'),
      else: tie('schema'),
      $ref: fc.constantFrom('#/components/schemas/Shared', '#/components/schemas/Tree'),
    }),
  ),
})).schema

const Shared = { type: ['object', 'string'], properties: { a: { type: 'integer' } } }
const Tree = { type: 'object', properties: { b: { $ref: '#/components/schemas/Tree' } }, required: ['b'] }

it('agrees with a validator that nobody here wrote (property)', () => {
  let [fitting, failing] = [0, 0]
  const property = fc.property(schemas, json, (schema, value) => {
    const found = new Validator({ Shared, Tree } as unknown as Record<string, Schema>, 'response').check(
      value,
      schema as Schema,
    )
    const whole = {
      ...(typeof schema === 'object' ? structuredClone(schema) : { not: schema ? { not: {} } : {} }),
      components: { schemas: { Shared, Tree } },
    }
    const theirs = validate(value, whole as PlainSchema, '2020-12').valid
    if (theirs) fitting++
    else failing++
    expect(found.length === 0, JSON.stringify({ schema, value, found })).toBe(theirs)
  })
  fc.assert(property, { numRuns: 3_000, endOnFailure: true })
  expect(Math.min(fitting, failing)).toBeGreaterThan(300)
})
