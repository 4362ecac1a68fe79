import { ClientSecretBasic } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import type { AppForm } from '../../src/apps/apps.ts'
import { authorize, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { administrator, apps, kim, other, prepare, registered, running, service, web } from './developer.ts'

prepare()

describe('registering', () => {
  it('a service shows its secret once', async () => {
    const { app, clientSecret } = await registered(service)
    expect(app).toMatchObject({
      name: 'Payroll export',
      kind: 'service',
      apis: ['people'],
      scopes: ['employees:read', 'compensation:read'],
      redirectUris: [],
      ownerId: kim.id,
      confidential: true,
      verified: false,
      disabled: false,
    })
    expect(app).not.toHaveProperty('lastCall')
    const tokens = await running.clientCredentials({ client_id: app.id }, String(clientSecret), {})
    expect(tokens.scope).toBe('employees:read')
    expect(JSON.stringify(await apps.get(app.id, kim))).not.toContain(String(clientSecret))
  })

  it('an app in the browser has no secret', async () => {
    const saved = await registered({ ...web, kind: 'single-page', redirectUris: ['http://localhost:5173/', ''] })
    expect(saved).not.toHaveProperty('clientSecret')
    expect(saved.app).toMatchObject({ confidential: false, redirectUris: ['http://localhost:5173/'] })
  })

  it.each<[string, Partial<AppForm>, string, RegExp]>([
    [
      'a redirect URI',
      { redirectUris: ['https://fine.example/', 'http://evil.example/'] },
      'redirectUris',
      /^http:\/\/evil\.example\/ uses http/,
    ],
    ['a scheme', { redirectUris: ['javascript:alert(1)'] }, 'redirectUris', /javascript/],
    ['no redirect URI', { redirectUris: [' '] }, 'redirectUris', /at least one/],
    ['a scope', { scopes: ['api:write'] }, 'scopes', /api:write/],
    ['an API', { apis: ['nowhere'] }, 'apis', /nowhere/],
    ['no API', { apis: [] }, 'apis', /at least one/],
    ['no name', { name: ' ' }, 'name', /name/],
    ['a long name', { name: 'x'.repeat(101) }, 'name', /^Must not be longer/],
    ['a kind', { kind: 'robot' as AppForm['kind'] }, 'kind', /^Must be one of/],
  ])('with %s that is wrong says which field, and keeps what was typed', async (_, more, field, message) => {
    const form = { ...web, ...more }
    const saved = await apps.register(form, kim)
    expect(saved).toEqual({ ok: false, errors: { [field]: expect.stringMatching(message) }, form })
  })
})

describe('an app', () => {
  it('is seen by its owner and by administrators', async () => {
    const { app } = await registered(service)
    expect(await apps.get(app.id, kim)).toEqual(app)
    expect(await apps.get(app.id, administrator)).toEqual(app)
    expect(await apps.get(app.id, other)).toBeUndefined()
    expect(await apps.get('nonsense', kim)).toBeUndefined()
    expect((await apps.list(kim)).map(({ id }) => id)).toContain(app.id)
    expect(await apps.list(other)).toEqual([])
    expect((await apps.listAll(administrator)).map(({ id }) => id)).toContain(app.id)
    expect(await apps.listAll(other)).toEqual([])
  })

  it('is changed through the registration endpoint', async () => {
    const { app } = await registered(web)
    const form = { ...web, name: 'Renamed', redirectUris: ['https://app.example/new'] }
    expect(await apps.update(app.id, form, kim)).toMatchObject({ ok: true, app: { name: 'Renamed' } })
    expect(await apps.get(app.id, kim)).toMatchObject({ name: 'Renamed', redirectUris: ['https://app.example/new'] })
    const hostile = { ...form, redirectUris: ['data:text/html,x'] }
    const errors = { redirectUris: expect.stringContaining('data') }
    expect(await apps.update(app.id, hostile, kim)).toEqual({ ok: false, errors, form: hostile })
    expect(await apps.update(app.id, form, other)).toBeUndefined()
    // By whoever edited it, from where they are, though it was the portal that asked.
    const updates = await running.store.audit.list({ target: app.id, action: 'client.updated' })
    expect(updates).toMatchObject([{ actor: kim.id, ip: '192.0.2.9' }])
    // The one that came with the registration, and that of the edit, which ends within a minute.
    const tokens = await running.store.payloads.ids('RegistrationAccessToken', { clientId: app.id })
    const payloads = await Promise.all(tokens.map((id) => running.store.payloads.get('RegistrationAccessToken', id)))
    expect(payloads.filter((token) => token?.payload.exp === undefined)).toHaveLength(1)
  })

  it('is told of everything that is wrong at once', async () => {
    const form = { ...web, name: '', redirectUris: ['https://app.example/', 'http://app.example/'], jwks: 'nonsense' }
    expect(await apps.register(form, kim)).toEqual({
      ok: false,
      form,
      errors: {
        name: 'Give the app a name.',
        redirectUris: expect.stringMatching(/^http:\/\/app\.example\/ uses http.*\.$/),
        jwks: expect.stringContaining('JWK'),
      },
    })
  })

  it('that leads elsewhere by an edit is verified no more, and what it held is judged anew', async () => {
    const { app, clientSecret } = await registered(web)
    await apps.verify(app.id, apps.likeness(app), administrator)
    expect(await apps.update(app.id, { ...web, name: 'Renamed' }, kim)).toMatchObject({ app: { verified: true } })
    const { id: personId } = await running.person('Noor', 'staff')
    const client = { client_id: app.id }
    const flow = { client, personId, parameters: { scope: 'employees:read' } }
    const { tokens } = await signInAndGetTokens(running, {
      ...flow,
      authentication: ClientSecretBasic(String(clientSecret)),
      redirectUri: 'https://app.example/callback',
    })
    const isGood = async () => (await running.server.verify(tokens.access_token, running.resource('people'))).ok
    expect(await isGood()).toBe(true)
    const elsewhere = { ...web, redirectUris: ['https://app.example/callback', 'https://elsewhere.example/'] }
    expect(await apps.update(app.id, elsewhere, kim)).toMatchObject({ ok: true, app: { verified: false } })
    expect(await isGood()).toBe(false)
    const [entry] = await running.store.audit.list({ target: app.id, action: 'client.unverified' })
    expect(entry).toMatchObject({ actor: kim.id, detail: { destinations: ['https://elsewhere.example'] } })
  })

  it.each<[string, Partial<AppForm>]>([
    ['leads elsewhere', { redirectUris: ['https://elsewhere.example/'] }],
    ['has another name', { name: 'Northwind itself' }],
  ])('that %s since an administrator looked is not verified', async (_, change) => {
    const { app } = await registered({ ...web, name: 'Waiting' })
    const seen = apps.likeness(app)
    expect(await apps.update(app.id, { ...web, name: 'Waiting', ...change }, kim)).toMatchObject({ ok: true })
    expect(await apps.verify(app.id, seen, administrator)).toBe('changed')
    const now = await apps.get(app.id, administrator)
    expect(now).toMatchObject({ verified: false })
    expect(now && (await apps.verify(app.id, apps.likeness(now), administrator))).toBe(true)
    expect(await apps.get(app.id, kim)).toMatchObject({ verified: true })
    expect(await apps.unverify(app.id, administrator)).toBe(true)
    expect(await apps.get(app.id, kim)).toMatchObject({ verified: false })
  })

  it('has an activity that names who works on it, and nobody who uses it', async () => {
    const { app } = await registered({ ...web, scopes: ['employees:read'] })
    const { id: personId } = await running.person('Noor', 'staff')
    const client = { client_id: app.id }
    const [redirectUri = ''] = app.redirectUris
    await authorize(running, { client, redirectUri, personId, parameters: { scope: 'openid employees:read' } })
    expect((await apps.activity(app.id, kim)).map(({ action, who }) => [action, who])).toEqual([
      ['consent.granted', undefined],
      ['client.registered', 'Kim'],
    ])
    expect(await apps.activity(app.id, other)).toEqual([])
  })

  it('is managed by nobody else', async () => {
    const { app, clientSecret } = await registered(service)
    expect(await apps.remove(app.id, other)).toBe(false)
    expect(await apps.revokeTokens(app.id, other)).toBe(false)
    expect(await apps.setDisabled(app.id, true, other)).toBe(false)
    expect(await apps.rotateSecret(app.id, other)).toBeUndefined()
    expect(await apps.verify(app.id, apps.likeness(app), kim)).toBe(false)
    expect(await apps.unverify(app.id, kim)).toBe(false)
    const tokens = await running.clientCredentials({ client_id: app.id }, String(clientSecret), {})
    expect(await running.server.verify(tokens.access_token, running.resource('people'))).toMatchObject({ ok: true })
  })

  it('gets another secret, loses its tokens, is disabled, verified and removed', async () => {
    const { app, clientSecret } = await registered(service)
    const client = { client_id: app.id }
    const secret = String(await apps.rotateSecret(app.id, kim))
    await expect(running.clientCredentials(client, String(clientSecret), {})).rejects.toMatchObject({ status: 401 })
    const { access_token: token } = await running.clientCredentials(client, secret, {})
    expect(await apps.revokeTokens(app.id, kim)).toBe(true)
    expect(await running.server.verify(token, running.resource('people'))).toMatchObject({ ok: false })
    expect(await apps.verify(app.id, apps.likeness(app), administrator)).toBe(true)
    expect(await apps.setDisabled(app.id, true, kim)).toBe(true)
    expect(await apps.get(app.id, kim)).toMatchObject({ verified: true, disabled: true })
    await expect(running.clientCredentials(client, secret, {})).rejects.toMatchObject({ status: 401 })
    expect(await apps.remove(app.id, kim)).toBe(true)
    expect(await apps.get(app.id, kim)).toBeUndefined()
    const audit = await running.store.audit.list({ target: app.id })
    for (const action of ['client.registered', 'client.disabled'])
      expect(audit.find((entry) => entry.action === action)).toMatchObject({ actor: kim.id, ip: '192.0.2.9' })
    expect(audit.filter(({ actor }) => actor === kim.id).map(({ action }) => action)).toEqual([
      'client.removed',
      'client.disabled',
      'client.revoked',
      'client.secret-rotated',
      'client.registered',
    ])
  })

  it('has two secrets side by side, each of which ends on its own', async () => {
    const { app, clientSecret: first } = await registered({ ...service, name: 'Rotated' })
    const works = (secret: unknown) =>
      running.clientCredentials({ client_id: app.id }, String(secret), {}).then(
        () => true,
        () => false,
      )
    const second = await apps.addSecret(app.id, kim)
    expect([await works(first), await works(second)]).toEqual([true, true])
    expect(await apps.addSecret(app.id, kim)).toBeUndefined()
    expect(await apps.addSecret(app.id, other)).toBeUndefined()
    // An update leaves both as they are.
    await apps.update(app.id, { ...app, name: 'Rotated by form' }, kim)
    expect([await works(first), await works(second)]).toEqual([true, true])
    const [old, fresh] = await apps.secrets(app.id, kim)
    const now = Math.floor(Date.now() / 1000)
    expect(await apps.expireSecret(app.id, old?.id ?? '', now + 3_600, kim)).toBe(true)
    expect((await apps.secrets(app.id, kim))[0]).toMatchObject({ id: old?.id, expiresAt: now + 3_600 })
    expect(await works(first)).toBe(true)
    expect(await apps.expireSecret(app.id, old?.id ?? '', now, kim)).toBe(true)
    expect([await works(first), await works(second)]).toEqual([false, true])
    expect((await apps.secrets(app.id, kim)).map(({ id }) => id)).toEqual([fresh?.id])
    expect(await apps.expireSecret(app.id, 'nothing', now, kim)).toBe(false)
    expect(JSON.stringify(await apps.secrets(app.id, kim))).not.toContain(String(second))
  })

  it('gets a registration token for a pipeline, in the place of the one that it was registered with', async () => {
    const client = await running.register({
      client_name: 'Piped',
      sallyport_kind: 'service',
      sallyport_apis: ['people'],
    })
    const uri = String(client.registration_client_uri)
    const read = async (token: unknown) => (await fetch(uri, { headers: { authorization: `Bearer ${token}` } })).status
    expect(await apps.newRegistrationToken(client.client_id, other)).toBeUndefined()
    expect(await read(client.registration_access_token)).toBe(200)
    const token = await apps.newRegistrationToken(client.client_id, kim)
    expect([await read(token), await read(client.registration_access_token)]).toEqual([200, 401])
    // An edit in the portal takes it from nobody.
    const app = await apps.get(client.client_id, kim)
    if (app !== undefined)
      expect(await apps.update(app.id, { ...app, name: 'Piped on' }, kim)).toMatchObject({ ok: true })
    expect(await read(token)).toBe(200)
    // At rest there are digests only, and that of the edit ends within a minute.
    const payloads = JSON.stringify(
      await running.store.payloads.ids('RegistrationAccessToken', { clientId: client.client_id }),
    )
    expect(payloads).not.toContain(String(token))
    expect(JSON.stringify(await running.store.audit.list({ target: client.client_id }))).not.toContain(String(token))
    await apps.setDisabled(client.client_id, true, kim)
    expect(await apps.newRegistrationToken(client.client_id, kim)).toBeUndefined()
  })

  it('tells of its first call', async () => {
    const { app } = await registered(service)
    const call = { at: 1_800_000_000, api: 'people', method: 'GET', path: '/employees', status: 200 }
    await running.store.clients.recordCall(app.id, call)
    expect((await apps.get(app.id, kim))?.lastCall).toEqual(call)
  })
})
