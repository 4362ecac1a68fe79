import { describe, expect, test } from 'vitest'
import { type Control, control } from '../../src/docs/control.ts'
import { defaultValue, optionOf } from '../../src/islands/control-value.ts'
import type { Schema, Schemas } from '../../src/model/schema.ts'

const of = (schema: Schema, schemas: Schemas = {}): Control => control(schema, { schemas })

describe('control', () => {
  test.each<[string, Schema, Control]>([
    ['an enum', { enum: ['a', 1, null] }, { kind: 'choice', options: ['a', 1, null] }],
    ['a constant', { const: 'a' }, { kind: 'choice', options: ['a'] }],
    ['a boolean', { type: 'boolean' }, { kind: 'switch' }],
    ['an integer', { type: 'integer', minimum: 1, maximum: 9 }, { kind: 'number', integer: true, min: 1, max: 9 }],
    ['a date', { type: 'string', format: 'date' }, { kind: 'text', input: 'date' }],
    ['long text', { type: ['string', 'null'], maxLength: 4000 }, { kind: 'text', input: 'long' }],
    ['bytes', { type: 'string', format: 'binary' }, { kind: 'file' }],
    ['bytes of a media type', { contentMediaType: 'image/png' }, { kind: 'file' }],
    ['several types', { type: ['string', 'integer'] }, { kind: 'json' }],
    ['nothing that is said', {}, { kind: 'json' }],
    ['a list', { items: { type: 'integer' } }, { kind: 'list', item: { kind: 'number', integer: true } }],
    ['a tuple', { type: 'array', prefixItems: [{}], items: {} }, { kind: 'json' }],
    [
      'a map',
      { type: 'object', additionalProperties: { type: 'boolean' } },
      { kind: 'object', members: [], entries: { kind: 'switch' } },
    ],
  ])('%s', (_, schema, want) => {
    expect(of(schema)).toEqual(want)
  })

  test('an object: required members first, read-only ones left out, gated ones with their scopes', () => {
    const schema = {
      required: ['name'],
      properties: {
        id: { type: 'string', readOnly: true },
        pay: { type: 'integer', 'x-required-scopes': ['pay:write'] },
        name: { type: 'string' },
      },
    } as const
    expect(of(schema)).toEqual({
      kind: 'object',
      members: [
        { name: 'name', required: true, scopes: [], control: { kind: 'text', input: 'text' } },
        { name: 'pay', required: false, scopes: ['pay:write'], control: { kind: 'number', integer: true } },
      ],
    })
  })

  test('a union knows its options by the discriminator, and a value finds the one that it is', () => {
    const schemas = {
      Cat: { type: 'object', required: ['lives'], properties: { kind: { const: 'cat' }, lives: { type: 'integer' } } },
      Dog: { type: 'object', required: ['name'], properties: { kind: { const: 'dog' }, name: { type: 'string' } } },
    } as const
    const pet = of(
      {
        oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
        discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat', dog: 'Dog' } },
      },
      schemas,
    )
    if (pet.kind !== 'union') throw new Error(pet.kind)
    expect(pet.options.map(({ title, tag }) => [title, tag?.value])).toEqual([
      ['Cat', 'cat'],
      ['Dog', 'dog'],
    ])
    expect(optionOf(pet.options, { kind: 'dog' })).toBe(1)
    expect(optionOf(pet.options, { name: 'Rex' })).toBe(1)
    expect(optionOf(pet.options, { lives: 9 })).toBe(0)
    expect(defaultValue(pet.options[0]?.control ?? pet)).toEqual({ lives: 1 })
  })

  test('recursion and width end in JSON: the form is of bounded size', () => {
    const schemas = {
      Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' }, v: { type: 'string' } } },
      Wide: {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({ length: 2000 }, (_, index) => [`p${index}`, { $ref: '#/components/schemas/Node' }]),
        ),
      },
    } as const
    const size = (one: Control): number =>
      one.kind === 'object' ? 1 + one.members.reduce((sum, member) => sum + size(member.control), 0) : 1
    expect(size(of({ $ref: '#/components/schemas/Node' }, schemas))).toBeLessThan(20)
    expect(size(of({ $ref: '#/components/schemas/Wide' }, schemas))).toBeLessThan(3000)
    expect(JSON.stringify(of({ $ref: '#/components/schemas/Node' }, schemas))).toContain('"json"')
  })
})
