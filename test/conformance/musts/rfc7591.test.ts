import { expect } from 'vitest'
import { ask, REDIRECT } from '../apps.ts'
import { app, register, running, token } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const rows: Row[] = [
  [
    '2 redirect_uris is supported, and required of who redirects',
    async () => {
      const { body } = await register({ ...app, redirect_uris: [REDIRECT, `${REDIRECT}/2`] })
      expect(body.redirect_uris).toEqual([REDIRECT, `${REDIRECT}/2`])
      expect((await register({ ...app, redirect_uris: [] })).status).toBe(400)
    },
  ],
  [
    '2, 2.1 grant types and response types are those of the endpoints, and consistent',
    async () => {
      const { body } = await register({ ...app, grant_types: ['authorization_code'], response_types: ['token'] })
      expect(body.error).toBe('invalid_client_metadata')
      const code = { grant_types: ['client_credentials'], response_types: ['code'], redirect_uris: [] }
      expect((await register({ ...app, ...code })).body.error).toBe('invalid_client_metadata')
      expect((await register({ ...app, grant_types: ['code'] })).body.error).toBe('invalid_client_metadata')
    },
  ],
  [
    '2 client_uri, tos_uri and policy_uri are addresses of web pages',
    async () => {
      for (const member of ['client_uri', 'tos_uri', 'policy_uri']) {
        for (const uri of ['javascript:alert(1)', 'page', 'data:text/html,x', 7])
          expect([member, uri, (await register({ ...app, [member]: uri })).status]).toEqual([member, uri, 400])
        const { body } = await register({ ...app, [member]: 'https://app.example/page' })
        expect(body[member]).toBe('https://app.example/page')
      }
    },
  ],
  [
    '2 jwks is a set of keys, and jwks_uri the address of one',
    async () => {
      const keyed = { ...app, token_endpoint_auth_method: 'private_key_jwt' }
      for (const jwks of ['{}', [], {}, { keys: {} }, { keys: [{}] }, { keys: ['x'] }])
        expect([jwks, (await register({ ...keyed, jwks })).status]).toEqual([jwks, 400])
      expect((await register({ ...keyed, jwks_uri: 'nonsense' })).status).toBe(400)
    },
  ],
  [
    '2 jwks and jwks_uri are not both in one request',
    async () => {
      const keys = { jwks: { keys: [] }, jwks_uri: 'https://app.example/keys' }
      expect((await register({ ...app, token_endpoint_auth_method: 'private_key_jwt', ...keys })).status).toBe(400)
    },
  ],
  [
    '2 unknown metadata is ignored',
    async () => {
      const { status, body } = await register({ ...app, unheard_of: 'x' })
      expect([status, 'unheard_of' in body]).toEqual([201, false])
    },
  ],
  [
    '2.2 what people read is kept as it is, whatever its script',
    async () => {
      const client_name = 'Löns & Söhne \u{1F4D6} 事典'
      expect((await register({ ...app, client_name })).body.client_name).toBe(client_name)
    },
  ],
  [
    '3 the endpoint takes POST of JSON',
    async () => {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await ask(running, '/oauth/reg', { form: { client_name: 'x' }, headers })
      expect(answer.status).toBe(400)
      expect((await register(app)).status).toBe(201)
    },
  ],
  [
    '3 without an initial access token it is 401 with a challenge (RFC 6750)',
    async () => {
      const answer = await register(app, {})
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)])
      expect((await register(app, { authorization: 'Bearer nonsense' })).status).toBe(401)
    },
  ],
  [
    '3.2.1 client_id and client_secret are unique, and not chosen by the client',
    async () => {
      const chosen = { ...app, client_id: 'chosen', client_secret: 'chosen' }
      const both = [await register(chosen), await register(chosen)].map(({ body }) => body)
      const values = both.flatMap(({ client_id, client_secret }) => [client_id, client_secret])
      expect(new Set([...values, 'chosen']).size).toBe(5)
    },
  ],
  [
    '3.2.1 a secret comes with its expiry, and where to manage the client with its token',
    async () => {
      const { status, headers, body } = await register(app)
      expect([status, headers.get('cache-control')]).toEqual([201, 'no-store'])
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      expect(body).toMatchObject({
        client_secret: expect.any(String),
        client_secret_expires_at: 0,
        registration_client_uri: `${running.publicUrl}/oauth/reg/${body.client_id}`,
        registration_access_token: expect.any(String),
      })
    },
  ],
  [
    '3.2.1 all that is registered is said, what the server filled in, too',
    async () => {
      expect((await register(app)).body).toMatchObject({
        ...app,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: expect.stringContaining('api:read'),
        sallyport_kind: 'web',
      })
    },
  ],
  [
    '3.2.2 errors are 400 with a code',
    async () => {
      const { status, body } = await register({ ...app, redirect_uris: ['http://app.example/'] })
      expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
      expect((await register({ ...app, grant_types: 'x' })).body.error).toBe('invalid_client_metadata')
    },
  ],
  [
    '5 a redirect URI is https, http on the same machine, or of a scheme of the app’s own',
    async () => {
      const native = { ...app, sallyport_kind: 'native' }
      for (const uri of [REDIRECT, 'http://localhost:8080/callback', 'com.example.app:/callback'])
        expect([uri, (await register({ ...native, redirect_uris: [uri] })).status]).toEqual([uri, 201])
      for (const uri of ['http://app.example/', 'ftp://app.example/', 'ws://localhost/', 'app:/callback'])
        expect([uri, (await register({ ...native, redirect_uris: [uri] })).status]).toEqual([uri, 400])
    },
  ],
  [
    '5 what a client says of itself is only what it says: nobody is verified by a name, a software id or a claim',
    async () => {
      const claims = { client_name: 'Publishing desktop', software_id: 'publishing-desktop', sallyport_verified: true }
      const { body } = await register({ ...app, ...claims })
      expect(await running.store.clients.get(String(body.client_id))).toMatchObject({ verified: false })
    },
  ],
  [
    '5 the initial access token counts, too: what it is not for is refused',
    async () => {
      const narrow = { ...app, sallyport_apis: ['people'] }
      const { id } = await running.person('Kim')
      const expiresAt = Math.floor(Date.now() / 1000) + 60
      const bounds = { ownerId: id, name: 'narrow', apis: ['publishing'], softwareId: 'desk', expiresAt }
      const authorization = `Bearer ${await running.server.mintInitialAccessToken(bounds)}`
      expect((await register(narrow, { authorization })).status).toBe(400)
      expect((await register({ ...app, software_id: 'other' }, { authorization })).status).toBe(400)
      expect((await register(app, { authorization })).body.software_id).toBe('desk')
    },
  ],
  [
    '5 software statements are refused, not believed',
    async () => {
      expect((await register({ ...app, software_statement: 'eyJhbGciOiJub25lIn0.e30.' })).status).toBe(400)
    },
  ],
]

const notOurs: NotOurs = {
  '2, 2.3, 3.1.1, 3.2.1, 5 what of a software statement counts': 'none is accepted, and the answer says so',
  '2 an image behind logo_uri': 'logos from elsewhere are refused: nothing that a stranger names is fetched or shown',
  '3, 5 TLS': 'the proxy in front ends it: see RFC 6749, section 1.6',
}

conformance('RFC 7591 (registration)', rows, notOurs)
