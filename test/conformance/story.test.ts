import type * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiModel } from '../../src/model/api.ts'
import { policySchema } from '../../src/spec/access-file.ts'
import { publishing } from '../authorization-server/api-models.ts'
import { refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { Running } from '../authorization-server/running.ts'
import { verifyAs } from './apps.ts'

/** The policy that the product is known by: only for editors, and only in the publisher's own desktop app. */
const api: ApiModel = {
  ...publishing,
  policies: [
    policySchema.parse({
      name: 'Publishing',
      mode: 'partial',
      rules: [
        {
          name: 'Editors in the desktop app',
          when: {
            grants: ['authorization_code'],
            clients: { kinds: ['native'], softwareIds: ['publishing-desktop'] },
            users: { groups: ['editors'] },
            scopes: ['api:read', 'api:write'],
          },
        },
        { name: 'Everyone reads', when: { users: { groups: ['staff'] }, scopes: ['api:read'] } },
      ],
    }),
  ],
}

const running = new Running()
running.models = [api]
beforeAll(() => running.start())
afterAll(() => running.stop())

const redirectUri = 'http://127.0.0.1/callback'
const parameters = { scope: 'api:read api:write' }
const desktop = {
  client_name: 'Publishing desktop',
  sallyport_kind: 'native',
  sallyport_apis: ['publishing'],
  redirect_uris: [redirectUri],
}

async function tokensFor(client: oauth.Client, name: string, ...groups: string[]) {
  const { id } = await running.person(name, ...groups)
  return { id, ...(await signInAndGetTokens(running, { client, redirectUri, personId: id, parameters })) }
}

it('api:write only for an editor on the desktop app; out of the group, the next refresh has lost it; revoked, the next call is 401', async () => {
  const client = await running.register(desktop, { softwareId: 'publishing-desktop' })
  const { id, tokens } = await tokensFor(client, 'Kim', 'staff', 'editors')
  expect(tokens.scope).toBe('api:read api:write')
  expect(await verifyAs(running, tokens.access_token)).toMatchObject({ ok: true })

  await running.store.people.leaveGroup(id, 'editors')
  await running.server.reviewPerson(id)
  // At once: what the token says of the group is no longer true.
  expect(await verifyAs(running, tokens.access_token)).toMatchObject({ ok: false })
  const next = await refresh(running, { client }, String(tokens.refresh_token))
  expect(next.scope).toBe('api:read')
  expect(await verifyAs(running, next.access_token)).toMatchObject({ ok: true, token: { scopes: ['api:read'] } })

  await running.server.revokeApp(client.client_id)
  expect(await verifyAs(running, next.access_token)).toMatchObject({ ok: false })
  await expect(refresh(running, { client }, String(next.refresh_token))).rejects.toMatchObject({
    error: 'invalid_grant',
  })
})

it('the policy is not walked around: by who is no editor, or by an app that says it is the desktop app', async () => {
  const real = await running.register(desktop, { softwareId: 'publishing-desktop' })
  expect((await tokensFor(real, 'Dev', 'staff')).tokens.scope).toBe('api:read')
  // What an app says of itself: the software id, the kind, both.
  const liar = await running.register({ ...desktop, software_id: 'publishing-desktop' })
  expect((await tokensFor(liar, 'Noor', 'staff', 'editors')).tokens.scope).toBe('api:read')
  await expect(
    running.register({ ...desktop, software_id: 'publishing-desktop' }, { softwareId: 'other' }),
  ).rejects.toMatchObject({ error: 'invalid_client_metadata' })
  // An administrator who vouches for it opens the gate.
  await running.store.clients.setVerified(liar.client_id, true)
  expect((await tokensFor(liar, 'Noor', 'staff', 'editors')).tokens.scope).toBe('api:read api:write')
})
