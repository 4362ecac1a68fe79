import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minimalScopes } from '../../src/access/minimal-scopes.ts'
import type { Alternative, Operation } from '../../src/model/api.ts'

type Subject = Pick<Operation, 'requirement'>
const oauth = (...scopes: string[]) => ({ scheme: 'oauth', token: true, scopes })
const key = { scheme: 'key', token: false, scopes: [] }
const operation = (...alternatives: Alternative[]): Subject => ({ requirement: { stated: true, alternatives } })

describe('the smallest set of scopes', () => {
  test.each<[string, Subject[], string[]]>([
    ['nothing', [], []],
    ['anyone', [operation([])], []],
    ['a token, whatever its scopes', [operation([oauth()])], []],
    ['and', [operation([oauth('b', 'a')])], ['a', 'b']],
    ['or', [operation([oauth('a', 'b')], [oauth('c')])], ['c']],
    ['one scope for two', [operation([oauth('a')], [oauth('c')]), operation([oauth('b')], [oauth('c')])], ['c']],
    ['what one needs helps the other', [operation([oauth('z')]), operation([oauth('a')], [oauth('z')])], ['z']],
    ['a key beside a token is another way in', [operation([key], [oauth('a')])], ['a']],
  ])('%s', (_, operations, scopes) => {
    expect(minimalScopes(operations)).toEqual({ scopes, exact: true, unreachable: [] })
  })

  test('what no scope opens is named', () => {
    const shut = operation([oauth('a'), key])
    expect(minimalScopes([shut, operation([oauth('b')])])).toEqual({ scopes: ['b'], exact: true, unreachable: [shut] })
  })
})

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const
const subsets = Array.from({ length: 2 ** NAMES.length }, (_, bits) =>
  NAMES.filter((_, index) => (bits >> index) % 2 === 1),
).sort((a, b) => a.length - b.length)

const conjunction = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 })
const operations = fc.array(fc.array(conjunction, { minLength: 1, maxLength: 4 }), { maxLength: 8 })

test('as small as the smallest that brute force finds, and it opens all', () => {
  fc.assert(
    fc.property(operations, (all) => {
      const opensAll = (held: readonly string[]): boolean =>
        all.every((alternatives) => alternatives.some((scopes) => scopes.every((scope) => held.includes(scope))))
      const { scopes, exact } = minimalScopes(
        all.map((alternatives) => operation(...alternatives.map((scopes) => [oauth(...scopes)]))),
      )
      expect(exact).toBe(true)
      expect(opensAll(scopes)).toBe(true)
      expect(scopes).toHaveLength(subsets.find(opensAll)?.length ?? -1)
    }),
    { numRuns: 3_000 },
  )
})

/** Choices that pull each other in all directions: every pair of `count` scopes, three ways each. */
function tangle(count: number, operations: number): Subject[] {
  let seed = 1
  const next = (): string => {
    seed = (seed * 48_271) % 2_147_483_647
    return `s${seed % count}`
  }
  return Array.from({ length: operations }, () =>
    operation(...Array.from({ length: 6 }, () => [oauth(next(), next(), next())])),
  )
}

test('a document made to be hard gets an answer that opens all, and says that it may not be the smallest', () => {
  const hard = tangle(400, 5_000)
  const { scopes, exact } = minimalScopes(hard)
  expect(exact).toBe(false)
  const held = new Set(scopes)
  for (const { requirement } of hard)
    expect(
      requirement.alternatives.some((alternative) =>
        alternative.every((part) => part.scopes.every((s) => held.has(s))),
      ),
    ).toBe(true)
})
