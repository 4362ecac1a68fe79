import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { appendTo } from '../../src/adopt/yaml-append.ts'

const list = { key: 'actions', kind: 'list', items: ['- target: $.b\n  remove: true'] } as const
const map = { key: 'scopes', kind: 'map', items: ['b: { title: B }'] } as const

test.each([
  ['a list', 'overlay: 1.0.0\nactions:\n  # why\n  - target: $.a # here\n    update: |\n      x\n\nx-other: 1\n', list],
  ['a list at the margin', 'actions:\n- target: $.a\n- target: "$.c"   # last', list],
  ['a map', "scopes:\n    'a': { title: A } # kept\n\n# end\n", map],
  ['a map whose last member is empty', 'scopes:\n  a:\npolicies: []\n', map],
  ['a file without the key', '# mine\nlifecycle: stable', map],
  ['an empty file', '', map],
])('%s keeps every line that it had', (_, text, addition) => {
  const appended = appendTo(text, [addition])
  const lines = appended.split('\n')
  let at = -1
  for (const line of text.split('\n')) {
    at = lines.indexOf(line, at + 1)
    expect(at, line).toBeGreaterThan(-1)
  }
  const value = parse(appended)[addition.key]
  expect(addition.kind === 'list' ? value.at(-1) : value.b).toEqual(
    addition.kind === 'list' ? { target: '$.b', remove: true } : { title: 'B' },
  )
})

test.each([
  ['in brackets', 'actions: [{ target: $.a }]\n', list, [{ target: '$.a' }, { target: '$.b', remove: true }]],
  ['empty', 'actions: []\n', list, [{ target: '$.b', remove: true }]],
  ['without a value', 'actions:\n', list, [{ target: '$.b', remove: true }]],
  ['in braces', '{ lifecycle: stable, scopes: { a: {} } }', map, { a: {}, b: { title: 'B' } }],
])('a collection %s is written anew', (_, text, addition, expected) => {
  expect(parse(appendTo(text, [addition]))[addition.key]).toEqual(expected)
})

test('whatever the file holds, it holds it afterwards, and what was added', () => {
  const key = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => name !== '__proto__')
  const file = fc.record(
    {
      lifecycle: fc.string(),
      scopes: fc.dictionary(
        key.filter((name) => name !== 'b'),
        fc.record({ title: fc.string() }),
      ),
      note: fc.string({ unit: 'grapheme' }),
    },
    { requiredKeys: [] },
  )
  const style = fc.constantFrom<{ indent?: number; collectionStyle?: 'block' | 'flow' }>(
    {},
    { indent: 4 },
    { collectionStyle: 'flow' },
  )
  fc.assert(
    fc.property(file, style, (content, options) => {
      const appended = parse(appendTo(stringify(content, options), [map]))
      expect(appended).toEqual({ ...content, scopes: { ...content.scopes, b: { title: 'B' } } })
    }),
    { numRuns: 300 },
  )
})
