import { createRequire } from 'node:module'
import { type Schema as PlainSchema, validate } from '@cfworker/json-schema'
import { describe, expect, test } from 'vitest'
import { bodyValue, mediaExamples } from '../../src/docs/example.ts'
import type { MediaType } from '../../src/model/api.ts'
import type { Schema, Schemas } from '../../src/model/schema.ts'
import { modelAt, modelFrom, modelOf } from '../consumers/models.ts'
import { CORNERS_3_0, CORNERS_3_1 } from './corner-cases.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const schemas: Schemas = {
  Comment: {
    type: 'object',
    required: ['text'],
    properties: { text: { type: 'string' }, replies: { type: 'array', items: ref('Comment') } },
  },
  Cat: {
    type: 'object',
    required: ['kind', 'lives'],
    properties: { kind: { const: 'cat' }, lives: { type: 'integer', minimum: 1, maximum: 9 } },
  },
  Dog: {
    type: 'object',
    required: ['kind', 'barks'],
    properties: { kind: { const: 'dog' }, barks: { type: 'boolean' } },
  },
}

function media(schema: Schema, examples: readonly unknown[] = []): MediaType {
  return {
    type: 'application/json',
    schema,
    examples: examples.map((value, index) => ({ name: `example ${index + 1}`, value })),
    encoding: {},
  }
}

/** By a validator that isn't ours, which knows nothing of requests and responses: what is for the other isn't asked for. */
function isValid(value: unknown, schema: Schema, all: Schemas, foreign = ''): boolean {
  const text = JSON.stringify({ allOf: [schema], components: { schemas: all } })
  const whole = JSON.parse(text, (_, node) =>
    Array.isArray(node?.required)
      ? { ...node, required: node.required.filter((name: string) => node.properties?.[name]?.[foreign] !== true) }
      : node,
  )
  return validate(value, whole as PlainSchema, '2020-12').valid
}

const FOREIGN = { request: 'readOnly', response: 'writeOnly' } as const

test('an example that is made up reads: strings as their names, numbers as small ones, whatever the document limits', () => {
  const text = { type: 'string' }
  const properties: Record<string, Schema> = {
    title: text,
    tags: { type: 'array', items: text, minItems: 2, maxItems: 2 },
    note: { anyOf: [{ type: 'string', maxLength: 40 }, { type: 'null' }] },
    count: { type: 'integer' },
    year: { type: 'integer', minimum: 1900, maximum: 2100 },
    said: { type: 'string', examples: ['words'] },
    short: { type: 'string', minLength: 2, maxLength: 2 },
  }
  const required = Object.keys(properties)
  const [example] = mediaExamples(media({ type: 'object', required, properties }), { schemas: {} }, 'response')
  expect(example?.value).toEqual({
    title: 'title',
    tags: ['tags', 'tags'],
    note: 'note',
    count: 1,
    year: 1900,
    said: 'words',
    short: expect.stringMatching(/^..$/),
  })
})

test('an example without a name of its own has no title', () => {
  const titles = (examples: MediaType['examples']) =>
    mediaExamples({ ...media({ type: 'string' }), examples }, { schemas: {} }, 'response').map(({ title }) => title)
  expect(titles([{ name: 'example', value: 'a' }])).toEqual([undefined])
  expect(titles([{ name: 'default', value: 'a' }])).toEqual([undefined])
  expect(titles([{ name: 'default', summary: 'Usual', value: 'a' }])).toEqual(['Usual'])
  expect(titles([{ name: 'empty', value: '' }])).toEqual(['empty'])
})

