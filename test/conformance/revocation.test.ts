import type * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appsOf, type Viewer } from '../../src/apps/apps.ts'
import { admitExternal } from '../../src/authorization-server/external-person.ts'
import { profilesOf } from '../../src/authorization-server/profile.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { policySchema } from '../../src/spec/access-file.ts'
import { publishing } from '../authorization-server/api-models.ts'
import { signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { Running } from '../authorization-server/running.ts'
import { ask, basic, manage, REDIRECT, webApp } from './apps.ts'

/** One rule that needs a group and a profile attribute, so that losing either matters. */
const api: ApiModel = {
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
const running = new Running()
running.models = [api]
let apps: ReturnType<typeof appsOf>
beforeAll(async () => {
  await running.start()
  apps = appsOf({
    issuer: { url: running.server.issuer },
    store: running.store,
    authorization: running.server,
    models: () => running.models,
    audience: (api) => running.resource(api),
  })
  // The API: what enforces at the sandbox and at /enforce asks the same function.
  running.handlers.set('/api', async (request, response) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
    response.statusCode = (await running.server.verify(token, running.resource('publishing'))).ok ? 200 : 401
    response.end()
  })
})
afterAll(() => {
  process.stdout.write(`Revoked, refused at the next request (ms from the answer):\n${latencies.join('\n')}\n`)
  return running.stop()
})
const latencies: string[] = []

interface Held {
  readonly client: oauth.Client
  readonly accessToken: string
  readonly refreshToken: string
  readonly person: { readonly id: string; readonly sub: string }
  readonly owner: Viewer
}

let people = 0
/** Someone from the news desk, signed in to an app of Kim's. */
async function held(): Promise<Held> {
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
  const { store, server: revocation } = running
  return admitExternal({ iss: PROVIDER, sub, ...email, ...claims }, { store, revocation, groupsClaim: 'groups' })
}

async function call(token: string): Promise<number> {
  const response = await fetch(`${running.url}/api`, { headers: { authorization: `Bearer ${token}` } })
  await response.arrayBuffer()
  return response.status
}

/** What the next refresh comes to: `invalid_grant`, or the scope of another token. */
async function nextRefresh({ client, refreshToken }: Held): Promise<string> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  const { body } = await ask(running, '/oauth/token', { form, headers: basic(client) })
  return String(body.error ?? body.scope)
}

type Kind = readonly [kind: string, revoke: (held: Held) => Promise<unknown>, next: string]

const KINDS: readonly Kind[] = [
  [
    'a token',
    ({ client, accessToken }) =>
      ask(running, '/oauth/token/revocation', { form: { token: accessToken }, headers: basic(client) }),
    'api:read api:write',
  ],
  [
    'a grant, by its refresh token',
    ({ client, refreshToken }) =>
      ask(running, '/oauth/token/revocation', { form: { token: refreshToken }, headers: basic(client) }),
    'invalid_grant',
  ],
  [
    'a grant, by the person',
    ({ client, person }) => running.server.withdrawConsent(person.id, client.client_id),
    'invalid_grant',
  ],
  ['the tokens of an app', ({ client, owner }) => apps.revokeTokens(client.client_id, owner), 'invalid_grant'],
  ['an app, disabled', ({ client, owner }) => apps.setDisabled(client.client_id, true, owner), 'invalid_client'],
  ['an app, deleted', ({ client }) => manage(running, client, 'DELETE'), 'invalid_client'],
  ['a user', ({ person }) => running.server.setPersonDisabled(person.id, true), 'invalid_grant'],
  ['a user, removed', ({ person }) => running.server.removePerson(person.id), 'invalid_grant'],
  ['a group membership', ({ person }) => signInElsewhere(person, { groups: [], department: 'news' }), 'api:read'],
  [
    'a profile attribute that a rule needs',
    ({ person }) => signInElsewhere(person, { groups: ['editors'], department: 'sport' }),
    'api:read',
  ],
  [
    'a profile attribute that a rule needs, by an administrator',
    ({ person }) => {
      const { store, server: revocation } = running
      const change = { attribute: 'department', values: ['sport'], actor: 'command line' }
      return profilesOf({ store, revocation, saidElsewhere: false }).setAttribute(person.id, change)
    },
    'api:read',
  ],
  [
    'a scope of an app',
    ({ client }) =>
      manage(running, client, 'PUT', {
        client_id: client.client_id,
        client_name: 'Desk',
        sallyport_apis: ['publishing'],
        redirect_uris: [REDIRECT],
        scope: 'openid offline_access api:read',
      }),
    'api:read',
  ],
]

describe('what is revoked is refused at the next request', () => {
  it.each(KINDS)('%s', async (kind, revoke, next) => {
    const tokens = await held()
    const bystander = await held()
    expect(await call(tokens.accessToken)).toBe(200)
    await revoke(tokens)
    const from = performance.now()
    expect(await call(tokens.accessToken)).toBe(401)
    latencies.push(`${(performance.now() - from).toFixed(1).padStart(8)}  ${kind}`)
    expect(await call(bystander.accessToken)).toBe(200)
    expect(await nextRefresh(tokens)).toBe(next)
  })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
