import { decodeJwt, exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppForm, type Apps, appsOf, type Saved, type Viewer } from '../../src/apps/apps.ts'
import { remoteKeys } from '../../src/server/remote-keys.ts'
import { insecure, Running } from '../authorization-server/running.ts'

const running = new Running({ remoteKeys: remoteKeys(false) })
let apps: Apps
let kim: Viewer
let other: Viewer
let administrator: Viewer
beforeAll(async () => {
  await running.start()
  const { store, server: authorization } = running
  apps = appsOf({
    issuer: { url: authorization.issuer },
    store,
    authorization,
    models: () => running.models,
    audience: (api) => running.resource(api),
  })
  kim = { id: (await running.person('Kim', 'staff')).id, groups: ['staff'], administrator: false, address: '192.0.2.9' }
  other = { id: (await running.person('Other', 'staff')).id, groups: ['staff'], administrator: false }
  administrator = {
    id: (await running.person('Admin', 'administrators')).id,
    groups: ['administrators'],
    administrator: true,
  }
})
afterAll(() => running.stop())

const service: AppForm = {
  name: 'Payroll export',
  kind: 'service',
  apis: ['people'],
  scopes: ['employees:read', 'compensation:read'],
  redirectUris: [],
}
const web: AppForm = { ...service, name: 'Intranet', kind: 'web', redirectUris: ['https://app.example/callback'] }