describe('an example that is made up is valid', () => {
  test.each<[string, Schema]>([
    ['recursion', ref('Comment')],
    [
      'discriminator',
      { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: 'Dog' } } },
    ],
    ['tuple', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 }],
    ['not', { type: 'string', enum: ['a', 'b'], not: { const: 'a' } }],
    [
      'if, then, else',
      {
        type: 'object',
        required: ['kind'],
        properties: { kind: { const: 'parcel' }, weight: { type: 'number', minimum: 1 } },
        if: { properties: { kind: { const: 'parcel' } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { required: ['weight'] },
      },
    ],
    ['map', { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 1 }],
    ['const', { const: { a: [1, 2] } }],
    [
      'constraints',
      {
        type: 'array',
        items: { type: 'number', multipleOf: 0.5, exclusiveMinimum: 3 },
        minItems: 2,
        uniqueItems: true,
      },
    ],
    [
      'formats',
      {
        type: 'object',
        required: ['at', 'id'],
        properties: { at: { type: 'string', format: 'date-time' }, id: { type: 'string', format: 'uuid' } },
      },
    ],
  ])('%s', (_, schema) => {
    const [example] = mediaExamples(media(schema), { schemas }, 'response')
    expect(example?.generated).toBe(true)
    expect(isValid(example?.value, schema, schemas)).toBe(true)
  })

  test.each([
    ['people', () => modelOf('people')],
    ['publishing', () => modelOf('publishing')],
    ['figma', () => modelOf('figma')],
    ['galaxy', () => modelAt(createRequire(import.meta.url).resolve('@scalar/galaxy/latest.yaml'), 'galaxy')],
    ['corner cases in 3.1', () => modelFrom(CORNERS_3_1)],
    ['corner cases in 3.0', () => modelFrom(CORNERS_3_0)],
  ] as const)('in every body of %s', async (name, load) => {
    const model = await load()
    const bodies = model.operations.flatMap(({ id, body, responses }) => [
      ...(body?.content ?? []).map((one) => ({ id, direction: 'request' as const, one })),
      ...responses.flatMap(({ content }) => content.map((one) => ({ id, direction: 'response' as const, one }))),
    ])
    const made = bodies.flatMap(({ id, direction, one }) =>
      /json/.test(one.type)
        ? mediaExamples(one, model, direction)
            .filter(({ generated }) => generated)
            .map(({ value }) => ({ id, value, schema: one.schema ?? true, foreign: FOREIGN[direction] }))
        : [],
    )
    if (name.startsWith('corner')) expect(made.map(({ id }) => id)).toEqual(bodies.map(({ id }) => id))
    expect(
      made.filter(({ value, schema, foreign }) => !isValid(value, schema, model.schemas, foreign)).map(({ id }) => id),
    ).toEqual([])
  })
})

test('where nothing is valid, nothing is shown', () => {
  expect(mediaExamples(media({ type: 'string', minLength: 5, maxLength: 2 }), { schemas }, 'response')).toEqual([])
  expect(bodyValue(media({ allOf: [{ type: 'string' }, { type: 'integer' }] }), { schemas })).toBeUndefined()
})

test('the document’s own are shown as they are, all of them; what is sent is the first valid one', () => {
  const body = media(ref('Cat'), [{ kind: 'cat' }, { kind: 'cat', lives: 7 }])
  expect(mediaExamples(body, { schemas }, 'request').map(({ value, generated }) => [value, generated])).toEqual([
    [{ kind: 'cat' }, false],
    [{ kind: 'cat', lives: 7 }, false],
  ])
  expect(bodyValue(body, { schemas })).toEqual({ kind: 'cat', lives: 7 })
  expect(bodyValue(media(ref('Cat'), [{ kind: 'cow' }]), { schemas })).toMatchObject({ kind: 'cat' })
})

test('JSON that the document quotes is JSON', () => {
  const [example] = mediaExamples(media(ref('Cat'), ['{ "kind": "cat", "lives": 9 }']), { schemas }, 'request')
  expect(example?.value).toEqual({ kind: 'cat', lives: 9 })
})

test('requests have no read-only fields, responses no write-only ones', () => {
  const schema: Schema = {
    type: 'object',
    required: ['id', 'password'],
    properties: { id: { type: 'string', readOnly: true }, password: { type: 'string', writeOnly: true } },
  }
  const made = (direction: 'request' | 'response') =>
    Object.keys(Object(mediaExamples(media(schema), { schemas }, direction)[0]?.value))
  expect([made('request'), made('response')]).toEqual([['password'], ['id']])
})
