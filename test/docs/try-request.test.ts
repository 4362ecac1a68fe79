import { describe, expect, test } from 'vitest'
import { absentFields } from '../../src/docs/absent-fields.ts'
import { jsonLines } from '../../src/docs/json-lines.ts'
import type { TryField, TryForm } from '../../src/docs/try-it.ts'
import { tryRequest } from '../../src/docs/try-request.ts'

const field = (name: string, place: TryField['in'], more: Partial<TryField> = {}): TryField => ({
  name,
  in: place,
  required: false,
  value: '',
  repeated: false,
  credential: false,
  ...more,
})
const form: TryForm = {
  api: 'people',
  operation: 'x',
  method: 'POST',
  path: '/employees/{id}',
  fields: [
    field('id', 'path', { required: true }),
    field('tag', 'query', { repeated: true }),
    field('X-Reason', 'header'),
  ],
  body: { type: 'application/json', kind: 'json', value: '{}', required: true },
  scopes: [],
  chosen: [],
  token: true,
}

describe('tryRequest', () => {
  test('fills path, query and headers', () => {
    expect(tryRequest(form, { fields: ['a/b', 'x, y', 'why'], body: '{"a":1}' })).toEqual({
      method: 'POST',
      path: '/employees/a%2Fb?tag=x&tag=y',
      headers: [
        ['X-Reason', 'why'],
        ['content-type', 'application/json'],
      ],
      body: '{"a":1}',
    })
  })

  test.each([
    ['a field', { fields: ['', '', ''], body: '{}' }, 'Fill in id.'],
    ['the body', { fields: ['1', '', ''], body: ' ' }, 'Fill in the body.'],
    ['JSON', { fields: ['1', '', ''], body: '{' }, /^The body isn’t JSON/],
  ])('says that %s is missing', (_, values, message) => {
    expect(tryRequest(form, values)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })
})

test('fields that were withheld stand where they would have been', () => {
  const schema = {
    properties: {
      id: {},
      pay: { 'x-required-scopes': ['pay'] },
      list: { type: 'array', items: { properties: { pay: { 'x-required-scopes': ['pay'] } } } },
    },
  } as const
  const body = { id: 1, list: [{}] }
  const full = absentFields(body, schema, {}, new Set())
  expect(full.withheld).toEqual(['/pay', '/list/0/pay'])
  expect(absentFields(body, schema, {}, new Set(['pay'])).withheld).toEqual([])
  expect(
    jsonLines(full.body, full.withheld).map(
      ({ depth, text, withheld }) => `${' '.repeat(depth)}${text}${withheld ?? ''}`,
    ),
  ).toEqual(['{', ' "id": 1,', ' "pay"', ' "list": [', '  {', '   "pay"', '  }', ' ]', '}'])
})
