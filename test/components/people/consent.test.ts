import { expect, test } from 'vitest'
import { allowedScopes, consentGroups } from '../../../src/components/people/consent.ts'

const read = { name: 'a:read', api: 'a', title: 'Read', consent: 'implicit' } as const
const write = { name: 'a:write', api: 'a', title: 'Write', consent: 'optional' } as const
const pay = { name: 'b:pay', api: 'b', consent: 'required' } as const
const openid = { name: 'openid', consent: 'implicit' } as const
const profile = { name: 'profile', title: 'See your name', consent: 'required' } as const

test('scopes stand by API, those about the person first', () => {
  expect(consentGroups([read, pay, write, profile])).toEqual([
    { scopes: [profile] },
    { api: 'a', scopes: [read, write] },
    { api: 'b', scopes: [pay] },
  ])
})

test('what is silent and says nothing to a person is not asked', () => {
  expect(consentGroups([openid])).toEqual([])
})

test.each([
  ['nothing ticked', [], ['a:read', 'b:pay', 'openid']],
  ['the optional one ticked', ['a:write'], ['a:read', 'a:write', 'b:pay', 'openid']],
  ['what was never asked for', ['c:all'], ['a:read', 'b:pay', 'openid']],
])('allowed with %s', (_, ticked, allowed) => {
  expect(allowedScopes([read, write, pay, openid], ticked)).toEqual(allowed)
})
