import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callable } from '../../src/access/callable.ts'
import { formatChallenge } from '../../src/access/challenge.ts'
import { ANONYMOUS, type Credentials } from '../../src/access/credentials.ts'
import { type Decidable, decide } from '../../src/access/decide.ts'
import type { Alternative } from '../../src/model/api.ts'

const oauth = (...scopes: string[]) => ({ scheme: 'oauth', token: true, scopes })
const bearer = (...scopes: string[]) => ({ scheme: 'bearer', token: true, scopes })
const key = { scheme: 'key', token: false, scopes: [] }

function operation(...alternatives: Alternative[]): Decidable {
  return { requirement: { stated: true, alternatives }, fields: { request: [], response: [] } }
}

const token = (...scopes: string[]): Credentials => ({
  held: [
    { scheme: 'oauth', scopes },
    { scheme: 'bearer', scopes },
  ],
})

describe('decide', () => {
  test.each([
    ['anonymous', operation([]), ANONYMOUS, 200, []],
    ['no credentials', operation([oauth('a')]), ANONYMOUS, 401, [['a']]],
    ['too little', operation([oauth('a', 'b')]), token('a'), 403, [['b']]],
    ['enough', operation([oauth('a')]), token('a', 'b'), 200, []],
    ['or', operation([oauth('a')], [oauth('b')]), token('b'), 200, []],
    ['or, neither', operation([oauth('a')], [oauth('b')]), token(), 403, [['a'], ['b']]],
    ['the smallest way out', operation([oauth('a', 'b')], [oauth('c')]), token(), 403, [['c']]],
    ['and of two schemes by one token', operation([oauth('a'), bearer('b')]), token('a'), 403, [['b']]],
    ['a key that is not held', operation([oauth('a'), key]), token('a'), 401, []],
    ['a key is never a token', operation([key]), token('a'), 401, []],
    ['a token without any scope', operation([oauth()]), token(), 200, []],
  ])('%s', (_, subject, credentials, status, missing) => {
    const decision = decide(subject, credentials)
    expect(decision.status).toBe(status)
    expect(decision.allow ? [] : decision.missing).toEqual(missing)
  })

  test('a refused token is 401 invalid_token, unless anyone may call', () => {
    const invalid: Credentials = { held: [], invalid: 'it expired' }
    expect(decide(operation([oauth('a')]), invalid)).toMatchObject({
      status: 401,
      error: 'invalid_token',
      why: 'The token was refused: it expired.',
    })
    expect(decide(operation([], [oauth('a')]), invalid).allow).toBe(true)
  })
})

const scope: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const scheme = fc.constantFrom(
  { scheme: 'oauth', token: true },
  { scheme: 'bearer', token: true },
  { scheme: 'key', token: false },
)
const alternative = fc.uniqueArray(
  fc
    .record({ scheme, scopes: fc.uniqueArray(scope, { maxLength: 3 }) })
    .map(({ scheme, scopes }) => ({ ...scheme, scopes: scheme.token ? scopes : [] })),
  { maxLength: 3, selector: (requirement) => requirement.scheme },
)
const alternatives = fc.array(alternative, { minLength: 1, maxLength: 4 })
/** Scopes on schemes of every kind. */
const scoped = fc.array(
  fc.uniqueArray(
    fc
      .record({ scheme, scopes: fc.uniqueArray(scope, { maxLength: 2 }) })
      .map(({ scheme, scopes }) => ({ ...scheme, scopes })),
    { maxLength: 3, selector: (requirement) => requirement.scheme },
  ),
  { minLength: 1, maxLength: 4 },
)
const held = fc.uniqueArray(scope)

/** An oracle that shares nothing with the implementation: tries every subset of scopes. */
function oracle(subject: readonly Alternative[], scopes: readonly string[]): boolean {
  return subject.some((conjunction) =>
    conjunction.every((part) => part.token && part.scopes.every((name) => scopes.includes(name))),
  )
}
const NAMES: readonly string[] = ['a', 'b', 'c', 'd', 'e']
const subsets = Array.from({ length: 2 ** NAMES.length }, (_, bits) =>
  NAMES.filter((_, index) => (bits >> index) % 2 === 1),
)

