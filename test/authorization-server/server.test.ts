import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInAndGetTokens } from './code-flow.ts'
import { insecure, Running } from './running.ts'

const running = new Running()
beforeAll(() => running.start())
afterAll(() => running.stop())

const service = { client_name: 'Org chart', sallyport_kind: 'service', sallyport_apis: ['people'] }

describe('an app of its own', () => {
  it('registers, gets a token by client credentials, and is known by it', async () => {
    const client = await running.register({ ...service, scope: 'employees:read compensation:read' })
    expect(client).toMatchObject({
      client_name: 'Org chart',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'employees:read compensation:read',
      sallyport_kind: 'service',
      registration_client_uri: expect.stringContaining(running.publicUrl),
    })
    expect(client).not.toHaveProperty('sallyport_owner')
    const tokens = await running.clientCredentials(client, String(client.client_secret), { scope: 'compensation:read' })
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'compensation:read' })
    expect(await running.server.verify(tokens.access_token, running.resource('people'))).toMatchObject({
      ok: true,
      token: { clientId: client.client_id, scopes: ['compensation:read'], claims: { scp: ['compensation:read'] } },
    })
    const elsewhere = await running.server.verify(tokens.access_token, running.resource('publishing'))
    expect(elsewhere).toMatchObject({ ok: false, reason: expect.stringContaining('another API') })
  })

  it('gets the default scopes when it names none', async () => {
    const client = await running.register(service)
    const tokens = await running.clientCredentials(client, String(client.client_secret), {})
    expect(tokens.scope).toBe('employees:read')
  })

  it.each([
    ['a scope that the API has not', { scope: 'employees:read nonsense' }, 'invalid_scope'],
    ['a scope that it is not registered for', { scope: 'employees:write' }, 'invalid_scope'],
    ['an API that it is not registered for', { resource: 'publishing' }, 'invalid_target'],
    ['an API that does not exist', { resource: 'nowhere' }, 'invalid_target'],
  ])('is refused %s', async (_, { resource, ...parameters }: Record<string, string>, error) => {
    const client = await running.register({ ...service, scope: 'employees:read' })
    const target = resource === undefined ? {} : { resource: running.resource(resource) }
    const request = running.clientCredentials(client, String(client.client_secret), { ...parameters, ...target })
    await expect(request).rejects.toMatchObject({ error })
  })

  it('is told where to ask for scopes that it is not registered for', async () => {
    const client = await running.register({ ...service, scope: 'employees:read' })
    const scope = 'employees:read employees:write'
    await expect(running.clientCredentials(client, String(client.client_secret), { scope })).rejects.toMatchObject({
      cause: {
        scope: 'employees:write',
        error_uri: `${running.publicUrl}/apps/${client.client_id}/request?scopes=employees%3Awrite`,
      },
    })
  })

  it('must name the API when it has several', async () => {
    const client = await running.register({ ...service, sallyport_apis: ['people', 'publishing'] })
    const secret = String(client.client_secret)
    await expect(running.clientCredentials(client, secret, {})).rejects.toMatchObject({ error: 'invalid_target' })
    const tokens = await running.clientCredentials(client, secret, { resource: running.resource('people') })
    expect(tokens.scope).toBe('employees:read')
  })

  it('is denied where no rule of the policies is for it', async () => {
    const client = await running.register({ ...service, sallyport_apis: ['publishing'] })
    const request = running.clientCredentials(client, String(client.client_secret), { scope: 'api:read' })
    await expect(request).rejects.toMatchObject({ error: 'access_denied' })
    const [denial] = await running.store.audit.list({ target: client.client_id, action: 'token.denied' })
    expect(denial?.detail).toMatchObject({ api: 'publishing', reason: expect.stringContaining('no user') })
  })

  it('is a 401 with a wrong secret', async () => {
    const client = await running.register(service)
    const request = running.clientCredentials(client, `${client.client_secret}x`, {})
    await expect(request).rejects.toMatchObject({ status: 401 })
  })

  it('gets another secret, and the old one is no good any more', async () => {
    const client = await running.register(service)
    const secret = await running.server.rotateSecret(client.client_id)
    expect((await running.clientCredentials(client, String(secret), {})).scope).toBe('employees:read')
    await expect(running.clientCredentials(client, String(client.client_secret), {})).rejects.toMatchObject({
      status: 401,
    })
  })
})

