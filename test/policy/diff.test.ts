import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/model/api.ts'
import { diffPolicies, formatChange } from '../../src/policy/diff.ts'
import { rule } from './context.ts'

function set(name: string, rules: Policy['rules'], mode: Policy['mode'] = 'all-or-nothing'): Policy {
  return { name, mode, rules }
}

const editors = rule('Editors', { users: { groups: ['editors'] }, scopes: ['a'] }, { accessToken: 900 })
const readers = rule('Readers', { scopes: ['a'] })

describe('the difference of two sets of policies', () => {
  const cases: readonly [string, Policy[], Policy[], string[]][] = [
    ['none', [set('P', [editors])], [set('P', [editors])], []],
    ['a policy more', [], [set('P', [editors])], ['+ P']],
    ['a policy less', [set('P', [])], [], ['- P']],
    ['a rule more and one less', [set('P', [editors])], [set('P', [readers])], ['- P › Editors', '+ P › Readers']],
    ['the mode', [set('P', [])], [set('P', [], 'partial')], ['~ P › mode: "all-or-nothing" → "partial"']],
    [
      'a condition',
      [set('P', [editors])],
      [set('P', [{ ...editors, when: { ...editors.when, users: { groups: ['chiefs'] } } }])],
      ['~ P › Editors › when.users.groups: ["editors"] → ["chiefs"]'],
    ],
    [
      'a condition less, an outcome more',
      [set('P', [editors])],
      [set('P', [rule('Editors', { scopes: ['a'] }, { accessToken: 900, consent: 'required' })])],
      ['- P › Editors › when.users: {"groups":["editors"]}', '+ P › Editors › then.consent: "required"'],
    ],
    [
      'another order, which decides who comes first',
      [set('P', [editors, readers])],
      [set('P', [readers, editors])],
      ['^ P › Readers: from place 2 to 1', '^ P › Editors: from place 1 to 2'],
    ],
    ['two of one name', [set('P', [readers, readers])], [set('P', [readers])], ['- P › Readers']],
  ]
  it.each(cases)('%s', (_, before, after, want) => {
    expect(diffPolicies(before, after).map(formatChange)).toEqual(want)
  })
})
