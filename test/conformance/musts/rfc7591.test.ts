import { expect } from 'vitest'
import { ask, REDIRECT } from '../apps.ts'
import { app, conformance, type Row, register, running, token } from './musts.ts'

const rows: Row[] = [
  [
    '2 unknown metadata is ignored',
    async () => {
      const { status, body } = await register({ ...app, unheard_of: 'x' })
      expect([status, 'unheard_of' in body]).toEqual([201, false])
    },
  ],
  [
    '2 clients with redirects register them',
    async () => {
      expect((await register({ ...app, redirect_uris: [] })).status).toBe(400)
    },
  ],
  [
    '2.1 grant types and response types are consistent',
    async () => {
      const { body } = await register({ ...app, grant_types: ['authorization_code'], response_types: ['token'] })
      expect(body.error).toBe('invalid_client_metadata')
    },
  ],
  [
    '3 the registration endpoint takes POST of JSON',
    async () => {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await ask(running, '/oauth/reg', { form: { client_name: 'x' }, headers })
      expect(answer.status).toBe(400)
    },
  ],
  [
    '3.2.1 201 with all registered client_id unique, no caching',
    async () => {
      const [one, two] = [await register(app), await register(app)]
      expect(one.status).toBe(201)
      expect(one.body.client_id).not.toBe(two.body.client_id)
      expect(one.body).toMatchObject({ client_name: 'App', redirect_uris: [REDIRECT], client_secret_expires_at: 0 })
      expect(one.headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '3.2.2 errors are 400 with a code',
    async () => {
      const { status, body } = await register({ ...app, redirect_uris: ['http://app.example/'] })
      expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
    },
  ],
  [
    '5 a client is not told apart by what it says of itself: software statements are refused, not believed',
    async () => {
      expect((await register({ ...app, software_statement: 'eyJhbGciOiJub25lIn0.e30.' })).status).toBe(400)
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
    '3 without an initial access token it is 401 with a challenge (RFC 6750)',
    async () => {
      const answer = await register(app, {})
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)])
      expect((await register(app, { authorization: 'Bearer nonsense' })).status).toBe(401)
    },
  ],
  [
    '3.2.1 a secret comes with its expiry, and where to manage the client with its token',
    async () => {
      const { body } = await register(app)
      expect(body).toMatchObject({
        client_secret: expect.any(String),
        client_secret_expires_at: 0,
        registration_client_uri: `${running.publicUrl}/oauth/reg/${body.client_id}`,
        registration_access_token: expect.any(String),
      })
    },
  ],
]

conformance('RFC 7591 (registration)', rows)