describe('revocation', () => {
  async function appWithToken() {
    const client = await running.register(service)
    const secret = String(client.client_secret)
    const { access_token: token } = await running.clientCredentials(client, secret, {})
    const verify = () => running.server.verify(token, running.resource('people'))
    expect(await verify()).toMatchObject({ ok: true })
    return { client, secret, token, verify }
  }

  it('of an app counts at the next request', async () => {
    const { client, verify } = await appWithToken()
    await running.server.revokeApp(client.client_id)
    expect(await verify()).toMatchObject({ ok: false, reason: expect.stringContaining('revoked') })
  })

  it('counts by the second, so that a token of right afterwards is good', async () => {
    const { client, secret, verify } = await appWithToken()
    await running.server.reviewApp(client.client_id)
    expect(await verify()).toMatchObject({ ok: false })
    const { access_token } = await running.clientCredentials(client, secret, {})
    expect(await running.server.verify(access_token, running.resource('people'))).toMatchObject({ ok: true })
  })

  it('comes with a scope that the app gives up', async () => {
    const client = await running.register({ ...service, scope: 'employees:read compensation:read' })
    const { access_token: token } = await running.clientCredentials(client, String(client.client_secret), {})
    const update = async (metadata: object, bearer: unknown) => {
      const response = await fetch(String(client.registration_client_uri), {
        method: 'PUT',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...service, client_id: client.client_id, ...metadata }),
      })
      return (await response.json()) as Record<string, unknown>
    }
    const scopes = { scope: 'employees:read compensation:read' }
    const renamed = await update({ ...scopes, client_name: 'Renamed' }, client.registration_access_token)
    expect(await running.server.verify(token, running.resource('people'))).toMatchObject({ ok: true })
    await update({ scope: 'employees:read' }, renamed.registration_access_token)
    expect(await running.server.verify(token, running.resource('people'))).toMatchObject({ ok: false })
  })

  it('of a single token by its owner (RFC 7009), and by nobody else', async () => {
    const { client, secret, token, verify } = await appWithToken()
    const other = await appWithToken()
    const server = await running.metadata()
    const revoke = async (by: oauth.Client, withSecret: string) =>
      oauth.processRevocationResponse(
        await oauth.revocationRequest(server, by, oauth.ClientSecretBasic(withSecret), token, {
          [oauth.allowInsecureRequests]: true,
        }),
      )
    await revoke(other.client, other.secret)
    expect(await verify()).toMatchObject({ ok: true })
    await revoke(client, secret)
    expect(await verify()).toMatchObject({ ok: false })
    expect(await other.verify()).toMatchObject({ ok: true })
  })

  it('comes with disabling an app, which is then unknown', async () => {
    const { client, secret, verify } = await appWithToken()
    await running.server.setAppDisabled(client.client_id, true)
    expect(await verify()).toMatchObject({ ok: false })
    await expect(running.clientCredentials(client, secret, {})).rejects.toMatchObject({ status: 401 })
    await running.server.setAppDisabled(client.client_id, false)
    expect((await running.clientCredentials(client, secret, {})).access_token).toBeTypeOf('string')
  })
})

