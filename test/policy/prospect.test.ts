import { expect, test } from 'vitest'
import type { Kind, Rule } from '../../src/model/api.ts'
import { defaultPolicy } from '../../src/policy/default.ts'
import type { EvaluatedPolicy } from '../../src/policy/evaluate.ts'
import { prospect } from '../../src/policy/prospect.ts'

const policy = (
  name: string,
  rules: Record<string, Rule['when']>,
  mode: EvaluatedPolicy['mode'] = 'all-or-nothing',
) => ({
  name,
  mode,
  // biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word; a rule is never awaited.
  rules: Object.entries(rules).map(([rule, when]) => ({ name: rule, when, then: {} })),
})
const app = (kind: Kind, verified = false) => ({ id: 'app-1', kind, verified })

test('what a person could bring along is possible; what the app itself is not, isn’t', () => {
  const policies = [
    policy('Writing', {
      Editors: { grants: ['authorization_code'], users: { groups: ['editors'] }, scopes: ['w', 'r'] },
    }),
    policy('Reading', { Services: { grants: ['client_credentials'], users: 'none', scopes: ['r'] } }),
  ]
  expect(prospect(policies, app('web'), 'api', ['w'])).toEqual({ possible: true })
  expect(prospect(policies, app('service'), 'api', ['r'])).toEqual({ possible: true })
  expect(prospect(policies, app('service'), 'api', ['w'])).toMatchObject({
    possible: false,
    by: { policy: 'Writing', rule: 'Editors' },
  })
  expect(prospect(policies, app('web'), 'api', ['w', 'x'])).toMatchObject({ possible: false })
})

test('with someone signed in, what depends on them is known; where and when still isn’t', () => {
  const policies = [
    policy('Writing', { Editors: { users: { groups: ['editors'] }, authenticatedWithin: 60, scopes: ['w'] } }),
    policy('Alone', { Services: { users: 'none', scopes: ['r'] } }),
  ]
  const someone = (...groups: string[]) => ({ id: 'p', email: 'kim@example.com', groups, profile: {} })
  expect(prospect(policies, app('web'), 'api', ['w'], someone('editors'))).toEqual({ possible: true })
  expect(prospect(policies, app('web'), 'api', ['w'], someone('readers'))).toMatchObject({
    possible: false,
    by: { rule: 'Editors', failed: [{ condition: 'users.groups' }] },
  })
  expect(prospect(policies, app('web'), 'api', ['r'], someone('editors')).possible).toBe(false)
  // Nobody signs in to a service.
  expect(prospect(policies, app('service'), 'api', ['r'], someone('readers'))).toEqual({ possible: true })
})

test('a rule for apps that act for themselves gives nothing to one that people sign in to', () => {
  const policies = [policy('P', { Alone: { users: 'none' } })]
  expect(prospect(policies, app('native'), 'api', ['r']).possible).toBe(false)
  expect(prospect(policies, app('service'), 'api', ['r']).possible).toBe(true)
})

test('kinds count for verified apps only', () => {
  const policies = [policy('P', { Native: { clients: { kinds: ['native'] } } })]
  expect(prospect(policies, app('native'), 'api', ['r']).possible).toBe(false)
  expect(prospect(policies, app('native', true), 'api', ['r']).possible).toBe(true)
})

test('a rule that always matches first and gives less decides; one that may not match leaves the rest open', () => {
  const rest = policy('Rest', { All: { scopes: ['a', 'b'] } })
  const first = (when: Rule['when']) => [policy('First', { Some: when }, 'partial'), rest]
  expect(prospect(first({ scopes: ['a'] }), app('web'), 'api', ['a', 'b'])).toMatchObject({
    possible: false,
    by: { policy: 'First', rule: 'Some' },
  })
  expect(prospect(first({ scopes: ['a'], users: { groups: ['x'] } }), app('web'), 'api', ['a', 'b']).possible).toBe(
    true,
  )
})

test('without policies nothing is possible; by the default one everything declared', () => {
  expect(prospect([], app('service'), 'api', ['a'])).toEqual({ possible: false })
  expect(prospect([defaultPolicy(['a'])], app('service'), 'api', ['a']).possible).toBe(true)
  expect(prospect([defaultPolicy(['a'])], app('service'), 'api', ['b']).possible).toBe(false)
})