async function registered(form: AppForm): Promise<Extract<Saved, { ok: true }>> {
  const saved = await apps.register(form, kim)
  if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
  return saved
}

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
    // The one that came with the registration, and those of the two edits, which end within a minute.
    const tokens = await running.store.payloads.ids('RegistrationAccessToken', { clientId: app.id })
    const payloads = await Promise.all(tokens.map((id) => running.store.payloads.get('RegistrationAccessToken', id)))
    expect(payloads.filter((token) => token?.payload.exp === undefined)).toHaveLength(1)
  })

  it('is managed by nobody else', async () => {
    const { app, clientSecret } = await registered(service)
    expect(await apps.remove(app.id, other)).toBe(false)
    expect(await apps.revokeTokens(app.id, other)).toBe(false)
    expect(await apps.setDisabled(app.id, true, other)).toBe(false)
    expect(await apps.rotateSecret(app.id, other)).toBeUndefined()
    expect(await apps.setVerified(app.id, true, kim)).toBe(false)
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
    expect(await apps.setVerified(app.id, true, administrator)).toBe(true)
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

describe('previewing a token', () => {
  const desktop: AppForm = {
    name: 'Desk',
    kind: 'native',
    apis: ['publishing'],
    scopes: ['api:read', 'api:write'],
    redirectUris: ['http://127.0.0.1/callback'],
  }

  it('shows the claims that the token endpoint would put in', async () => {
    const { app, clientSecret } = await registered({ ...service, name: 'Shown' })
    const request = { api: 'people', scopes: ['employees:read'] }
    const preview = await apps.preview(app.id, request, kim)
    const { access_token: token } = await running.clientCredentials({ client_id: app.id }, String(clientSecret), {
      scope: 'employees:read',
    })
    const { iat, exp, jti, grant_id, ...issued } = decodeJwt(token)
    const { iat: _, exp: until, ...claims } = (preview !== undefined && 'claims' in preview && preview.claims) || {}
    expect(claims).toEqual(issued)
    expect(until).toBeGreaterThan(Number(iat))
  })

  it('traces why there is none, for each who may be signed in', async () => {
    const { app } = await registered({ ...desktop, name: 'Desk of Kim' })
    const request = { api: 'publishing', scopes: ['api:write'] }
    expect(await apps.preview(app.id, { ...request, personId: kim.id }, kim)).toMatchObject({
      explanation: { granted: false, nearest: { rule: 'Editors', failed: [{ needs: 'the group `editors`' }] } },
    })
    const editor = await running.person('Eddie', 'editors')
    expect(await apps.preview(app.id, { ...request, personId: editor.id }, kim)).toEqual({
      refused: 'Only administrators see what someone else would get.',
    })
    expect(await apps.preview(app.id, { ...request, personId: editor.id }, administrator)).toMatchObject({
      explanation: { granted: true, rule: 'Editors' },
      claims: { sub: editor.id, scope: 'api:write', scp: ['api:write'], groups: ['editors'], client_id: app.id },
    })
    expect(await apps.preview(app.id, request, other)).toBeUndefined()
  })

  it('says what stops the request before any policy', async () => {
    const { app } = await registered({ ...service, name: 'Stopped' })
    const of = (api: string, scopes: string[]) => apps.preview(app.id, { api, scopes }, kim)
    expect(await of('publishing', [])).toEqual({ refused: 'The app is not registered for publishing.' })
    expect(await of('people', ['employees:write'])).toEqual({
      refused: 'The app is not registered for the scope employees:write.',
    })
    await apps.setDisabled(app.id, true, kim)
    expect(await of('people', [])).toEqual({ refused: 'The app is disabled.' })
  })

  it('tells of each scope whether a new app would get it', async () => {
    const prospects = await apps.prospects({ kind: 'web' }, 'publishing', kim)
    expect([...prospects].map(([scope, { granted }]) => [scope, granted])).toEqual([
      ['api:read', true],
      ['api:write', false],
    ])
  })
})

describe('an app that signs', () => {
  it('registers a public key, has no secret, and gets tokens by private_key_jwt', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' }
    const saved = await registered({ ...service, name: 'Signs', jwks: JSON.stringify(jwk) })
    expect(saved).not.toHaveProperty('clientSecret')
    expect(saved.app.confidential).toBe(false)
    const server = await running.metadata()
    const client = { client_id: saved.app.id }
    const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'k1' })
    const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, insecure)
    expect(await oauth.processClientCredentialsResponse(server, client, response)).toMatchObject({
      scope: 'employees:read',
    })
  })

  it('changes its keys later, to others, to an address, and from a secret', async () => {
    const signed = async (clientId: string, key: CryptoKey | oauth.PrivateKey) => {
      const server = await running.metadata()
      const client = { client_id: clientId }
      const response = await oauth.clientCredentialsGrantRequest(server, client, oauth.PrivateKeyJwt(key), {}, insecure)
      return oauth.processClientCredentialsResponse(server, client, response)
    }
    const [one, two] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')]
    const { app, clientSecret } = await registered({ ...service, name: 'Changes keys' })
    const change = async (jwks: string) => {
      const saved = await apps.update(app.id, { ...app, jwks }, kim)
      if (saved?.ok !== true) throw new Error(JSON.stringify(saved))
      return saved.app
    }
    expect(await change(JSON.stringify({ ...(await exportJWK(one.publicKey)), kid: 'k1' }))).toMatchObject({
      confidential: false,
      keys: { names: ['k1'] },
    })
    expect(await signed(app.id, { key: one.privateKey, kid: 'k1' })).toHaveProperty('access_token')
    await expect(running.clientCredentials({ client_id: app.id }, String(clientSecret), {})).rejects.toThrow()
    expect(await change(await exportSPKI(two.publicKey))).toMatchObject({ keys: { names: ['P-256'] } })
    expect(await signed(app.id, two.privateKey)).toHaveProperty('access_token')
    await expect(signed(app.id, { key: one.privateKey, kid: 'k1' })).rejects.toMatchObject({ error: 'invalid_client' })
    // Nothing typed: they stay.
    expect(await change('')).toMatchObject({ keys: { names: ['P-256'] } })
    expect(await change(' https://app.example/keys.json ')).toMatchObject({
      keys: { address: 'https://app.example/keys.json' },
    })
    const refused = { ok: false, errors: { jwks: expect.stringMatching(/isn't https/) } }
    expect(await apps.update(app.id, { ...app, jwks: 'http://app.example/keys' }, kim)).toMatchObject(refused)
  })

  it('gets a secret in the place of its keys, shown once, and may sign again later', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwks = JSON.stringify({ ...(await exportJWK(publicKey)), kid: 'k1' })
    const { app } = await registered({ ...service, name: 'Turns back', jwks })
    expect(await apps.replaceKeys(app.id, other)).toBeUndefined()
    const secret = String(await apps.replaceKeys(app.id, kim))
    expect(secret).toMatch(/^sps_/)
    const now = await apps.get(app.id, kim)
    expect(now).toMatchObject({ confidential: true, scopes: app.scopes, name: 'Turns back' })
    expect(now).not.toHaveProperty('keys')
    const token = await running.clientCredentials({ client_id: app.id }, secret, {})
    expect(token).toMatchObject({ scope: 'employees:read' })
    const server = await running.metadata()
    const signing = oauth.PrivateKeyJwt({ key: privateKey, kid: 'k1' })
    const signed = await oauth.clientCredentialsGrantRequest(server, { client_id: app.id }, signing, {}, insecure)
    expect(signed.status).toBe(401)
    expect(await running.contents()).not.toContain(secret)
    // It has no keys any more.
    expect(await apps.replaceKeys(app.id, kim)).toBeUndefined()
    expect(await apps.update(app.id, { ...app, jwks }, kim)).toMatchObject({ app: { confidential: false } })
    expect((await apps.activity(app.id, kim)).map(({ who, action }) => [who, action])).toEqual([
      ['Kim', 'client.updated'],
      ['Turns back', 'token.issued'],
      ['Kim', 'client.keys-replaced'],
      ['Kim', 'client.updated'],
      ['Kim', 'client.registered'],
    ])
  })

  it('may be given its key as PEM', async () => {
    const pem = await exportSPKI((await generateKeyPair('ES256')).publicKey)
    expect(await apps.register({ ...service, name: 'Pem', jwks: pem }, kim)).toMatchObject({ ok: true })
  })

  it('is never asked for its private key', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const refused = { ok: false, errors: { jwks: expect.stringMatching(/^This is a private key/) } }
    for (const jwks of [JSON.stringify(await exportJWK(privateKey)), await exportPKCS8(privateKey)])
      expect(await apps.register({ ...service, name: 'Private', jwks }, kim)).toMatchObject(refused)
    for (const jwks of ['{', '{}', '{"keys":[]}', '"x"', '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----'])
      expect(await apps.register({ ...service, name: 'Broken', jwks }, kim)).toMatchObject({
        ok: false,
        errors: { jwks: expect.any(String) },
      })
  })
})

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

