import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Policy, Rule } from '../../src/model/api.ts'
import { defaultPolicy } from '../../src/policy/default.ts'
import { evaluate, type GrantContext } from '../../src/policy/evaluate.ts'
import { explain } from '../../src/policy/explain.ts'
import { editor, machine, policy, rule } from './context.ts'

type Case = readonly [name: string, when: Rule['when'], context: Partial<GrantContext>, granted: boolean]

const unverified = { client: { ...editor.client, verified: false } }

const CASES: readonly Case[] = [
  ['no condition', {}, {}, true],
  ['grant listed', { grants: ['authorization_code'] }, {}, true],
  ['grant not listed', { grants: ['client_credentials', 'device_code'] }, {}, false],
  ['no grant at all', { grants: [] }, {}, false],

  ['kind of a verified app', { clients: { kinds: ['native'] } }, {}, true],
  ['kind of an unverified app', { clients: { kinds: ['native'] } }, unverified, false],
  ['another kind', { clients: { kinds: ['web', 'service'] } }, {}, false],
  ['software of a verified app', { clients: { softwareIds: ['publishing-desktop'] } }, {}, true],
  ['software of an unverified app', { clients: { softwareIds: ['publishing-desktop'] } }, unverified, false],
  ['another software', { clients: { softwareIds: ['other'] } }, {}, false],
  ['id of any app', { clients: { ids: ['desk'] } }, unverified, true],
  ['kind fits, software does not', { clients: { kinds: ['native'], softwareIds: ['other'] } }, {}, false],
  ['an empty list beside a filled one says nothing', { clients: { kinds: ['native'], ids: [] } }, {}, true],
  ['empty lists alone name no one', { clients: { kinds: [], ids: [] } }, {}, false],

  ['users: none, with a user', { users: 'none' }, {}, false],
  ['any user', { users: {} }, {}, true],
  ['one of the groups', { users: { groups: ['chiefs', 'editors'] } }, {}, true],
  ['none of the groups', { users: { groups: ['chiefs', 'owners'] } }, {}, false],
  ['email, whatever its case', { users: { emails: ['kim@EXAMPLE.com'] } }, {}, true],
  ['another email', { users: { emails: ['ada@example.com'] } }, {}, false],
  ['attribute with several values', { users: { profile: { department: ['news'] } } }, {}, true],
  ['attribute that is a number', { users: { profile: { level: ['3'] } } }, {}, true],
  ['another value', { users: { profile: { department: ['weather'] } } }, {}, false],
  ['an inherited attribute', { users: { profile: { constructor: ['Object'] } } }, {}, false],
  ['every attribute must fit', { users: { profile: { department: ['news'], level: ['9'] } } }, {}, false],
  ['group fits, email does not', { users: { groups: ['editors'], emails: ['ada@example.com'] } }, {}, false],
  ['no group named', { users: { groups: [] } }, {}, false],

  ['IPv4 network', { networks: ['192.168.0.0/16', '10.0.0.0/8'] }, {}, true],
  ['outside it', { networks: ['192.168.0.0/16'] }, {}, false],
  ['IPv6 network', { networks: ['2001:db8::/32'] }, { network: '2001:db8:1::7' }, true],
  ['IPv4 mapped into IPv6', { networks: ['10.0.0.0/8'] }, { network: '::ffff:10.9.9.9' }, true],
  ['a single address', { networks: ['10.1.2.3'] }, {}, true],
  ['everything of one family is not the other', { networks: ['0.0.0.0/0'] }, { network: '::1' }, false],
  ['a network that makes no sense', { networks: ['10.0.0.0/33', 'x/8', '10/8', '/0', '', '::/-1'] }, {}, false],
  ['an octal address', { networks: ['8.0.0.1/32', '10.0.0.0/8'] }, { network: '010.0.0.1' }, false],
  ['an address that makes no sense', { networks: ['0.0.0.0/0', '::/0'] }, { network: 'localhost' }, false],

  ['signed in lately', { authenticatedWithin: 60 }, {}, true],
  ['signed in too long ago', { authenticatedWithin: 59 }, {}, false],
  ['signed in in the future', { authenticatedWithin: 60 }, { authenticatedAt: 2_000 }, false],
  ['signed in at no time', { authenticatedWithin: 60 }, { authenticatedAt: Number.NaN }, false],

  ['request within the scopes', { scopes: ['api:read', 'api:write'] }, {}, true],
  ['request partly outside', { scopes: ['api:read'] }, { requested: ['api:read', 'api:write'] }, false],
  ['no scope in the rule', { scopes: [] }, {}, false],
  ['one condition of two', { grants: ['authorization_code'], users: { groups: ['chiefs'] } }, {}, false],
]

describe('a rule', () => {
  it.each(CASES)('%s', (_, when, context, granted) => {
    expect(evaluate([policy(when)], { ...editor, ...context }).granted).toBe(granted)
  })

  it('with users never matches an app that acts for itself, and without users does', () => {
    expect(evaluate([policy({ users: {} })], machine).granted).toBe(false)
    expect(evaluate([policy({ users: { groups: ['editors'] } })], machine).granted).toBe(false)
    expect(evaluate([policy({ users: 'none' })], machine).granted).toBe(true)
  })

  it('never matches by what is not known', () => {
    expect(evaluate([policy({ networks: ['0.0.0.0/0', '::/0'] })], machine).granted).toBe(false)
    expect(evaluate([policy({ authenticatedWithin: 9e9 })], machine).granted).toBe(false)
    expect(evaluate([policy({ clients: { softwareIds: ['x'] } })], machine).granted).toBe(false)
  })
})

