import { describe, expect, test } from 'vitest'
import { modelOf } from '../fixture.ts'

const list = { type: 'array', items: {} }
const envelope = (...members: string[]) => ({
  type: 'object',
  properties: { data: list, ...Object.fromEntries(members.map((name) => [name, { type: 'string' }])) },
})

async function paginationOf(
  query: readonly string[],
  schema: object,
  { headers = {}, ...more }: { headers?: object; 'x-pagination'?: unknown } = {},
) {
  const { operations } = await modelOf({
    paths: {
      '/x': {
        get: {
          parameters: query.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
          responses: { 200: { description: '', headers, content: { 'application/json': { schema } } } },
          ...more,
        },
      },
    },
  })
  return operations[0]?.pagination
}

const link = { headers: { Link: { schema: { type: 'string' } } } }

describe('recognised', () => {
  test.each([
    [
      'cursor',
      ['cursor', 'limit'],
      envelope('nextCursor'),
      { kind: 'cursor', cursor: 'cursor', limit: 'limit', next: 'nextCursor', items: 'data' },
    ],
    [
      'page token',
      ['pageToken', 'maxResults'],
      envelope('nextPageToken'),
      { kind: 'cursor', cursor: 'pageToken', limit: 'maxResults', next: 'nextPageToken', items: 'data' },
    ],
    ['page', ['page', 'per_page'], list, { kind: 'page', page: 'page', size: 'per_page', items: '' }],
    [
      'page with a total',
      ['page'],
      envelope('total_count'),
      { kind: 'page', page: 'page', total: 'total_count', items: 'data' },
    ],
    [
      'offset',
      ['offset', 'limit'],
      envelope('total'),
      { kind: 'offset', offset: 'offset', limit: 'limit', total: 'total', items: 'data' },
    ],
    ['nothing', ['q'], list, undefined],
    ['no list', ['page'], { type: 'object', properties: {} }, undefined],
    ['two lists', ['page'], { type: 'object', properties: { a: list, b: list } }, undefined],
  ])('%s', async (_, query, schema, expected) => {
    expect(await paginationOf(query, schema)).toEqual(expected)
  })

  test('through references and allOf, also where they lead in circles', async () => {
    const { operations } = await modelOf({
      components: {
        schemas: {
          Page: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { items: list } }] },
          Base: { allOf: [{ $ref: '#/components/schemas/Page' }], properties: { next: { type: 'string' } } },
        },
      },
      paths: {
        '/x': {
          get: {
            parameters: [{ name: 'cursor', in: 'query', schema: {} }],
            responses: {
              200: {
                description: '',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Page' } } },
              },
            },
          },
        },
      },
    })
    expect(operations[0]?.pagination).toEqual({ kind: 'cursor', cursor: 'cursor', next: 'next', items: 'items' })
  })

  test('a Link header, alone and beside parameters', async () => {
    expect(await paginationOf(['since', 'per_page'], list, link)).toEqual({
      kind: 'link',
      limit: 'per_page',
      items: '',
    })
    expect(await paginationOf(['page'], list, link)).toEqual({ kind: 'page', page: 'page', items: '', link: true })
    expect(await paginationOf([], { type: 'object', properties: {} }, link)).toBeUndefined()
  })
})

describe('x-pagination', () => {
  test.each([
    [
      { kind: 'cursor', cursor: 'from', next: 'continue', items: 'rows' },
      { kind: 'cursor', cursor: 'from', next: 'continue', items: 'rows' },
    ],
    [
      { kind: 'page', page: 'p', size: 's' },
      { kind: 'page', page: 'p', size: 's', items: '' },
    ],
    [
      { kind: 'offset', offset: 'o', limit: 'l', total: 't', items: 'rows' },
      { kind: 'offset', offset: 'o', limit: 'l', total: 't', items: 'rows' },
    ],
    [{ kind: 'link' }, { kind: 'link', items: '' }],
    [false, undefined],
    ['nonsense', { kind: 'page', page: 'page', items: '' }],
  ])('%j overrules what is recognised', async (stated, expected) => {
    expect(await paginationOf(['page'], list, { 'x-pagination': stated })).toEqual(expected)
  })
})
