import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AppForm } from '../../src/apps/apps.ts'
import { administrator, apps, kim, other, prepare, registered, running, service } from './developer.ts'

prepare()

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
