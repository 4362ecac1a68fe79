import type * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInAndGetTokens } from './code-flow.ts'
import { Running } from './running.ts'

const running = new Running()
beforeAll(() => running.start())
afterAll(() => running.stop())

const service = { client_name: 'App', sallyport_kind: 'service', sallyport_apis: ['people'] }
const web = { client_name: 'App', sallyport_kind: 'web', sallyport_apis: ['people'] }

/** RFC 7592, by hand: the strict clients don't speak it. */
async function manage(
  client: oauth.Client,
  method: string,
  body?: object,
  token = String(client.registration_access_token),
) {
  const response = await fetch(String(client.registration_client_uri), {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }
}

describe('redirect URIs', () => {
  it.each([
    ['web', 'https://app.example/callback'],
    ['web', 'http://localhost:3000/callback'],
    ['single-page', 'http://127.0.0.1:5173/'],
    ['native', 'com.example.app:/callback'],
    ['native', 'http://127.0.0.1/'],
    ['native', 'http://[::1]/callback'],
    ['native', 'https://app.example/claimed'],
  ])('of a %s app may be %s', async (sallyport_kind, uri) => {
    const client = await running.register({ ...web, sallyport_kind, redirect_uris: [uri] })
    expect(client.redirect_uris).toEqual([uri])
  })

  it.each([
    ['web', 'http://app.example/callback', /http/],
    ['web', 'https://app.example/callback#x', /fragment/],
    ['web', 'https://app.example/callback#', /fragment/],
    ['web', 'https://user@app.example/', /user name/],
    ['web', 'https://:secret@app.example/', /password/],
    ['web', 'https://@app.example/', /user name/],
    ['web', 'https://*.example/callback', /wildcard/],
    ['web', 'https://app.example/*', /wildcard/],
    ['web', 'https://app.example/\ncallback', /character/],
    ['web', 'https://app.example\\@evil.example/', /character/],
    ['web', 'https:app.example/', /host/],
    ['web', 'com.example.app:/callback', /https/],
    ['web', 'javascript:alert(1)//https://', /javascript/],
    ['web', '/callback', /absolute/],
    ['single-page', 'http://192.168.0.1/', /http/],
    ['single-page', 'http://localhost.evil.example/', /http/],
    ['native', 'myapp:/callback', /reverse/],
    ['native', 'JavaScript:alert(1)', /javascript/],
    ['native', 'data:text/html,x', /data/],
    ['native', 'file:///etc/passwd', /file/],
    ['native', 'vbscript:x.y', /vbscript/],
    ['native', 'blob:https://app.example/x', /blob/],
  ])('of a %s app may not be %s', async (sallyport_kind, uri, because) => {
    const refused = running.register({ ...web, sallyport_kind, redirect_uris: ['https://fine.example/', uri] })
    const error = { status: 400, error: 'invalid_redirect_uri', error_description: expect.stringMatching(because) }
    await expect(refused).rejects.toMatchObject(error)
    if (/^[ -~]+$/.test(uri))
      await expect(refused).rejects.toMatchObject({ error_description: expect.stringContaining(uri) })
  })
})

describe('metadata', () => {
  it.each([
    ['a key set to fetch', { jwks_uri: 'https://169.254.169.254/' }, 'jwks_uri'],
    ['a sector to fetch', { sector_identifier_uri: 'https://app.example/sector' }, 'sector_identifier_uri'],
    ['a logo to show', { logo_uri: 'https://app.example/logo.png' }, 'logo_uri'],
    ['a software statement', { software_statement: 'e30.e30.x' }, 'software_statement'],
    ['another grant', { grant_types: ['authorization_code'] }, 'grant_types'],
    ['the implicit grant', { response_types: ['token'] }, 'response_types'],
    ['no authentication', { token_endpoint_auth_method: 'none' }, 'token_endpoint_auth_method'],
    ['an unknown kind', { sallyport_kind: 'toaster' }, 'sallyport_kind'],
    ['redirect URIs that it has no use for', { redirect_uris: ['https://app.example/'] }, 'redirect_uris'],
    ['an unknown API', { sallyport_apis: ['people', 'nowhere'] }, 'sallyport_apis'],
    ['no API', { sallyport_apis: [] }, 'sallyport_apis'],
    ['APIs in another form', { sallyport_apis: 'people' }, 'sallyport_apis'],
    ['a scope of another API', { scope: 'employees:read api:write' }, 'scope'],
    ['a scope of a person', { scope: 'openid' }, 'scope'],
    ['a name that hides its direction', { client_name: 'App \u202etroppuS' }, 'client_name'],
    ['an empty name', { client_name: ' ' }, 'client_name'],
  ])('is refused with %s', async (_, more: Record<string, oauth.JsonValue>, member) => {
    const refused = running.register({ ...service, ...more })
    const error_description = expect.stringMatching(new RegExp(`^${member}: `))
    await expect(refused).rejects.toMatchObject({ status: 400, error_description })
  })

  it('of plain RFC 7591 is enough', async () => {
    const client = await running.register({ redirect_uris: ['https://app.example/'] }, { apis: ['people'] })
    expect(client).toMatchObject({
      sallyport_kind: 'web',
      sallyport_apis: ['people'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'employees:read employees:write compensation:read openid offline_access profile email',
    })
  })

  it('never says who owns the app or whether it is verified', async () => {
    const client = await running.register({ ...service, sallyport_owner: 'someone', sallyport_verified: true })
    expect(await running.store.clients.get(client.client_id)).toMatchObject({
      ownerId: (await running.person('Kim')).id,
      verified: false,
    })
  })
})

it.each<[string, unknown]>([
  ['client_name', 5],
  ['client_name', {}],
  ['redirect_uris', {}],
  ['redirect_uris', [5]],
  ['redirect_uris', [['https://app.example/']]],
  ['scope', 5],
  ['scope', ['employees:read']],
  ['contacts', [5]],
  ['jwks', 'x'],
  ['jwks', { keys: [{ kty: 'oct', k: 'x' }] }],
  ['grant_types', 'authorization_code'],
  ['response_types', [{}]],
  ['response_modes', 5],
  ['token_endpoint_auth_method', {}],
  ['token_endpoint_auth_method', 'client_secret_jwt'],
  ['token_endpoint_auth_method', 'private_key_jwt'],
  ['default_max_age', 'x'],
  ['sallyport_kind', { toString: 'x' }],
  ['sallyport_apis', [{}]],
  ['software_id', {}],
  ['id_token_signed_response_alg', 'none'],
  ['id_token_signed_response_alg', 'HS256'],
  ['subject_type', 'pairwise'],
  ['client_uri', 'javascript:alert(1)'],
  ['application_type', 'toaster'],
])('is a 400 with nonsense as %s: %j', async (member, value) => {
  const metadata = { ...web, redirect_uris: ['https://app.example/'], [member]: value as oauth.JsonValue }
  await expect(running.register(metadata)).rejects.toMatchObject({ status: 400 })
})

it('is a 400 or 401 with a request that is no registration', async () => {
  const { registration_endpoint } = await running.metadata()
  const kim = await running.person('Kim')
  const expiresAt = Math.floor(Date.now() / 1000) + 60
  const token = await running.server.mintInitialAccessToken({ ownerId: kim.id, name: 'x', apis: [], expiresAt })
  const post = async (authorization: string, body: string, type = 'application/json') => {
    const headers = { 'content-type': type, authorization }
    return (await fetch(String(registration_endpoint), { method: 'POST', headers, body })).status
  }
  for (const body of ['', '{', 'null', '[]', '5', '"x"', 'x'.repeat(100_000)])
    expect(await post(`Bearer ${token}`, body)).toBe(400)
  expect(await post(`Bearer ${token}`, '{}', 'text/plain')).toBe(400)
  for (const authorization of ['Bearer', 'Bearer  x', 'Basic x', `Bearer ${token} x`, `Bearer ${'x'.repeat(5000)}`])
    expect([400, 401]).toContain(await post(authorization, JSON.stringify(service)))
})

describe('the initial access token', () => {
  it('is needed', async () => {
    const { registration_endpoint } = await running.metadata()
    for (const authorization of [undefined, 'Bearer nonsense']) {
      const response = await fetch(String(registration_endpoint), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
        body: JSON.stringify(service),
      })
      expect(response.status).toBe(401)
    }
  })

  it('bounds the APIs', async () => {
    await expect(running.register(service, { apis: ['publishing'] })).rejects.toMatchObject({
      error_description: expect.stringMatching(/^sallyport_apis/),
    })
  })

  it('alone makes a software id count', async () => {
    const claimed = await running.register({ ...service, software_id: 'payroll' })
    expect(await running.store.clients.get(claimed.client_id)).toMatchObject({ softwareId: 'payroll', verified: false })
    const bound = await running.register(service, { softwareId: 'payroll' })
    expect(bound.software_id).toBe('payroll')
    expect(await running.store.clients.get(bound.client_id)).toMatchObject({ softwareId: 'payroll', verified: true })
    const other = running.register({ ...service, software_id: 'other' }, { softwareId: 'payroll' })
    await expect(other).rejects.toMatchObject({ error_description: expect.stringMatching(/^software_id/) })
  })

  it('does not reach APIs that its owner may not see', async () => {
    const secret = running.models.map((model) =>
      model.name === 'people' ? { ...model, visibility: { groups: ['hr'] } } : model,
    )
    await running.server.reload(secret)
    await expect(running.register(service)).rejects.toMatchObject({
      error_description: expect.stringMatching(/^sallyport_apis/),
    })
    const discovery = await (await fetch(`${running.publicUrl}/oauth/.well-known/openid-configuration`)).text()
    expect(discovery).not.toContain('compensation:read')
    expect(discovery).toContain('api:read')
    await running.server.reload(running.models)
  })
})

describe('management', () => {
  it('reads the client, without its secret', async () => {
    const client = await running.register(service)
    const { status, body } = await manage(client, 'GET')
    expect([status, body.client_id]).toEqual([200, client.client_id])
    for (const member of ['client_secret', 'sallyport_owner', 'sallyport_verified'])
      expect(body).not.toHaveProperty(member)
  })

  it('updates it, judging the whole, and the secret stays', async () => {
    const client = await running.register({ ...service, scope: 'employees:read' })
    const update = { client_id: client.client_id, client_name: 'Renamed', scope: 'employees:read employees:write' }
    const { status, body } = await manage(client, 'PUT', update)
    expect([status, body.client_name, body.sallyport_kind]).toEqual([200, 'Renamed', 'service'])
    expect(body).not.toHaveProperty('client_secret')
    const secret = String(client.client_secret)
    const tokens = await running.clientCredentials(client, secret, { scope: 'employees:write' })
    expect(tokens.scope).toBe('employees:write')
    // The registration access token stays: a client that lost this response can still manage itself.
    const next = String(client.registration_access_token)
    expect(body.registration_access_token).toBe(next)
    const refused = { client_id: client.client_id, sallyport_kind: 'web', redirect_uris: ['https://app.example/'] }
    expect((await manage(client, 'PUT', refused, next)).body.error_description).toMatch(/^sallyport_kind/)
    const wider = { client_id: client.client_id, sallyport_apis: ['people', 'publishing'] }
    expect((await manage(client, 'PUT', wider, next)).body.error_description).toMatch(/^sallyport_apis/)
    const fetching = { client_id: client.client_id, jwks_uri: 'https://169.254.169.254/' }
    expect((await manage(client, 'PUT', fetching, next)).body.error_description).toMatch(/^jwks_uri/)
    expect((await manage(client, 'GET', undefined, next)).body.scope).toBe('employees:read employees:write')
  })

  const native = { ...web, sallyport_kind: 'native', sallyport_apis: ['publishing'] }

  it.each([
    ['another path', ['https://app.example/new'], true],
    ['another port of the machine itself', ['https://app.example/', 'http://127.0.0.1:8080/'], true],
    ['one place less', ['https://app.example/'], true],
    ['another host', ['https://app.example/', 'https://evil.example/'], false],
    ['another port of a host', ['https://app.example:8443/'], false],
    ['the same name on the machine itself', ['https://app.example/', 'http://localhost/'], false],
    ['the scheme of another app', ['https://app.example/', 'com.example.other:/callback'], false],
  ])('with %s to come back to, an app that was verified is so still: %j, %s', async (_, redirect_uris, still) => {
    const before = ['https://app.example/callback', 'http://127.0.0.1/', 'com.example.app:/callback']
    const client = await running.register({ ...native, redirect_uris: before })
    const { client_id } = client
    await running.server.setAppVerified(client_id, true)
    expect((await manage(client, 'PUT', { client_id, redirect_uris })).status).toBe(200)
    expect((await running.store.clients.get(client_id))?.verified).toBe(still)
    const entries = await running.store.audit.list({ target: client_id, action: 'client.unverified' })
    expect(entries.map(({ actor }) => actor)).toEqual(still ? [] : [client_id])
    // Back where it was: that is for an administrator to see.
    await manage(client, 'PUT', { client_id, redirect_uris: before })
    if (!still) expect((await running.store.clients.get(client_id))?.verified).toBe(false)
  })

  it('may widen its scope, and gets no token for more than the policies grant', async () => {
    const [redirectUri, scope] = ['https://app.example/callback', 'api:read api:write']
    const client = await running.register({ ...native, redirect_uris: [redirectUri], scope: 'api:read' })
    const tokenScope = async (...groups: string[]) => {
      const { id: personId } = await running.person(groups.join('-'), ...groups)
      return (await signInAndGetTokens(running, { client, redirectUri, personId, parameters: { scope } })).tokens.scope
    }
    const wider = { client_id: client.client_id, redirect_uris: [redirectUri], scope }
    expect((await manage(client, 'PUT', wider)).body.scope).toBe(scope)
    expect(await tokenScope('editors')).toBe(scope)
    expect(await tokenScope('staff')).toBe('api:read')
  })

  it('deletes it with all that was issued to it', async () => {
    const client = await running.register(service)
    const { access_token } = await running.clientCredentials(client, String(client.client_secret), {})
    expect((await manage(client, 'DELETE')).status).toBe(204)
    expect(await running.server.verify(access_token, running.resource('people'))).toMatchObject({ ok: false })
    expect(await running.store.clients.get(client.client_id)).toBeUndefined()
    expect((await manage(client, 'GET')).status).toBe(401)
  })

  it('is not for a disabled client, nor for another one', async () => {
    const [one, other] = [await running.register(service), await running.register(service)]
    expect((await manage(one, 'GET', undefined, String(other.registration_access_token))).status).toBe(401)
    await running.server.setAppDisabled(one.client_id, true)
    expect((await manage(one, 'GET')).status).toBe(401)
    await running.server.setAppDisabled(one.client_id, false)
    expect((await manage(one, 'GET')).status).toBe(401)
    const token = await running.server.mintRegistrationToken(one.client_id)
    expect((await manage(one, 'GET', undefined, token)).status).toBe(200)
  })

  it('is written down', async () => {
    const client = await running.register(service)
    await manage(client, 'DELETE')
    const audit = await running.store.audit.list({ target: client.client_id })
    expect(audit.map(({ action }) => action)).toEqual(['client.removed', 'client.registered'])
    expect(JSON.stringify(audit)).not.toContain(String(client.client_secret))
  })
})

describe('without a good token', () => {
  it.each([undefined, 'Bearer', 'Bearer ', 'Bearer a b', 'bearer \u00e9', 'Basic eDp5', 'Token x', 'Bearer nonsense'])(
    'registration is a 401: %j',
    async (authorization) => {
      for (const [method, path] of [
        ['POST', 'reg'],
        ['GET', 'reg/x'],
        ['PUT', 'reg/x'],
        ['DELETE', 'reg/x'],
      ]) {
        const response = await fetch(`${running.publicUrl}/oauth/${path}`, {
          method: String(method),
          headers: { ...(authorization === undefined ? {} : { authorization }), 'content-type': 'application/json' },
          ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }),
        })
        expect([method, response.status]).toEqual([method, 401])
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
      }
    },
  )
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
