import { describe, expect, test } from 'vitest'
import { sdkSources } from '../../src/sdk/package/sources.ts'
import type { SdkOptions } from '../../src/sdk/package/version.ts'
import { errorsOf, STRICTEST } from '../corpus/strictness.ts'
import { modelOf } from '../fixture.ts'

type Schemas = Readonly<Record<string, unknown>>

/** What the types of these schemas are, where `Thing` is both sent and received. Without comments and layout. */
async function typesOf(schemas: Schemas, types: SdkOptions['types'] = {}): Promise<string> {
  return flat((await sourcesOf(schemas, types)).get('schema.ts') ?? '').replace(
    /^.*schemas: \{(.*)\} \} export interface operations.*$/,
    '$1',
  )
}

async function sourcesOf(schemas: Schemas, types: SdkOptions['types'] = {}): Promise<ReadonlyMap<string, string>> {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } }
  const model = await modelOf({
    components: { schemas },
    paths: {
      '/things': {
        post: { requestBody: { required: true, content }, responses: { 200: { description: '', content } } },
      },
    },
  })
  return sdkSources({ model, packageName: 'x', connection: {}, types })
}

function flat(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ')
}

const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more })

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const BASE = object({ kind: { type: 'string' }, id: { type: 'string' } }, { required: ['kind'] })