describe('decide, against brute force', () => {
  test('allows exactly what the oracle allows; `missing` is exactly the smallest sets that help', () => {
    fc.assert(
      fc.property(alternatives, held, (subject, scopes) => {
        const decision = decide(operation(...subject), token(...scopes))
        expect(decision.allow).toBe(oracle(subject, scopes))
        if (decision.allow) return
        const helping = subsets.filter(
          (set) => set.every((name) => !scopes.includes(name)) && oracle(subject, [...scopes, ...set]),
        )
        const size = Math.min(...helping.map((set) => set.length))
        const smallest = helping.filter((set) => set.length === size).map((set) => set.join(' '))
        expect(decision.missing.map((set) => set.join(' ')).sort()).toEqual(smallest.sort())
      }),
      { numRuns: 3_000 },
    )
  })

  test('more scopes never deny', () => {
    fc.assert(
      fc.property(alternatives, held, held, (subject, scopes, more) => {
        if (!decide(operation(...subject), token(...scopes)).allow) return
        expect(decide(operation(...subject), token(...scopes, ...more)).allow).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  const credentials = fc.array(fc.record({ scheme: fc.constantFrom('oauth', 'bearer', 'key'), scopes: held }), {
    maxLength: 4,
  })

  test('whatever is held, and under whichever scheme: allowed is what holds every part of an alternative', () => {
    fc.assert(
      fc.property(scoped, credentials, (subject, held) => {
        const holds = (scheme: string, scope?: string): boolean =>
          held.some((one) => one.scheme === scheme && (scope === undefined || one.scopes.includes(scope)))
        const expected = subject.some((conjunction) =>
          conjunction.every(({ scheme, scopes }) => holds(scheme) && scopes.every((scope) => holds(scheme, scope))),
        )
        const decision = decide(operation(...subject), { held })
        expect(decision.allow).toBe(expected)
        if (decision.allow) expect(subject[decision.alternative]).toBeDefined()
        else expect(decision.status === 403).toBe(subject.some((one) => one.every(({ scheme }) => holds(scheme))))
      }),
      { numRuns: 5_000 },
    )
  })

  test('more credentials never deny, and show no fewer fields', () => {
    const fields = fc.array(fc.uniqueArray(scope, { maxLength: 2 }), { maxLength: 4 })
    fc.assert(
      fc.property(scoped, fields, credentials, credentials, (alternatives, gates, some, more) => {
        const response = gates.map((scopes, index) => ({ pointer: `/${index}`, name: `${index}`, scopes }))
        const subject = { requirement: { stated: true, alternatives }, fields: { request: [], response } }
        const few = decide(subject, { held: some })
        if (!few.allow) return
        const many = decide(subject, { held: [...some, ...more] })
        expect(many.allow).toBe(true)
        if (many.allow) expect(few.hiddenFields).toEqual(expect.arrayContaining([...many.hiddenFields]))
      }),
      { numRuns: 3_000 },
    )
  })

  test('callable is what decide allows', () => {
    fc.assert(
      fc.property(fc.array(scoped, { maxLength: 6 }), credentials, (subjects, held) => {
        const operations = subjects.map((subject) => operation(...subject))
        expect(callable({ operations }, { held })).toEqual(
          operations.filter((subject) => decide(subject, { held }).allow),
        )
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('challenge', () => {
  test('carries what RFC 6750 section 3 allows, quoted', () => {
    expect(formatChallenge({ scope: [] })).toBe('Bearer')
    expect(
      formatChallenge(
        { error: 'insufficient_scope', description: 'lacks "x"\r\nSet-Cookie: a=b', scope: ['a', 'b"c', 'd e', 'é'] },
        'http://localhost/m',
      ),
    ).toBe(
      'Bearer error="insufficient_scope", error_description="lacks  x   Set-Cookie: a=b", scope="a", resource_metadata="http://localhost/m"',
    )
  })
})
