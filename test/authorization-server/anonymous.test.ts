import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize } from './code-flow.ts'
import { Running } from './running.ts'

let address = '192.0.2.1'
const running = new Running({ anonymousRegistration: true, address: () => address })
beforeAll(() => running.start())
afterAll(() => running.stop())

const redirectUri = 'https://app.example/callback'
const app = {
  client_name: 'Anyone',
  redirect_uris: [redirectUri],
  token_endpoint_auth_method: 'none',
  sallyport_apis: ['people'],
}

async function register(metadata: Record<string, unknown>, authorization?: string) {
  const response = await fetch(`${running.publicUrl}/oauth/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    body: JSON.stringify(metadata),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('where anyone may register apps', () => {
  it('they are public, unverified, and ask each time', async () => {
    const { status, body } = await register(app)
    expect([status, body.client_secret]).toEqual([201, undefined])
    const client = { client_id: String(body.client_id) }
    const { id } = await running.person('Kim', 'staff', 'editors')
    const flow = { client, redirectUri, personId: id, parameters: { scope: 'employees:read' } }
    for (const _ of [1, 2]) {
      const { seen } = await authorize(running, flow)
      expect(seen.map(({ kind, client }) => [kind, client.verified])).toEqual([
        ['sign-in', false],
        ['consent', false],
      ])
    }
  })

  it.each([
    ['a service', { sallyport_kind: 'service', redirect_uris: [], token_endpoint_auth_method: undefined }],
    ['a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['client credentials', { grant_types: ['client_credentials'] }],
  ])('they cannot be or have %s', async (_, more) => {
    address = '192.0.2.2'
    expect(await register({ ...app, ...more })).toMatchObject({ status: 400 })
  })

  it('cannot become more by an update', async () => {
    address = '192.0.2.3'
    const { body } = await register({ client_name: 'TV', sallyport_kind: 'device', sallyport_apis: ['people'] })
    const response = await fetch(String(body.registration_client_uri), {
      method: 'PUT',
      headers: { authorization: `Bearer ${body.registration_access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: body.client_id, token_endpoint_auth_method: 'client_secret_basic' }),
    })
    expect(response.status).toBe(400)
  })

  it('a wrong token is still a wrong token', async () => {
    expect(await register(app, 'Bearer nonsense')).toMatchObject({ status: 401 })
  })

  it('so many an hour from one address, of which an IPv6 network has 2^64', async () => {
    const statuses = []
    for (let i = 0; i < 12; i++) {
      address = `2001:db8:1:1::${i}`
      statuses.push((await register(app)).status)
    }
    expect(statuses).toEqual([...Array<number>(10).fill(201), 429, 429])
    address = '2001:db8:1:2::1'
    expect((await register(app)).status).toBe(201)
  })

  it('and they are gone when nobody uses them', async () => {
    address = '192.0.2.4'
    const { body } = await register(app)
    const id = String(body.client_id)
    const month = Math.floor(Date.now() / 1000) + 31 * 86_400
    await running.store.sweep(month - 2 * 86_400)
    expect(await running.store.clients.get(id)).toMatchObject({ anonymous: true })
    await running.store.sweep(month)
    expect(await running.store.clients.get(id)).toBeUndefined()
  })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
