import { expect, test } from 'vitest'
import { type FlatSchema, flatten } from '../../src/docs/schema-flat.ts'
import { typeName } from '../../src/docs/type-name.ts'
import type { Schema } from '../../src/model/schema.ts'
import { Sampler } from '../../src/sandbox/sample.ts'
import { Validator } from '../../src/sandbox/validator.ts'
import { modelOf } from '../fixture.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

async function modelWith(schemas: Record<string, unknown>, body: unknown = ref('Root')) {
  const responses = { 200: { description: '', content: { 'application/json': { schema: body } } } }
  return modelOf({ components: { schemas }, paths: { '/a': { get: { responses } } } })
}

const property = (flat: FlatSchema, name: string): Schema => flat.properties.get(name)?.[0] ?? true

/** As the documents have it that need generics. */
const PAGE = {
  $id: 'https://example.com/page',
  $defs: { item: { $dynamicAnchor: 'item', not: {} } },
  type: 'object',
  required: ['data'],
  properties: { data: { type: 'array', minItems: 1, items: { $dynamicRef: '#item' } } },
}
const pageOf = (item: object) => ({
  $id: `https://example.com/${Math.random()}`,
  $defs: { item: { $dynamicAnchor: 'item', ...item } },
  $ref: '#/components/schemas/Page',
})

test('a template is read with what is bound where it is used, by everyone', async () => {
  const Planet = { type: 'object', required: ['mass'], properties: { mass: { type: 'integer' } } }
  const body = { oneOf: [pageOf(ref('Planet')), pageOf({ type: 'string', enum: ['none'] })] }
  const model = await modelWith({ Page: PAGE, Planet }, body)
  const schema = model.operations[0]?.responses[0]?.content[0]?.schema ?? true
  const options = flatten(schema, model.schemas).unions[0]?.options ?? []
  const types = options.map((option) => typeName(property(flatten(option, model.schemas), 'data'), model.schemas))
  expect(types).toEqual(['Planet[]', 'none[]'])

  const validator = new Validator(model.schemas, 'response')
  const value = new Sampler(model.schemas, validator, 1).sample(schema)
  expect(value).toEqual({ data: expect.arrayContaining([{ mass: expect.any(Number) }]) })
  expect(validator.check({ data: [{ mass: 'heavy' }] }, schema)).not.toEqual([])
})

test('what extends a recursive schema recurs, and what it extends stays as it is', async () => {
  const model = await modelWith({
    Tree: {
      $dynamicAnchor: 'node',
      type: 'object',
      properties: { children: { type: 'array', items: { $dynamicRef: '#node' } } },
    },
    Root: { $dynamicAnchor: 'node', ...ref('Tree'), properties: { size: { type: 'integer' } }, required: ['size'] },
  })
  const children = (name: string) => typeName(property(flatten(ref(name), model.schemas), 'children'), model.schemas)
  expect([children('Tree'), children('Root')]).toEqual(['Tree[]', 'Root[]'])
  const validator = new Validator(model.schemas, 'response')
  expect(validator.check({ children: [{}] }, ref('Tree'))).toEqual([])
  expect(validator.check({ size: 1, children: [{}] }, ref('Root'))).not.toEqual([])
})

test('through another schema, too; the outermost binding rules', async () => {
  const model = await modelWith({
    Page: PAGE,
    Envelope: { properties: { page: ref('Page') } },
    Root: { $defs: { item: { $dynamicAnchor: 'item', type: 'boolean' } }, allOf: [ref('Envelope')] },
  })
  const page = property(flatten(ref('Root'), model.schemas), 'page')
  expect(typeName(property(flatten(page, model.schemas), 'data'), model.schemas)).toBe('boolean[]')
})

test('what nothing binds is what the document first has by that name, or anything', async () => {
  const model = await modelWith({
    Root: { properties: { a: { $dynamicRef: '#thing' }, b: { $dynamicRef: '#nothing' } } },
    Thing: { $dynamicAnchor: 'thing', type: 'object', properties: { x: {} } },
    Other: { $dynamicAnchor: 'thing', type: 'string' },
  })
  const root = flatten(ref('Root'), model.schemas)
  expect(['a', 'b'].map((name) => typeName(property(root, name), model.schemas))).toEqual(['Thing', 'any'])
})

test('a document can’t multiply itself', async () => {
  const schemas: Record<string, unknown> = { L40: { $dynamicRef: '#x' } }
  for (let level = 0; level < 40; level++)
    schemas[`L${level}`] = { properties: { a: ref(`L${level + 1}`), b: ref(`L${level + 1}`) } }
  const started = performance.now()
  const model = await modelWith({ ...schemas, Root: { $defs: { x: { $dynamicAnchor: 'x' } }, ...ref('L0') } })
  expect(JSON.stringify(model).length).toBeLessThan(5_000_000)
  expect(performance.now() - started).toBeLessThan(5_000)
})