it('describes itself where RFC 8414 and OpenID Connect look', async () => {
  const server = await running.metadata()
  expect(server).toMatchObject({
    issuer: `${running.publicUrl}/oauth`,
    token_endpoint: `${running.publicUrl}/oauth/token`,
    registration_endpoint: `${running.publicUrl}/oauth/reg`,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  })
  const openid = await (await fetch(`${running.publicUrl}/oauth/.well-known/openid-configuration`)).json()
  expect(openid).toMatchObject({ token_endpoint: server.token_endpoint, jwks_uri: server.jwks_uri })
  const { keys } = (await (await fetch(String(server.jwks_uri))).json()) as { keys: object[] }
  expect(keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256' })])
  expect(JSON.stringify(keys)).not.toContain('"d"')
})

it('keeps no secret in the clear', async () => {
  const client = await running.register(service)
  const { access_token } = await running.clientCredentials(client, String(client.client_secret), {})
  const contents = await running.contents()
  expect(contents).toContain(client.client_id)
  for (const secret of [client.client_secret, client.registration_access_token, access_token])
    expect(contents.includes(String(secret))).toBe(false)
})

it('loses nothing in a restart', async () => {
  const client = await running.register(service)
  const secret = String(client.client_secret)
  const before = await running.clientCredentials(client, secret, {})
  await running.restart()
  expect(await running.server.verify(before.access_token, running.resource('people'))).toMatchObject({ ok: true })
  expect((await running.clientCredentials(client, secret, {})).scope).toBe('employees:read')
})

it('serves new models, and forgets scopes that are retired', async () => {
  const client = await running.register({ ...service, scope: 'employees:read compensation:read' })
  const secret = String(client.client_secret)
  const models = running.models.map((model) =>
    model.name === 'people'
      ? { ...model, scopes: model.scopes.filter(({ name }) => name !== 'compensation:read') }
      : model,
  )
  await running.server.reload(models)
  expect((await running.clientCredentials(client, secret, {})).scope).toBe('employees:read')
  const retired = running.clientCredentials(client, secret, { scope: 'compensation:read' })
  await expect(retired).rejects.toMatchObject({ error: 'invalid_scope' })
  await running.server.reload(running.models)
  expect((await running.clientCredentials(client, secret, { scope: 'compensation:read' })).scope).toBe(
    'compensation:read',
  )
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})

describe('an environment of an API', () => {
  const audience = 'https://api.example.com'
  const production = new Running()
  beforeAll(async () => {
    const environments = { production: { server: audience, audience } }
    const more = { environments, claims: { dept: 'user.profile.department' } }
    production.models = production.models.map((model) => (model.name === 'people' ? { ...model, ...more } : model))
    await production.start()
  })
  afterAll(() => production.stop())

  function allow(): Promise<void> {
    const grants = ['client_credentials', 'authorization_code']
    // biome-ignore lint/suspicious/noThenProperty: the file format's word.
    const rules = [{ name: 'Apps', when: { grants }, then: {} }]
    return production.store.policies.seed('people', [{ name: 'Ours', mode: 'all-or-nothing', rules }])
  }

  async function tokenOf(client: oauth.Client): Promise<string> {
    const asked = { scope: 'employees:read', resource: audience }
    return (await production.clientCredentials(client, String(client.client_secret), asked)).access_token
  }

  it('has tokens of its own, as its policies say; without policies, none', async () => {
    const client = await production.register({ ...service, scope: 'employees:read' })
    // The policy that stands in for none is for sandboxes.
    await expect(tokenOf(client)).rejects.toMatchObject({ error: 'access_denied' })
    await allow()
    const token = await tokenOf(client)
    expect(await production.server.verify(token, audience)).toMatchObject({ ok: true })
    expect(await production.server.verify(token, production.resource('people'))).toMatchObject({ ok: false })
  })

  it('has what access.yaml adds to tokens of the API in them', async () => {
    await allow()
    const redirectUri = 'https://app.example/callback'
    const metadata = { ...service, sallyport_kind: 'web', redirect_uris: [redirectUri], scope: 'employees:read' }
    const client = await production.register(metadata)
    await production.store.clients.setVerified(client.client_id, true)
    const { id } = await production.person('Kim')
    await production.store.people.setProfile(id, { department: 'news' })
    const { tokens } = await signInAndGetTokens(production, {
      ...{ client, redirectUri, personId: id, authentication: oauth.ClientSecretBasic(String(client.client_secret)) },
      parameters: { scope: 'employees:read', resource: audience },
    })
    expect(await production.server.verify(tokens.access_token, audience)).toMatchObject({
      ok: true,
      token: { claims: { dept: 'news' } },
    })
  })

  it('may ask what a token for it is good for, as a verified service', async () => {
    await allow()
    const token = await tokenOf(await production.register({ ...service, scope: 'employees:read' }))
    const api = await production.register(service)
    const introspect = async () => {
      const server = await production.metadata()
      const authentication = oauth.ClientSecretBasic(String(api.client_secret))
      const response = await oauth.introspectionRequest(server, api, authentication, token, insecure)
      return oauth.processIntrospectionResponse(server, api, response)
    }
    expect(await introspect()).toEqual({ active: false })
    await production.store.clients.setVerified(api.client_id, true)
    expect(await introspect()).toMatchObject({ active: true, aud: audience, scope: 'employees:read' })
  })
})
