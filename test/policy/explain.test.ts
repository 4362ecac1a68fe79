import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/model/api.ts'
import { defaultPolicy } from '../../src/policy/default.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { explain, inShort } from '../../src/policy/explain.ts'
import { editor, machine, policy, rule } from './context.ts'

const policies: Policy[] = [
  { name: 'first', mode: 'all-or-nothing', rules: [rule('chiefs', { users: { groups: ['chiefs'] } })] },
  {
    name: 'second',
    mode: 'all-or-nothing',
    rules: [rule('editors', { users: { groups: ['editors'] } }), rule('anyone', {})],
  },
]

describe('explain', () => {
  it('tells how every rule went, up to the one that matched', () => {
    expect(explain(policies, editor)).toMatchObject({
      granted: true,
      policy: 'second',
      rule: 'editors',
      scopes: ['api:read'],
      trail: [
        {
          policy: 'first',
          default: false,
          rules: [
            {
              rule: 'chiefs',
              outcome: 'failed',
              findings: [
                { condition: 'users', held: true, evidence: 'user Kim@example.com' },
                {
                  condition: 'users.groups',
                  held: false,
                  evidence: 'group chiefs: not a member',
                  needs: 'the group `chiefs`',
                },
                { condition: 'scopes', held: true, evidence: 'api:read' },
              ],
            },
          ],
        },
        {
          policy: 'second',
          default: false,
          rules: [
            {
              rule: 'editors',
              outcome: 'matched',
              findings: [
                { condition: 'users', held: true, evidence: 'user Kim@example.com' },
                { condition: 'users.groups', held: true, evidence: 'group editors: a member' },
                { condition: 'scopes', held: true, evidence: 'api:read' },
              ],
            },
            { rule: 'anyone', outcome: 'not evaluated', findings: [] },
          ],
        },
      ],
    })
  })

  it('names the policy and the rule that a request was denied by', () => {
    expect(explain(policies.slice(0, 1), editor)).toMatchObject({
      granted: false,
      reason: 'No rule matches. Nearest: rule chiefs, group chiefs: not a member.',
      nearest: { policy: 'first', rule: 'chiefs', failed: [{ condition: 'users.groups' }] },
    })
  })

  it('takes for nearest a rule for these scopes, though another fails on less', () => {
    const write = {
      ...editor,
      requested: ['api:write'],
      user: undefined,
      client: { ...editor.client, verified: false },
    }
    const rules = [
      rule('Readers', { scopes: ['api:read'] }),
      rule('Services', { grants: ['client_credentials'], scopes: ['api:write'] }),
      rule('Editors', {
        users: { groups: ['editors'] },
        clients: { softwareIds: ['publishing-desktop'] },
        scopes: ['api:write'],
      }),
    ]
    expect(
      explain([{ name: 'P', mode: 'all-or-nothing', rules }], {
        ...write,
        user: { id: 'u2', email: 'dev@example.com', groups: [], profile: {} },
      }),
    ).toMatchObject({ nearest: { rule: 'Editors' } })
  })

  it('marks the policy that stands in for none', () => {
    expect(explain([defaultPolicy(['api:read'])], machine)).toMatchObject({ granted: true, trail: [{ default: true }] })
  })
})

describe('in short', () => {
  it('names, for one scope, the rule that grants it, and for several what would be granted without some', () => {
    const write = rule('Editors', {
      grants: ['authorization_code'],
      users: { groups: ['editors'] },
      scopes: ['api:write'],
    })
    const read = rule('Everyone', { scopes: ['api:read'] })
    const policies: Policy[] = [{ name: 'P', mode: 'all-or-nothing', rules: [write, read] }]
    const asks = (requested: string[]) => inShort(explain(policies, { ...machine, requested }))
    expect(asks(['api:write'])).toBe(
      'Needs the grant `authorization_code` and someone to sign in (policy “P”, rule “Editors”).',
    )
    expect(asks(['api:read', 'api:write'])).toBe('Needs a request without `api:write` (policy “P”, rule “Everyone”).')
  })

  const cases: readonly [string, Policy['rules'][number]['when'], string][] = [
    ['a group', { users: { groups: ['chiefs'] } }, 'Needs the group `chiefs` (policy “P”, rule “R”).'],
    ['one of groups', { users: { groups: ['a', 'b'] } }, 'Needs the group `a` or `b` (policy “P”, rule “R”).'],
    [
      'several conditions',
      { users: { profile: { department: ['weather'] } }, networks: ['2001:db8::/32'] },
      'Needs the department `weather` and the network `2001:db8::/32` (policy “P”, rule “R”).',
    ],
    [
      'other people, without naming them',
      { users: { emails: ['boss@example.com'] } },
      'Needs to be one of the people whom the rule lists (policy “P”, rule “R”).',
    ],
    ['scopes', { scopes: ['other'] }, 'Needs a rule that grants `api:read` (policy “P”, rule “R”).'],
    ['a recent sign-in', { authenticatedWithin: 30 }, 'Needs a sign-in within the last 30s (policy “P”, rule “R”).'],
    ['no one signed in', { users: 'none' }, 'Needs the app to act for itself (policy “P”, rule “R”).'],
  ]
  it.each(cases)('%s', (_, when, want) => {
    expect(inShort(explain([policy(when)], editor))).toBe(want)
  })

  it('verification', () => {
    const unverified = { ...editor, client: { ...editor.client, verified: false } }
    expect(inShort(explain([policy({ clients: { kinds: ['native'] } })], unverified))).toBe(
      'Needs an administrator to verify the app (policy “P”, rule “R”).',
    )
  })

  it('what was granted, and that nothing can be', () => {
    expect(inShort(explain(policies, editor))).toBe('Granted by policy “second”, rule “editors”.')
    expect(inShort(explain([], editor))).toBe('No policy of this API has a rule: nothing is granted.')
  })
})

describe('an app that is limited to some people', () => {
  const limited = (people: string[], groups: string[]) => ({
    ...editor,
    client: { ...editor.client, assigned: { people, groups } },
  })

  it('serves those who are listed, and members of the groups', () => {
    expect(evaluate([policy({})], limited(['u1'], [])).granted).toBe(true)
    expect(evaluate([policy({})], limited([], ['editors'])).granted).toBe(true)
  })

  it('serves no one else, whatever the rules say', () => {
    for (const context of [limited([], []), limited(['u2'], ['chiefs'])]) {
      expect(evaluate([policy({})], context)).toEqual({ granted: false })
      expect(explain([policy({})], context)).toMatchObject({
        granted: false,
        reason: 'User Kim@example.com: not assigned to the app.',
        trail: [{ rules: [{ outcome: 'not evaluated' }] }],
      })
      expect(inShort(explain([policy({})], context))).toBe('Needs to be assigned to the app.')
    }
  })

  it('acts for itself all the same', () => {
    const client = { ...machine.client, assigned: { people: [], groups: [] } }
    expect(evaluate([policy({})], { ...machine, client }).granted).toBe(true)
  })
})
