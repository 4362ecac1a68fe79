import { expect, test } from 'vitest'
import { changes, manifest, sha256 } from '../../src/sdk/package/ownership.ts'

const owned = manifest(
  'g',
  'd',
  new Map([
    ['a.ts', 'a'],
    ['gone.ts', 'gone'],
  ]),
).files
const present = (files: Record<string, string>): Map<string, string> =>
  new Map(Object.entries(files).map(([path, text]) => [path, sha256(text)]))

test('what changed is written, what is gone is removed, what is the same is left', () => {
  const next = new Map([
    ['a.ts', 'a'],
    ['new.ts', 'new'],
  ])
  const { write, remove, edited, foreign } = changes(next, owned, present({ 'a.ts': 'a', 'gone.ts': 'gone' }))
  expect([[...write.keys()], remove, edited, foreign]).toEqual([['new.ts'], ['gone.ts'], [], []])
})

test('an owned file that was edited is named, also one that is gone now', () => {
  const { edited } = changes(new Map([['a.ts', 'a2']]), owned, present({ 'a.ts': 'mine', 'gone.ts': 'mine' }))
  expect(edited).toEqual(['a.ts', 'gone.ts'])
})

test('an edit that is what would be written, and a file that was deleted, are no edits', () => {
  const { edited, write } = changes(
    new Map([
      ['a.ts', 'a2'],
      ['b.ts', 'b'],
    ]),
    owned,
    present({ 'a.ts': 'a2' }),
  )
  expect([edited, [...write.keys()]]).toEqual([[], ['b.ts']])
})

test("somebody else's file in the way is named", () => {
  expect(changes(new Map([['b.ts', 'b']]), {}, present({ 'b.ts': 'theirs' })).foreign).toEqual(['b.ts'])
})
