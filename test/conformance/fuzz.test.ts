import { Agent, request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appOf } from '../../src/apps/app.ts'
import { Running } from '../authorization-server/running.ts'
import { basic } from './apps.ts'

/** What differs between the engines needs fewer. */
const BODIES = process.env.TEST_POSTGRESQL === undefined ? 10_000 : 2_000
/** Bodies that are sent at once. */
const TOGETHER = 20

const running = new Running({ keepAlive: true })
const agent = new Agent({ keepAlive: true, maxSockets: TOGETHER })
let token: string
beforeAll(async () => {
  await running.start()
  // An operator's, who may register any number.
  const expiresAt = Math.floor(Date.now() / 1000) + 3600
  token = await running.server.mintInitialAccessToken({ name: 'fuzz', apis: [], expiresAt })
})
afterAll(async () => {
  agent.destroy()
  await running.stop()
})

interface Answer {
  readonly status: number
  readonly text: string
}

/** Without a library between, over connections that stay open. */
function send(method: string, path: string, headers: Record<string, string>, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }
    const sent = request(new URL(path, running.url), options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject).end(body)
  })
}

const nonsense = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '\u0000', '__proto__', 'constructor', 'x'.repeat(5000), -1, 1e308, '‮', '\ud800'),
)
const uri = fc.oneof(
  fc.constantFrom('https://app.example/callback', 'http://127.0.0.1:8080/', 'com.example.app:/callback'),
  fc.constantFrom(
    'javascript:alert(1)',
    'https://user@app.example/',
    'https://app.example/#x',
    'https://*.example/',
    '//',
  ),
  fc.webUrl(),
)
const grant = fc.constantFrom(
  ...['authorization_code', 'refresh_token', 'client_credentials', 'implicit', 'password'],
  'urn:ietf:params:oauth:grant-type:device_code',
)
const authentication = fc.constantFrom('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none', 'tls')
const api = fc.constantFrom('people', 'publishing', 'nothing')
const scope = fc.constantFrom('employees:read', 'api:read api:write', 'openid', 'employees:read  openid', 'unknown')

/** Of every member a value that is right, or might be; now and then anything. */
function member<T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: nonsense })
}

const text = fc.oneof(fc.string({ minLength: 1, maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 30 }))
const metadata = fc.record(
  {
    client_name: member(text),
    sallyport_kind: member(fc.constantFrom('service', 'web', 'single-page', 'native', 'device')),
    sallyport_apis: member(fc.array(api, { minLength: 1, maxLength: 2 })),
    redirect_uris: member(fc.array(uri, { maxLength: 3 })),
    grant_types: member(fc.array(grant, { maxLength: 3 })),
    response_types: member(fc.constantFrom(['code'], [], ['token'])),
    token_endpoint_auth_method: member(authentication),
    application_type: member(fc.constantFrom('web', 'native')),
    scope: member(scope),
    contacts: member(fc.array(fc.emailAddress(), { maxLength: 2 })),
    client_uri: member(uri),
    logo_uri: member(uri),
    jwks: member(fc.constantFrom({ keys: [] }, { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] })),
    jwks_uri: member(fc.constantFrom('https://10.0.0.1/keys', 'http://app.example/keys')),
    software_id: member(text),
    software_version: member(text),
    default_max_age: member(fc.integer()),
    id_token_signed_response_alg: member(fc.constantFrom('ES256', 'RS256', 'none')),
    post_logout_redirect_uris: member(fc.array(uri, { maxLength: 2 })),
    sector_identifier_uri: member(uri),
    client_id: fc.constant('chosen'),
    client_secret: fc.constant('chosen'),
    sallyport_verified: fc.constant(true),
  },
  { requiredKeys: [] },
)
/** Few members, so that some are accepted. */
const small = fc
  .record(
    {
      client_name: text,
      sallyport_kind: fc.constantFrom('service', 'web', 'single-page', 'native', 'device'),
      sallyport_apis: fc.constantFrom(['people'], ['publishing'], ['people', 'publishing']),
      redirect_uris: fc.array(uri, { maxLength: 2 }),
      scope,
      software_id: text,
      '': nonsense,
    },
    { requiredKeys: ['sallyport_kind', 'sallyport_apis'] },
  )
  .map((body) => (body.sallyport_kind === 'service' ? { ...body, redirect_uris: [] } : body))
