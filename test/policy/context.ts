import type { Policy, Rule } from '../../src/model/api.ts'
import type { GrantContext } from '../../src/policy/context.ts'

/** An editor on the verified desktop app, asking for `api:read`. */
export const editor: GrantContext = {
  api: 'publishing',
  grant: 'authorization_code',
  client: { id: 'desk', kind: 'native', softwareId: 'publishing-desktop', verified: true },
  user: {
    id: 'u1',
    email: 'Kim@example.com',
    groups: ['staff', 'editors'],
    profile: { department: ['news', 'sport'], level: 3 },
  },
  network: '10.1.2.3',
  requested: ['api:read'],
  defaults: [],
  authenticatedAt: 1_000,
  now: 1_060,
}

/** The same, without a user or anything else that is optional. */
export const machine: GrantContext = {
  api: 'publishing',
  grant: 'client_credentials',
  client: { id: 'bot', kind: 'service', verified: false },
  requested: ['api:read'],
  defaults: [],
  now: 1_060,
}

export function policy(when: Rule['when'], mode: Policy['mode'] = 'all-or-nothing'): Policy {
  return { name: 'P', mode, rules: [rule('R', when)] }
}

export function rule(name: string, when: Rule['when'], then: Rule['then'] = {}): Rule {
  return { name, when, then }
}
