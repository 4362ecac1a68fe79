import type { ApiModel, Policy, Scope } from '../../src/model/api.ts'
import { policySchema } from '../../src/spec/access-file.ts'

/** An API that has nothing but what authorization looks at. */
function apiModel(name: string, scopes: readonly (string | Partial<Scope>)[], more: Partial<ApiModel> = {}): ApiModel {
  return {
    name,
    title: name,
    version: '1.0.0',
    sourceVersion: '3.1.0',
    hash: '',
    lifecycle: 'stable',
    visibility: 'public',
    servers: [],
    tags: [],
    schemes: {},
    scopes: scopes.map((scope) => ({
      name: '',
      consent: 'implicit' as const,
      default: false,
      declared: true,
      ...(typeof scope === 'string' ? { name: scope } : scope),
    })),
    operations: [],
    webhooks: [],
    schemas: {},
    claims: {},
    environments: {},
    policies: [],
    ...more,
  }
}

/** As in `access.yaml`. */
function policy(text: unknown): Policy {
  return policySchema.parse(text)
}

export const people = apiModel('people', [
  { name: 'employees:read', default: true },
  'employees:write',
  { name: 'compensation:read', title: 'See salaries', consent: 'required' },
])

/** Whoever signs in may read; editors may write, too. */
export const publishing = apiModel('publishing', ['api:read', 'api:write'], {
  claims: { groups: 'user.groups', sub: 'user.email' },
  policies: [
    policy({
      name: 'Everyone',
      mode: 'partial',
      rules: [
        {
          name: 'Editors',
          when: { users: { groups: ['editors'] }, scopes: ['api:read', 'api:write'] },
          // biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word.
          then: { accessToken: '5m', refreshToken: { lifetime: '1h', idle: '30m' } },
        },
        { name: 'Staff', when: { users: { groups: ['staff'] }, scopes: ['api:read'] } },
      ],
    }),
  ],
})
