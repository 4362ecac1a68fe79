import { exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Viewer } from '../../src/apps/apps.ts'
import { administrator, apps, kim, other, prepare, registered, running, service } from './developer.ts'

prepare()

describe('more scopes', () => {
  const wish = { api: 'people', scopes: ['employees:write'], reason: 'Corrects names from the badge office.' }
  let owner: Viewer
  beforeAll(async () => {
    // `owner.email` of the API's access.yaml.
    const person = await running.person('Olga')
    owner = { id: person.id, groups: [], administrator: false }
    running.models = running.models.map((model) =>
      model.name === 'people' ? { ...model, owner: { name: 'People team', email: person.email } } : model,
    )
  })

  it('are asked for with a reason, granted by the owner of the API, and asked for by the app', async () => {
    const { app, clientSecret } = await registered({ ...service, name: 'Badges' })
    expect(await apps.scopeRequests.ask(app.id, wish, kim)).toEqual({ ok: true })
    expect(await apps.scopeRequests.ask(app.id, wish, kim)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/waits/),
    })
    const [request] = (await apps.scopeRequests.inbox(owner)) ?? []
    expect(request).toMatchObject({ app: { name: 'Badges' }, ...wish, status: 'pending', requester: 'kim@example.com' })
    expect(await apps.scopeRequests.inbox(other)).toBeUndefined()
    const id = request?.id ?? ''
    expect(await apps.scopeRequests.decide(id, { approve: true, answer: '' }, kim)).toBeUndefined()
    const token = (scope: string) => running.clientCredentials({ client_id: app.id }, String(clientSecret), { scope })
    await expect(token('employees:write')).rejects.toMatchObject({ error: 'invalid_scope' })
    expect(await apps.scopeRequests.decide(id, { approve: true, answer: 'Fine.' }, owner)).toEqual({ ok: true })
    expect((await token('employees:write')).scope).toBe('employees:write')
    expect(await apps.scopeRequests.decide(id, { approve: false, answer: '' }, owner)).toMatchObject({ ok: false })
    expect(await apps.scopeRequests.ofApp(app.id, kim)).toMatchObject([{ status: 'approved', answer: 'Fine.' }])
    const actions = (await running.store.audit.list({ target: app.id, action: 'scopes.' })).map(({ action }) => action)
    expect(actions).toEqual(['scopes.approved', 'scopes.requested'])
  })

  it('leave the app as it is when they are refused', async () => {
    const { app } = await registered({ ...service, name: 'Refused' })
    await apps.scopeRequests.ask(app.id, wish, kim)
    const [request] = (await apps.scopeRequests.inbox(administrator)) ?? []
    await apps.scopeRequests.decide(request?.id ?? '', { approve: false, answer: 'No.' }, administrator)
    expect((await apps.get(app.id, kim))?.scopes).toEqual(app.scopes)
  })

  it.each([
    ['no reason', { reason: ' ' }, /what the scopes are for/],
    ['no scope', { scopes: [] }, /at least one/],
    ['a scope of no API', { scopes: ['nothing'] }, /has no scope nothing/],
    ['a scope that it has', { scopes: ['employees:read'] }, /already/],
    ['an API that it is not for', { api: 'publishing' }, /not registered for this API/],
  ])('with %s are not asked for', async (_, more, message) => {
    const { app } = await registered({ ...service, name: 'Asks' })
    const asked = await apps.scopeRequests.ask(app.id, { ...wish, ...more }, kim)
    expect(asked).toMatchObject({ ok: false, message: expect.stringMatching(message) })
  })

  it('keep what the form does not speak of', async () => {
    const metadata = { client_name: 'Keyed', sallyport_kind: 'service', sallyport_apis: ['people'] }
    const jwks = { keys: [await exportJWK((await generateKeyPair('ES256')).publicKey)] }
    const client = await running.register({
      ...metadata,
      scope: 'employees:read',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
    } as Parameters<typeof running.register>[0])
    const before = await running.store.clients.get(client.client_id)
    const app = await apps.get(client.client_id, kim)
    if (app === undefined) throw new Error('The app is gone.')
    expect(await apps.update(app.id, { ...app, name: 'Renamed by form' }, kim)).toMatchObject({ ok: true })
    const after = await running.store.clients.get(app.id)
    expect(after?.payload).toMatchObject({ client_name: 'Renamed by form', jwks: before?.payload.jwks })
    expect(after?.payload.token_endpoint_auth_method).toBe('private_key_jwt')
  })
})
