import { describe, expect, test } from 'vitest'
import { absentFields } from '../../src/docs/absent-fields.ts'
import { jsonLines } from '../../src/docs/json-lines.ts'

const schema = {
  properties: {
    id: {},
    pay: { 'x-required-scopes': ['pay'] },
    list: { type: 'array', items: { properties: { pay: { 'x-required-scopes': ['pay', 'all'] } } } },
  },
} as const

describe('a body that was redacted', () => {
  test('fields that were withheld stand where they would have been, with their scopes', () => {
    const full = absentFields({ id: 1, list: [{}] }, schema, {}, new Set(['all']))
    expect(full.withheld).toEqual([
      { path: '/pay', scopes: ['pay'] },
      { path: '/list/0/pay', scopes: ['pay'] },
    ])
    expect(absentFields({ id: 1, list: [{}] }, schema, {}, new Set(['pay', 'all'])).withheld).toEqual([])
    const lines = jsonLines(
      full.body,
      full.withheld.map(({ path }) => path),
    )
    expect(lines.map(({ depth, text, withheld }) => `${' '.repeat(depth)}${text}${withheld?.name ?? ''}`)).toEqual([
      '{',
      ' "id": 1,',
      ' "pay"',
      ' "list": [',
      '  {',
      '   "pay"',
      '  }',
      ' ]',
      '}',
    ])
  })

  test('short values stand on one line, long ones do not, and of many lines it is said how many are left', () => {
    const body = { short: [1, 2], long: ['x'.repeat(40), 'y'.repeat(40)] }
    expect(jsonLines(body).map(({ text }) => text)).toEqual([
      '{',
      '"short": [1, 2],',
      '"long": [',
      `"${'x'.repeat(40)}",`,
      `"${'y'.repeat(40)}"`,
      ']',
      '}',
    ])
    expect(jsonLines(body, [], 2).map(({ text }) => text)).toEqual(['{', '"short": [1, 2],', '… 5 more lines'])
  })
})