describe('sharing', () => {
  it('with a team lets its members manage the app, also when its owner has left', async () => {
    const { app } = await registered({ ...service, name: 'Shared' })
    expect(await apps.get(app.id, other)).toBeUndefined()
    const handOver = (team: string, email = 'kim@example.com') => apps.sharing.handOver(app.id, { email, team }, kim)
    expect(await handOver('nobodys')).toMatchObject({ ok: false, field: 'team' })
    expect(await handOver('staff', 'nobody@example.com')).toMatchObject({ ok: false, field: 'email' })
    expect(await handOver('staff')).toEqual({ ok: true })
    expect(await apps.get(app.id, other)).toMatchObject({ team: 'staff' })
    expect((await apps.list(other)).map(({ id }) => id)).toContain(app.id)
    await running.server.setPersonDisabled(kim.id, true)
    expect(await apps.update(app.id, { ...app, name: 'Taken on' }, other)).toMatchObject({ ok: true })
    await running.server.setPersonDisabled(kim.id, false)
    expect(await apps.sharing.handOver(app.id, { email: 'other@example.com', team: '' }, other)).toEqual({ ok: true })
    expect(await apps.get(app.id, kim)).toBeUndefined()
  })

  it('limits who may use an app', async () => {
    const form: AppForm = { ...web, name: 'Limited', kind: 'native', redirectUris: ['http://127.0.0.1/callback'] }
    const { app } = await registered({ ...form, scopes: ['employees:read'] })
    const granted = async () => {
      const preview = await apps.preview(app.id, { api: 'people', scopes: [], personId: kim.id }, kim)
      return preview !== undefined && 'explanation' in preview && preview.explanation.granted
    }
    expect(await granted()).toBe(true)
    expect(await apps.sharing.assign(app.id, { emails: ['nobody@example.com'], groups: [] }, kim)).toMatchObject({
      ok: false,
      field: 'emails',
    })
    expect(await apps.sharing.assign(app.id, { emails: ['other@example.com'], groups: ['editors'] }, kim)).toEqual({
      ok: true,
    })
    expect(await granted()).toBe(false)
    expect(await apps.sharing.assignedTo(app.id, kim)).toEqual({ emails: ['other@example.com'], groups: ['editors'] })
    await apps.sharing.assign(app.id, { emails: [], groups: [] }, kim)
    expect(await granted()).toBe(true)
  })
})

