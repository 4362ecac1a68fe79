import type * as oauth from 'oauth4webapi'
import { expect } from 'vitest'
import { appsOf, type Viewer } from '../../src/apps/apps.ts'
import { admitExternal } from '../../src/authorization-server/external-person.ts'
import { profilesOf } from '../../src/authorization-server/profile.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { policySchema } from '../../src/spec/access-file.ts'
import { publishing } from '../authorization-server/api-models.ts'
import { signInAndGetTokens } from '../authorization-server/code-flow.ts'
import type { Running } from '../authorization-server/running.ts'
import { ask, basic, manage, REDIRECT, webApp } from './apps.ts'

/** One rule that needs a group and a profile attribute, so that losing either matters. */
export const newsroom: ApiModel = {
  ...publishing,
  policies: [
    policySchema.parse({
      name: 'Newsroom',
      mode: 'partial',
      rules: [
        {
          name: 'Editors of the news desk',
          when: {
            users: { groups: ['editors'], profile: { department: ['news'] } },
            scopes: ['api:read', 'api:write'],
          },
        },
        { name: 'Everyone reads', when: { scopes: ['api:read'] } },
      ],
    }),
  ],
}

const PROVIDER = 'https://login.example'

export interface Held {
  readonly client: oauth.Client
  readonly accessToken: string
  readonly refreshToken: string
  readonly person: { readonly id: string; readonly sub: string }
  readonly owner: Viewer
}

export interface Revocation {
  readonly what: string
  readonly revoke: (held: Held) => Promise<unknown>
  /** What the next refresh comes to: an error, or the scope of another token. */
  readonly next: string
}

/** Every way in which access ends, and people whose access it is. */
export function revocationsOn(running: Running) {
  const apps = () =>
    appsOf({
      issuer: { url: running.server.issuer },
      store: running.store,
      authorization: running.server,
      models: () => running.models,
      audience: (api) => running.resource(api),
    })
  let people = 0

  /** Someone from the news desk, signed in to an app of Kim's. */
  async function hold(): Promise<Held> {
    const sub = `p${++people}`
    const admission = await signInElsewhere({ sub }, { groups: ['editors'], department: 'news' })
    if (!admission.ok) throw new Error(admission.reason)
    const { id } = admission.person
    const flow = { ...(await webApp(running)), personId: id }
    const { tokens } = await signInAndGetTokens(running, flow)
    expect(tokens.scope).toBe('api:read api:write')
    const kim = await running.person('Kim')
    const owner = { id: kim.id, groups: [], administrator: false }
    const { access_token: accessToken, refresh_token: refreshToken } = tokens
    return { client: flow.client, accessToken, refreshToken: String(refreshToken), person: { id, sub }, owner }
  }

  /** At the provider where people sign in, which says who they are each time. */
  function signInElsewhere({ sub }: { readonly sub: string }, claims: Readonly<Record<string, unknown>>) {
    const email = { email: `${sub}@example.com`, email_verified: true }
    const options = { store: running.store, revocation: running.server, groupsClaim: 'groups' }
    return admitExternal({ iss: PROVIDER, sub, ...email, ...claims }, options)
  }

  function revokeToken(client: oauth.Client, token: string) {
    return ask(running, '/oauth/token/revocation', { form: { token }, headers: basic(client) })
  }

  const revocations: readonly Revocation[] = [
    {
      what: 'a token',
      revoke: ({ client, accessToken }) => revokeToken(client, accessToken),
      next: 'api:read api:write',
    },
    {
      what: 'a grant, by its refresh token',
      revoke: ({ client, refreshToken }) => revokeToken(client, refreshToken),
      next: 'invalid_grant',
    },
    {
      what: 'a grant, by the person',
      revoke: ({ client, person }) => running.server.withdrawConsent(person.id, client.client_id),
      next: 'invalid_grant',
    },
    {
      what: 'the tokens of an app',
      revoke: ({ client, owner }) => apps().revokeTokens(client.client_id, owner),
      next: 'invalid_grant',
    },
    {
      what: 'an app, disabled',
      revoke: ({ client, owner }) => apps().setDisabled(client.client_id, true, owner),
      next: 'invalid_client',
    },
    { what: 'an app, deleted', revoke: ({ client }) => manage(running, client, 'DELETE'), next: 'invalid_client' },
    {
      what: 'a user',
      revoke: ({ person }) => running.server.setPersonDisabled(person.id, true),
      next: 'invalid_grant',
    },
    { what: 'a user, removed', revoke: ({ person }) => running.server.removePerson(person.id), next: 'invalid_grant' },
    {
      what: 'a group membership',
      revoke: ({ person }) => signInElsewhere(person, { groups: [], department: 'news' }),
      next: 'api:read',
    },
    {
      what: 'a profile attribute that a rule needs',
      revoke: ({ person }) => signInElsewhere(person, { groups: ['editors'], department: 'sport' }),
      next: 'api:read',
    },
    {
      what: 'a profile attribute that a rule needs, by an administrator',
      revoke: ({ person }) => {
        const { store, server: revocation } = running
        const change = { attribute: 'department', values: ['sport'], by: { actor: 'command line' } }
        return profilesOf({ store, revocation, saidElsewhere: false }).setAttribute(person.id, change)
      },
      next: 'api:read',
    },
    {
      what: 'a scope of an app',
      revoke: ({ client }) =>
        manage(running, client, 'PUT', {
          client_id: client.client_id,
          client_name: 'Desk',
          sallyport_apis: ['publishing'],
          redirect_uris: [REDIRECT],
          scope: 'openid offline_access api:read',
        }),
      next: 'api:read',
    },
  ]
  return { hold, revocations }
}
