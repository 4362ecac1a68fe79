import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ask, manage, REDIRECT, serviceApp } from './apps.ts'
import { app, authorization, prepare, register, running } from './target.ts'

prepare()

const native = { client_name: 'App', sallyport_kind: 'native', sallyport_apis: ['publishing'] }

/** Where others fell: each of these was published. */
describe('published failures', () => {
  it('CVE-2026-1180, CVE-2026-4366 (SSRF): nothing that a client names is fetched', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end('{"keys":[]}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    for (const member of [
      'jwks_uri',
      'sector_identifier_uri',
      'logo_uri',
      'initiate_login_uri',
      'backchannel_logout_uri',
    ])
      for (const uri of [url, url.replace('http:', 'https:'), 'https://169.254.169.254/latest/meta-data'])
        expect([member, (await register({ ...app, [member]: uri })).status]).toEqual([member, 400])
    expect((await register({ ...app, request_uris: [url] })).status).toBe(400)
    await authorization({ request_uri: url })
    server.close()
    expect(asked).toEqual([])
  })

  it.each([
    ...['javascript:alert(1)', 'JavaScript:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)'],
    ...['data:text/html,x', 'vbscript:x', 'blob:https://app.example/x', 'file:///etc/passwd', 'view-source:https://x'],
  ])('GHSA-q9xg-f2v2-695g: the redirect URI %j is never registered', async (uri) => {
    for (const metadata of [app, native])
      for (const member of ['redirect_uris', 'post_logout_redirect_uris']) {
        const answer = await register({ ...metadata, redirect_uris: ['com.example.app:/callback'], [member]: [uri] })
        expect(answer.status).toBe(400)
      }
  })

  it('CVE-2026-41479, CVE-2026-44681: errors are not redirected to what is not registered', async () => {
    for (const parameters of [
      { response_type: 'x' },
      { scope: 'nonsense' },
      { resource: 'x' },
      { prompt: 'x' },
      { max_age: 'x' },
    ]) {
      const answer = await authorization({ redirect_uri: 'https://evil.example/', ...parameters })
      expect([parameters, answer.location]).toEqual([parameters, undefined])
    }
  })

  it.each([
    ['CVE-2026-15572', { redirect_uris: ['javascript:alert(1)'] }],
    ['CVE-2026-18573', { redirect_uris: [] }],
    ['CVE-2026-18570', { grant_types: ['client_credentials'] }],
    ['CVE-2026-16093', { jwks_uri: 'http://169.254.169.254/' }],
    ['likewise', { sallyport_apis: ['people'] }],
    ['likewise', { sallyport_kind: 'service' }],
    ['likewise', { token_endpoint_auth_method: 'none' }],
    ['likewise', { scope: 'employees:read' }],
  ])('%s: an update to %j is judged as a registration would be', async (_, change) => {
    const { body } = await register(app)
    const answer = await manage(running, body, 'PUT', { ...app, client_id: body.client_id, ...change })
    expect(answer.status).toBe(400)
    expect((await manage(running, body, 'GET')).body).toMatchObject({ redirect_uris: [REDIRECT] })
  })

  it('likewise: what an update leaves out is judged, too', async () => {
    const { body } = await register(app)
    const answer = await manage(running, body, 'PUT', { client_id: body.client_id, client_name: 'Bare' })
    expect(answer.status).toBe(400)
  })

  it('likewise: an update does not make an app vouched for, nor anyone else its owner', async () => {
    const { body } = await register(app)
    const claims = { sallyport_verified: true, sallyport_owner: 'someone', software_id: 'publishing-desktop' }
    await manage(running, body, 'PUT', { ...app, client_id: body.client_id, ...claims })
    const stored = await running.store.clients.get(String(body.client_id))
    expect(stored).toMatchObject({ verified: false, ownerId: (await running.person('Kim')).id })
  })

  it('CVE-2026-9705: the registration token of a disabled app is dead', async () => {
    const { body } = await register(app)
    await running.server.setAppDisabled(String(body.client_id), true)
    for (const method of ['GET', 'DELETE'] as const) expect((await manage(running, body, method)).status).toBe(401)
    expect((await manage(running, body, 'PUT', { ...app, client_id: body.client_id })).status).toBe(401)
    await running.server.setAppDisabled(String(body.client_id), false)
    expect((await manage(running, body, 'GET')).status).toBe(401)
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer %00',
    'Basic x',
    '',
    'bearer {"a":1}',
    `Bearer ${'x'.repeat(8000)}`,
  ])('CVE-2026-9803: the header %j is a 401, never a 500', async (authorization) => {
    for (const path of ['/oauth/reg', '/oauth/reg/x'])
      for (const method of ['POST', 'GET', 'PUT', 'DELETE']) {
        if (path === '/oauth/reg' && method !== 'POST') continue
        if (path !== '/oauth/reg' && method === 'POST') continue
        const json = method === 'GET' || method === 'DELETE' ? {} : { json: app }
        const answer = await ask(running, path, { method, headers: { authorization }, ...json })
        expect([method, answer.status]).toEqual([method, 401])
      }
  })
})

it('a retired scope does not break the apps that hold it', async () => {
  const { client, secret } = await serviceApp(running, { scope: 'employees:read compensation:read' })
  const { models } = running
  await running.server.reload(
    models.map((model) => ({ ...model, scopes: model.scopes.filter(({ name }) => name !== 'compensation:read') })),
  )
  expect((await running.clientCredentials(client, secret, {})).scope).toBe('employees:read')
  expect((await manage(running, client, 'GET')).status).toBe(200)
  await running.server.reload(models)
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
