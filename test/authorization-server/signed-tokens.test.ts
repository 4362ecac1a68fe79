import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize, refresh } from './code-flow.ts'
import { insecure, Running } from './running.ts'

const running = new Running()
beforeAll(() => running.start())
afterAll(() => running.stop())

const service = { client_name: 'Org chart', sallyport_kind: 'service', sallyport_apis: ['people'] }

async function appWithToken() {
  const client = await running.register(service)
  const secret = String(client.client_secret)
  const { access_token: token } = await running.clientCredentials(client, secret, {})
  return { client, secret, token }
}

async function introspect(by: { client: oauth.Client; secret: string }, token: string) {
  const server = await running.metadata()
  const authentication = oauth.ClientSecretBasic(by.secret)
  const response = await oauth.introspectionRequest(server, by.client, authentication, token, insecure)
  return oauth.processIntrospectionResponse(server, by.client, response)
}

describe('introspection (RFC 7662)', () => {
  it('tells an app about its own token, until it is revoked', async () => {
    const app = await appWithToken()
    expect(await introspect(app, app.token)).toMatchObject({
      active: true,
      client_id: app.client.client_id,
      iss: running.server.issuer,
      aud: running.resource('people'),
      scope: 'employees:read',
      token_type: 'Bearer',
      exp: expect.any(Number),
    })
    await running.server.revokeApp(app.client.client_id)
    expect(await introspect(app, app.token)).toEqual({ active: false })
  })

  it('tells nobody about the token of another', async () => {
    const [one, other] = [await appWithToken(), await appWithToken()]
    expect(await introspect(one, other.token)).toEqual({ active: false })
  })

  it('tells the API that the token is for: a service that an administrator verified', async () => {
    const [app, api] = [await appWithToken(), await appWithToken()]
    await running.store.clients.setVerified(api.client.client_id, true)
    expect(await introspect(api, app.token)).toMatchObject({ active: true, client_id: app.client.client_id })
    const elsewhere = await running.register({ ...service, sallyport_apis: ['publishing'] })
    await running.store.clients.setVerified(elsewhere.client_id, true)
    const asker = { client: elsewhere, secret: String(elsewhere.client_secret) }
    expect(await introspect(asker, app.token)).toEqual({ active: false })
  })

  it.each(['', 'nonsense', 'eyJhbGciOiJub25lIn0.e30.'])('finds nothing in %j, and needs an app', async (token) => {
    const app = await appWithToken()
    if (token !== '') expect(await introspect(app, token)).toEqual({ active: false })
    const url = `${running.publicUrl}/oauth/token/introspection`
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ token: app.token }) })
    expect(response.status).toBe(400)
  })
})

describe('an app with several APIs (RFC 8707)', () => {
  const redirectUri = 'https://app.example/callback'

  it('asks for all at once, and gets one token for each', async () => {
    const kim = await running.person('Kim', 'staff', 'editors')
    const client = await running.register({
      client_name: 'Both',
      sallyport_kind: 'web',
      sallyport_apis: ['people', 'publishing'],
      redirect_uris: [redirectUri],
    })
    const authentication = oauth.ClientSecretBasic(String(client.client_secret))
    const flow = { client, authentication, redirectUri, personId: kim.id }
    const resources = ['people', 'publishing'].map((api) => ['resource', running.resource(api)])
    const parameters = [['scope', 'employees:read compensation:read api:read'], ...resources] as [string, string][]
    const { url, seen, server, verifier, state } = await authorize(running, { ...flow, parameters })
    expect(seen.at(-1)?.scopes.map(({ name, api }) => [api, name])).toEqual([
      ['people', 'employees:read'],
      ['people', 'compensation:read'],
      ['publishing', 'api:read'],
    ])
    const redeem = async (resource?: string) => {
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        oauth.validateAuthResponse(server, client, url, state),
        redirectUri,
        verifier,
        { ...insecure, ...(resource === undefined ? {} : { additionalParameters: { resource } }) },
      )
      return oauth.processAuthorizationCodeResponse(server, client, response)
    }
    const first = await redeem(running.resource('people'))
    expect(first.scope).toBe('employees:read compensation:read')
    expect(await running.server.verify(first.access_token, running.resource('people'))).toMatchObject({ ok: true })
    expect(await running.server.verify(first.access_token, running.resource('publishing'))).toMatchObject({ ok: false })

    const unnamed = refresh(running, flow, String(first.refresh_token))
    await expect(unnamed).rejects.toMatchObject({ error: 'invalid_target' })
    const second = await refresh(running, flow, String(first.refresh_token), {
      resource: running.resource('publishing'),
    })
    expect(second.scope).toBe('api:read')
    expect(await running.server.verify(second.access_token, running.resource('publishing'))).toMatchObject({ ok: true })
  })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