describe('scopes', () => {
  const both = ['api:read', 'api:write']
  const cases: readonly [string, Policy['mode'], readonly string[] | undefined, Partial<GrantContext>, unknown][] = [
    ['all of the request', 'all-or-nothing', both, { requested: both }, both],
    ['each once', 'all-or-nothing', undefined, { requested: ['api:read', 'api:read'] }, ['api:read']],
    ['partial: what is covered', 'partial', ['api:read'], { requested: both }, ['api:read']],
    ['partial: none of it', 'partial', ['other'], { requested: both }, undefined],
    ['empty: the defaults', 'all-or-nothing', undefined, { requested: [], defaults: both }, both],
    ['empty: the defaults covered', 'all-or-nothing', ['api:read'], { requested: [], defaults: both }, ['api:read']],
    ['empty: no default covered', 'all-or-nothing', ['other'], { requested: [], defaults: both }, undefined],
    ['empty: no defaults', 'all-or-nothing', ['api:read'], { requested: [], defaults: [] }, []],
    ['defaults never join a request', 'partial', both, { requested: ['api:read'], defaults: both }, ['api:read']],
  ]
  it.each(cases)('%s', (_, mode, scopes, context, want) => {
    const rule = policy(scopes === undefined ? {} : { scopes: [...scopes] }, mode)
    const result = evaluate([rule], { ...editor, ...context })
    expect(result.granted ? result.scopes : undefined).toEqual(want)
  })
})

describe('order', () => {
  const policies: Policy[] = [
    { name: 'first', mode: 'all-or-nothing', rules: [rule('chiefs', { users: { groups: ['chiefs'] } })] },
    {
      name: 'second',
      mode: 'all-or-nothing',
      rules: [
        rule('editors', { users: { groups: ['editors'] } }, { accessToken: 900, consent: 'required' }),
        rule('anyone', {}, { accessToken: 60 }),
      ],
    },
  ]

  it('takes the first rule that matches, and its outcome', () => {
    expect(evaluate(policies, editor)).toMatchObject({
      granted: true,
      policy: 'second',
      rule: 'editors',
      accessToken: 900,
      refreshToken: { lifetime: 30 * 86_400, idle: 7 * 86_400 },
      consent: 'required',
    })
    expect(evaluate(policies, machine)).toMatchObject({ granted: true, rule: 'anyone', accessToken: 60 })
  })

  it('denies without policies, and without rules', () => {
    expect(evaluate([], editor)).toEqual({ granted: false })
    expect(evaluate([{ name: 'empty', mode: 'partial', rules: [] }], editor).granted).toBe(false)
  })
})

describe('the default policy', () => {
  it('covers every declared scope, for anyone, and nothing else', () => {
    const policies = [defaultPolicy(['api:read', 'api:write'])]
    expect(evaluate(policies, machine)).toMatchObject({ granted: true, scopes: ['api:read'] })
    expect(evaluate(policies, { ...machine, requested: ['admin'] }).granted).toBe(false)
  })

  it('gives an API without scopes a token without scopes', () => {
    expect(evaluate([defaultPolicy([])], { ...machine, requested: [] })).toMatchObject({ granted: true, scopes: [] })
  })
})

describe('whatever the policies', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__', '')
  const names = fc.array(name, { maxLength: 3 })
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const when = fc.record({
    grants: optional(fc.subarray(['authorization_code', 'client_credentials', 'device_code'] as const)),
    clients: optional(
      fc.record({
        kinds: optional(fc.subarray(['native', 'web'] as const)),
        softwareIds: optional(names),
        ids: optional(names),
      }),
    ),
    users: optional(
      fc.oneof(
        fc.constant('none' as const),
        fc.record({ groups: optional(names), emails: optional(names), profile: optional(fc.dictionary(name, names)) }),
      ),
    ),
    networks: optional(
      fc.array(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constant('10.0.0.0/8')), { maxLength: 2 }),
    ),
    scopes: optional(names),
    authenticatedWithin: optional(fc.integer({ min: 1 })),
  }) as fc.Arbitrary<Rule['when']>
  // More than 32 rules take a second word of the index.
  const policies = fc.array(
    fc.record({
      name,
      mode: fc.constantFrom('all-or-nothing' as const, 'partial' as const),
      rules: fc.array(
        when.map((conditions) => rule('R', conditions)),
        { maxLength: 20 },
      ),
    }),
    { maxLength: 4 },
  )
  const contexts = fc.record({
    grant: fc.constantFrom('authorization_code' as const, 'client_credentials' as const),
    requested: names,
    defaults: names,
    network: fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()),
    withUser: fc.boolean(),
    verified: fc.boolean(),
  })

  it('the explanation agrees, and nothing is granted but what was asked for, by a rule of which every finding held', () => {
    fc.assert(
      fc.property(policies, contexts, (policies, { withUser, verified, ...context }) => {
        const base = withUser ? editor : machine
        const request = { ...base, ...context, client: { ...base.client, verified } }
        const result = evaluate(policies, request)
        const { trail, ...explained } = explain(policies, request)
        expect(result).toEqual(explained.granted ? explained : { granted: false })
        const rules = trail.flatMap((policy) => policy.rules)
        const matched = rules.filter((one) => one.outcome === 'matched')
        expect(matched).toHaveLength(result.granted ? 1 : 0)
        if (!result.granted) {
          expect(rules.every((one) => one.outcome === 'failed')).toBe(true)
          return
        }
        expect(matched[0]?.findings.every((finding) => finding.held)).toBe(true)
        const asked = context.requested.length > 0 ? context.requested : context.defaults
        for (const scope of result.scopes) expect(asked).toContain(scope)
        const before = rules.slice(
          0,
          rules.findIndex((one) => one.outcome === 'matched'),
        )
        expect(before.every((one) => one.outcome === 'failed')).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