describe('as many apps as a person may have', () => {
  it('are registered and handed over, and no more', async () => {
    const { id: ownerId } = await running.person('Hoarder')
    const hoarder = { id: ownerId, groups: [], administrator: false }
    const { app } = await registered({ ...service, name: 'One too many' })
    const plain = { ownerId, name: 'Heap', kind: 'service', apis: [], payload: {}, verified: false, createdAt: 0 }
    const ids = Array.from({ length: 1000 }, (_, index) => `heap-${index}`)
    await Promise.all(ids.map((id) => running.store.clients.add({ ...plain, id })))
    expect(await apps.register(service, hoarder)).toMatchObject({
      ok: false,
      errors: { form: expect.stringMatching(/1000 apps/) },
    })
    const theirs = { email: 'hoarder@example.com', team: '' }
    expect(await apps.sharing.handOver(app.id, theirs, kim)).toMatchObject({ ok: false, field: 'email' })
    await apps.remove('heap-0', hoarder)
    expect(await apps.sharing.handOver(app.id, theirs, kim)).toEqual({ ok: true })
    // To be shared with a team it needn't change hands.
    expect(await apps.sharing.handOver(app.id, theirs, hoarder)).toEqual({ ok: true })
    expect(await apps.register(service, hoarder)).toMatchObject({ ok: false })
  })
})

describe('tokens for pipelines', () => {
  it('are shown once, listed without themselves, and register apps until they are revoked', async () => {
    const minted = await apps.initialAccess.mint({ name: 'CI', apis: ['people'], days: 1 }, kim)
    if (!minted.ok) throw new Error(minted.message)
    const listed = (await apps.initialAccess.list(kim)).find(({ name }) => name === 'CI')
    expect(listed).toMatchObject({ name: 'CI', apis: ['people'], ownerId: kim.id })
    expect(JSON.stringify(listed)).not.toContain(minted.token)
    const register = () =>
      fetch(`${running.publicUrl}/oauth/reg`, {
        method: 'POST',
        headers: { authorization: `Bearer ${minted.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ client_name: 'Piped', grant_types: ['client_credentials'] }),
      })
    expect((await register()).status).toBe(201)
    expect(await apps.initialAccess.revoke(listed?.id ?? '', other)).toBe(false)
    expect(await apps.initialAccess.revoke(listed?.id ?? '', kim)).toBe(true)
    expect((await register()).status).toBe(401)
    expect((await apps.list(kim)).some(({ name }) => name === 'Piped')).toBe(true)
  })

  it('have a name and an end', async () => {
    for (const wrong of [{ name: ' ' }, { days: 0 }, { days: 366 }, { days: Number.NaN }, { name: 'x'.repeat(101) }])
      expect(await apps.initialAccess.mint({ name: 'CI', apis: [], days: 1, ...wrong }, kim)).toMatchObject({
        ok: false,
      })
  })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