describe('schema → type', () => {
  const cases: [string, Schemas, string][] = [
    [
      'optional and nullable are two things',
      {
        Thing: object(
          { a: { type: 'string' }, b: { type: ['string', 'null'] }, c: { type: 'string' } },
          { required: ['c'] },
        ),
      },
      'Thing: { a?: string b?: string | null c: string }',
    ],
    [
      'read-only members are not sent, write-only ones not received, and neither is required there',
      {
        Thing: object(
          {
            id: { type: 'string', readOnly: true },
            secret: { type: 'string', writeOnly: true },
            name: { type: 'string' },
          },
          { required: ['id', 'secret', 'name'] },
        ),
      },
      'Thing: { readonly id: string name: string } ThingInput: { secret: string name: string }',
    ],
    [
      'what leads to such members differs, too; what does not keeps its name',
      {
        Thing: object({ item: ref('Item'), plain: ref('Plain') }),
        Item: object({ id: { type: 'string', readOnly: true } }),
        Plain: object({ n: { type: 'integer' } }),
      },
      "Thing: { item?: components['schemas']['Item'] plain?: components['schemas']['Plain'] } " +
        "ThingInput: { item?: components['schemas']['ItemInput'] plain?: components['schemas']['Plain'] }",
    ],
    [
      'bytes are a Blob, and more than a Blob can be sent',
      { Thing: object({ file: { type: 'string', format: 'binary' } }) },
      'Thing: { file?: Blob } ThingInput: { file?: $Upload }',
    ],
    [
      'a union of schemas is a union of types',
      { Thing: { oneOf: [object({ a: { const: 1 } }), object({ b: { type: 'string' } })] } },
      'Thing: { a?: 1 } | { b?: string }',
    ],
    ['an enum is closed', { Thing: object({ a: { enum: ['x', 'y'] } }) }, "Thing: { a?: 'x' | 'y' }"],
    ['dates are text', { Thing: object({ at: { type: 'string', format: 'date-time' } }) }, 'Thing: { at?: string }'],
    [
      'an array of a union is in parentheses; items without a type make an array',
      {
        Thing: object({
          a: { type: 'array', items: { type: ['integer', 'null'] } },
          b: { items: { type: 'array', items: { type: 'boolean' } } },
          c: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
          d: { type: 'array' },
        }),
      },
      'Thing: { a?: (number | null)[] b?: boolean[][] c?: [string, number] d?: unknown[] }',
    ],
    [
      'the values of an array that are none are those of its items',
      { Thing: object({ a: { type: 'array', items: { type: 'string' }, enum: ['x', 'y'] } }) },
      "Thing: { a?: ('x' | 'y')[] }",
    ],
    [
      'maps: of anything, of something, beside members',
      {
        Thing: object({
          a: { type: 'object' },
          b: { type: 'object', additionalProperties: { type: 'integer' } },
          c: object({ x: { type: 'string' } }, { additionalProperties: true }),
          d: object({ x: { type: 'string' } }, { additionalProperties: { type: 'integer' } }),
        }),
      },
      'Thing: { a?: Record<string, unknown> b?: { [key: string]: number } c?: { x?: string [key: string]: unknown } ' +
        'd?: { x?: string [key: string]: number | string | undefined } }',
    ],
    [
      'alternatives that only ask for members add nothing',
      { Thing: object({ a: { type: 'string' } }, { anyOf: [{ required: ['a'] }, { maxProperties: 0 }] }) },
      'Thing: { a?: string }',
    ],
    [
      'members beside alternatives are in each of them',
      {
        Thing: object({ a: { type: 'string' } }, { oneOf: [object({ b: { const: 1 } }), object({ c: { const: 2 } })] }),
      },
      'Thing: { a?: string } & ({ b?: 1 } | { c?: 2 })',
    ],
    [
      'null of an alternative, of a list of types, and as OpenAPI 3.0 has it',
      {
        Thing: object({
          a: { anyOf: [ref('Plain'), { type: 'null' }] },
          b: { type: ['object', 'null'], allOf: [ref('Plain')] },
          c: { type: 'null' },
        }),
        Plain: object({ n: { type: 'integer' } }),
      },
      "Thing: { a?: components['schemas']['Plain'] | null b?: components['schemas']['Plain'] | null c?: null }",
    ],
    [
      'what a whole requires of its parts',
      {
        Thing: { allOf: [ref('Part'), object({ b: { type: 'string' } })], required: ['a', 'b'] },
        Part: object({ a: { type: 'string' } }),
      },
      "Thing: WithRequired<components['schemas']['Part'], 'a'> & { b: string } ",
    ],
    [
      'a discriminator tells the members of a union apart, by its mapping or their names',
      {
        Thing: {
          oneOf: [ref('Cat'), ref('Dog')],
          discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } },
        },
        Cat: BASE,
        Dog: { allOf: [ref('Base')] },
        Base: BASE,
      },
      "Cat: { kind: 'cat' id?: string } Dog: { kind: 'Dog' } & components['schemas']['Base'] Base: { kind: string id?: string }",
    ],
    [
      'what a schema says of its own kind wins over its name',
      {
        Thing: { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } },
        Cat: object({ kind: { const: 'c' } }),
        Dog: object({ kind: { enum: ['d', 'e'] } }),
      },
      "Cat: { kind?: 'c' } Dog: { kind?: 'd' | 'e' }",
    ],
    [
      'whoever inherits a discriminator is of a kind of its own',
      {
        Thing: object({ pet: ref('Cat'), old: ref('OldCat') }),
        Pet: { ...BASE, discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } } },
        Cat: { allOf: [ref('Pet'), object({ claws: { type: 'integer' } })] },
        OldCat: { allOf: [ref('Cat')] },
      },
      "Cat: { kind: 'cat' } & components['schemas']['Pet'] & { claws?: number } " +
        "OldCat: { kind: 'OldCat' } & Omit<components['schemas']['Cat'], 'kind'>",
    ],
    [
      'a member of a union that inherits from the union has all but its alternatives',
      {
        Thing: object({ pet: ref('Cat') }),
        Cat: { allOf: [ref('Pet'), object({ claws: { type: 'integer' } })] },
        Pet: object({ id: { type: 'string' } }, { oneOf: [ref('Cat'), object({ wings: { const: 2 } })] }),
      },
      "Cat: { id?: string } & { claws?: number } Pet: { id?: string } & (components['schemas']['Cat'] | { wings?: 2 })",
    ],
    [
      'a list of itself ends; a member may be of the same type',
      { Thing: object({ all: ref('Nested'), more: ref('Thing') }), Nested: { type: 'array', items: ref('Nested') } },
      "Thing: { all?: components['schemas']['Nested'] more?: components['schemas']['Thing'] } Nested: unknown[]",
    ],
    [
      'names and values can be anything',
      { Thing: object({ "a'b": { const: "it's\n" }, __proto__x: { enum: [1, -2, true, null, [3], { a: 'b' }] } }) },
      "Thing: { 'a\\'b'?: 'it\\'s\\n' __proto__x?: 1 | -2 | true | [3] | { a: 'b' } | null }",
    ],
  ]

  test.each(cases)('%s', async (_, schemas, want) => {
    expect(await typesOf(schemas)).toContain(want)
  })

  test('all of them compile, also where texts look like names of our own', async () => {
    const hostile = { Thing: object({ a: { const: '$Gated<' } }, { description: '$Upload $Gated<' }) }
    const made = await Promise.all([...cases.map(([, schemas]) => schemas), hostile].map((each) => sourcesOf(each)))
    const types = made.map((sources, index) => [`schema${index}.ts`, sources.get('schema.ts') ?? ''] as const)
    const runtime = [...(made[0] ?? [])].filter(([path]) => path.startsWith('runtime/'))
    expect(errorsOf(new Map([...runtime, ...types]), STRICTEST)).toEqual([])
  })

  test('an open enum admits values that the document does not know; one value alone still tells unions apart', async () => {
    const schemas = {
      Thing: object({ a: { type: ['string', 'null'], enum: ['x', 'y', null] }, kind: { type: 'string', enum: ['k'] } }),
    }
    expect(await typesOf(schemas, { enums: 'open' })).toContain("a?: 'x' | 'y' | (string & {}) | null kind?: 'k'")
  })
})
