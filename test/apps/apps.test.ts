import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppForm, type Apps, appsOf, type Saved, type Viewer } from '../../src/apps/apps.ts'
import { Running } from '../authorization-server/running.ts'

const running = new Running()
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
    model: (api) => running.models.find(({ name }) => name === api),
    audience: (api) => running.resource(api),
  })
  kim = { id: (await running.person('Kim', 'staff')).id, administrator: false }
  other = { id: (await running.person('Other', 'staff')).id, administrator: false }
  administrator = { id: (await running.person('Admin', 'administrators')).id, administrator: true }
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
    expect(audit.filter(({ actor }) => actor === kim.id).map(({ action }) => action)).toEqual([
      'client.removed',
      'client.disabled',
      'client.revoked',
      'client.registered',
    ])
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

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
