import { expect, it } from 'vitest'
import { BundledDocument } from '../../src/model/document.ts'
import { sandboxFindings } from '../../src/sandbox/findings.ts'
import { modelOf } from './sandbox.ts'

const thing = {
  type: 'object',
  required: ['id', 'made', 'secret'],
  properties: {
    id: { type: 'string' },
    made: { type: 'string', readOnly: true },
    secret: { type: 'string', writeOnly: true },
  },
}
const content = (...examples: unknown[]) => ({
  'application/json': { schema: { $ref: '#/components/schemas/Thing' }, ...media(examples) },
})
const media = (examples: readonly unknown[]) =>
  Object.fromEntries([['examples', Object.fromEntries(examples.map((value, index) => [`e${index}`, value]))]])

function found(operation: object, seed: Record<string, unknown[]> = {}, components: object = {}): string[] {
  const document = {
    openapi: '3.1.0',
    components: { schemas: { Thing: thing }, ...components },
    paths: {
      '/things': { get: { responses: { 200: { description: '', content: list } } }, post: operation },
      '/things/{id}': { get: { responses: { 200: { description: '', content: content() } } } },
    },
  }
  return sandboxFindings(modelOf(document), document, seed).map(
    (one) => `${one.in} ${one.code} ${one.pointer}: ${one.message}`,
  )
}
const list = { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } } }
const ok = { 200: { description: '' } }

it('finds nothing where examples fit: what only a request has, or only a response, is asked for there alone', () => {
  expect(
    found({
      requestBody: { content: content({ value: { id: 'x', secret: 's' } }) },
      responses: { 200: { description: '', content: content({ value: { id: 'x', made: 'today' } }) } },
    }),
  ).toEqual([])
})

it('names the example, what is wrong with it and where', () => {
  const body = { content: content({ value: { id: 'x', secret: 's' } }, { value: { id: 1 } }) }
  expect(found({ requestBody: body, responses: ok })).toEqual([
    'document example-invalid /paths/~1things/post/requestBody/content/application~1json/examples/e1/value/secret: ' +
      'The example `e1` of the body of POST /things doesn’t fit its schema: /secret is required; /id is of type number, not string.',
  ])
})

it('follows references, and says once what many share', () => {
  const example = { $ref: '#/components/examples/Wrong' }
  const shared = { description: '', content: content(example) }
  const components = { examples: { Wrong: { value: {} } }, responses: { Thing: shared } }
  const response = { $ref: '#/components/responses/Thing' }
  const all = found({ responses: { 200: response, 201: response } }, {}, components)
  expect(all).toHaveLength(1)
  expect(all[0]).toContain('document example-invalid /components/examples/Wrong/value/id: ')
  expect(new BundledDocument({ components }).at('/components/examples/Wrong/value')).toEqual({})
})

it('looks at parameters, and not at what isn’t JSON or is written as text only', () => {
  const parameters = [
    { in: 'query', name: 'limit', schema: { type: 'integer' }, example: 'many' },
    { in: 'query', name: 'filter', content: { 'application/json': { schema: { type: 'object' }, example: 'x' } } },
  ]
  const text = { 'text/csv': { schema: { type: 'integer' }, example: 'a,b' } }
  const serialised = content({ serializedValue: '{"id":1}' })
  expect(
    found({
      parameters,
      responses: { 200: { description: '', content: text }, 201: { description: '', content: serialised } },
    }),
  ).toEqual([
    'document example-invalid /paths/~1things/post/parameters/0/example: ' +
      'The example of the parameter limit of POST /things doesn’t fit its schema: is of type string, not integer.',
  ])
})

it('looks at the seed: items that don’t fit, and collections that aren’t there', () => {
  const seed = { '/things': [{ id: 'x', made: 'today' }, { id: 'y' }], '/nothing': [{}] }
  expect(found({ responses: ok }, seed)).toEqual([
    'seed seed-invalid /~1things/1/made: Item 2 of /things doesn’t fit what the document says of it: /made is required.',
    'seed seed-unknown /~1nothing: The API has no collection /nothing.',
  ])
})

it('looks at examples in schemas, wherever the schema stands, and takes what fits a request or a response', () => {
  const kept = { type: 'object', properties: { at: { type: 'string', format: 'uuid', examples: ['soon'] } } }
  const fits = { ...thing, examples: [{ id: 'x', made: 'today' }, { id: 'x', secret: 's' }, {}] }
  const schema = { type: 'array', items: { type: 'integer', example: 'one' } }
  const body = { content: { 'application/json': { schema } } }
  const all = found({ requestBody: body, responses: ok }, {}, { schemas: { Thing: fits, Kept: { allOf: [kept] } } })
  expect(all.map((line) => line.replace(/^.*example-invalid | doesn’t.*$/g, ''))).toEqual([
    '/paths/~1things/post/requestBody/content/application~1json/schema/items/example: An example in a schema',
    '/components/schemas/Thing/examples/2/id: An example in a schema',
    '/components/schemas/Kept/allOf/0/properties/at/examples/0: An example in a schema',
  ])
})
