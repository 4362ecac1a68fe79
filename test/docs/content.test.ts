import { describe, expect, test } from 'vitest'
import { contentView } from '../../src/docs/content.ts'
import { viewer } from '../../src/docs/lens.ts'
import { buildModel } from '../../src/model/build.ts'

const planet = { type: 'object', properties: { name: { type: 'string', examples: ['Mars'] } } }
const other = { type: 'object', properties: { moon: { type: 'string', examples: ['Phobos'] } } }

/** What is shown of a response with these media types. */
function shown(content: object) {
  const responses = { 200: { description: '', content } }
  const document = { paths: { '/a': { get: { operationId: 'get', responses } } } }
  const model = buildModel({ name: 'api', document, sourceVersion: '3.1.0', hash: '', access: {} })
  const [response] = model.operations.flatMap((operation) => operation.responses)
  const options = {
    model,
    viewer: viewer({ as: 'everything' }, model, []),
    anchor: 'response-200',
    direction: 'response',
  } as const
  return contentView(response?.content ?? [], options).map(({ types, schema, examples }) => ({
    types,
    ids: schema?.rows.map(({ anchor }) => anchor),
    examples: examples.map(({ lines, types }) => [lines.map(({ text }) => text).join(''), ...types]),
  }))
}

describe('a body in several media types', () => {
  test('is said once where they have the same schema, with an example of each that differs', () => {
    expect(
      shown({
        'application/json': { schema: planet },
        'application/xml': { schema: planet, example: '<planet/>' },
        'application/vnd.planet+json': { schema: planet },
      }),
    ).toEqual([
      {
        types: ['application/json', 'application/xml', 'application/vnd.planet+json'],
        ids: ['response-200.name'],
        examples: [
          ['{ "name": "Mars" }', 'application/json', 'application/vnd.planet+json'],
          ['<planet/>', 'application/xml'],
        ],
      },
    ])
  })

  test('is said for each that has another schema, whose fields have ids of their own', () => {
    expect(shown({ 'application/json': { schema: planet }, 'text/csv': { schema: other } })).toEqual([
      {
        types: ['application/json'],
        ids: ['response-200.name'],
        examples: [['{ "name": "Mars" }', 'application/json']],
      },
      { types: ['text/csv'], ids: ['response-200-2.moon'], examples: [] },
    ])
  })

  test('is another one where it comes as a stream', () => {
    const types = shown({ 'application/json': { schema: planet }, 'text/event-stream': { schema: planet } }).map(
      (body) => body.types,
    )
    expect(types).toEqual([['application/json'], ['text/event-stream']])
  })
})
