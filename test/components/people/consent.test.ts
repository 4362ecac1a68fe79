import { expect, test } from 'vitest'
import { allowedScopes, consentQuestion } from '../../../src/components/people/consent.ts'

const read = { name: 'a:read', api: 'a', title: 'Read', consent: 'implicit', agreed: false } as const
const write = { name: 'a:write', api: 'a', title: 'Write', consent: 'optional', agreed: false } as const
const pay = { name: 'b:pay', api: 'b', consent: 'required', agreed: false } as const
const openid = { name: 'openid', consent: 'implicit', agreed: false } as const
const profile = { name: 'profile', title: 'See your name', consent: 'required', agreed: false } as const

test('scopes stand by API, those about the person first', () => {
  expect(consentQuestion([read, pay, write, profile])).toEqual({
    groups: [{ scopes: [profile] }, { api: 'a', scopes: [read, write] }, { api: 'b', scopes: [pay] }],
    before: [],
  })
})

test('what is silent and says nothing to a person is not asked', () => {
  expect(consentQuestion([openid]).groups).toEqual([])
})

test('an app that asks for more than it was allowed before: what is new stands apart', () => {
  const agreed = { ...read, agreed: true }
  expect(consentQuestion([agreed, pay, openid])).toEqual({
    groups: [{ api: 'b', scopes: [pay] }],
    before: [{ api: 'a', scopes: [agreed] }],
  })
  // One that asks for the same again is looked at as at first.
  expect(consentQuestion([agreed, openid])).toEqual({ groups: [{ api: 'a', scopes: [agreed] }], before: [] })
})

test.each([
  ['nothing ticked', [], ['a:read', 'b:pay', 'openid']],
  ['the optional one ticked', ['a:write'], ['a:read', 'a:write', 'b:pay', 'openid']],
  ['what was never asked for', ['c:all'], ['a:read', 'b:pay', 'openid']],
])('allowed with %s', (_, ticked, allowed) => {
  expect(allowedScopes([read, write, pay, openid], ticked)).toEqual(allowed)
})