const registration = fc.oneof(
  { weight: 5, arbitrary: metadata.map((body) => JSON.stringify(body)) },
  { weight: 5, arbitrary: small.map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 5 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
)

it(`${BODIES} registrations: never a 500, and whatever was accepted can be read, shown, edited and used, also later`, {
  timeout: 240_000,
}, async () => {
  const accepted: Registered[] = []
  const register = async (body: string): Promise<void> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const { status, text } = await send('POST', '/oauth/reg', headers, body)
    if (status !== 201) {
      expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining('"error":"invalid_') })
      return
    }
    const registered = JSON.parse(text) as Registered
    accepted.push(registered)
    await use(registered)
  }
  const property = fc.asyncProperty(fc.array(registration, { minLength: TOGETHER, maxLength: TOGETHER }), (bodies) =>
    Promise.all(bodies.map(register)).then(() => undefined),
  )
  await fc.assert(property, { numRuns: BODIES / TOGETHER })
  process.stderr.write(`${accepted.length} of ${BODIES} were accepted\n`)
  expect(accepted.length).toBeGreaterThan(BODIES / 50)
  agent.destroy()
  await running.restart()
  for (const registered of accepted) expect((await read(registered)).client_name).toBe('Edited')
  expect(running.faults).toEqual([])
})

interface Registered {
  readonly client_id: string
  readonly client_secret?: string
  readonly client_name?: string
  readonly grant_types: readonly string[]
  readonly redirect_uris?: readonly string[]
  readonly token_endpoint_auth_method: string
  readonly registration_access_token: string
}

/** What only the server says: nobody sends it back (RFC 7592, section 2.2). */
const OWN = ['registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at']

async function read({ client_id: id, registration_access_token: token }: Registered): Promise<Record<string, unknown>> {
  const { status, text } = await send('GET', `/oauth/reg/${id}`, { authorization: `Bearer ${token}` })
  expect(status).toBe(200)
  return JSON.parse(text) as Record<string, unknown>
}

async function use(registered: Registered): Promise<void> {
  const { client_id: id, registration_access_token: token } = registered
  const known = await read(registered)
  expect(known).toMatchObject({ client_id: id, redirect_uris: registered.redirect_uris })
  const edited = Object.entries({ ...known, client_name: 'Edited' }).filter(([member]) => !OWN.includes(member))
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify(Object.fromEntries(edited))
  expect(await send('PUT', `/oauth/reg/${id}`, headers, body)).toMatchObject({ status: 200 })
  const stored = await running.store.clients.get(id)
  expect(stored && appOf(stored)).toMatchObject({
    id,
    redirectUris: registered.redirect_uris,
    name: 'Edited',
    verified: false,
  })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  if (registered.grant_types.includes('client_credentials') && registered.client_secret !== undefined) {
    const isPost = registered.token_endpoint_auth_method === 'client_secret_post'
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    if (isPost) for (const name of ['client_id', 'client_secret'] as const) body.set(name, String(registered[name]))
    const answer = await send(
      'POST',
      '/oauth/token',
      { ...form, ...(isPost ? {} : basic({ client_id: id }, registered.client_secret)) },
      `${body}`,
    )
    expect([200, 400]).toContain(answer.status)
    expect(answer.text).not.toContain('invalid_client')
  } else {
    const body = { client_id: id, client_secret: registered.client_secret ?? '', grant_type: 'refresh_token' }
    const answer = await send('POST', '/oauth/token', form, `${new URLSearchParams({ ...body, refresh_token: 'x' })}`)
    expect([400, 401]).toContain(answer.status)
  }
}
