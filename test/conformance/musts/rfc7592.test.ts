import { expect } from 'vitest'
import { basic, manage, REDIRECT, serviceApp } from '../apps.ts'
import { app, conformance, credentials, type Row, register, running } from './musts.ts'

const rows: Row[] = [
  [
    '2.1 a read returns what is registered',
    async () => {
      const { body } = await register(app)
      expect((await manage(running, body, 'GET')).body).toMatchObject({ client_id: body.client_id, client_name: 'App' })
    },
  ],
  [
    '2.1 a token of another client is 401',
    async () => {
      const [one, two] = [await register(app), await register(app)]
      const crossed = { ...one.body, registration_access_token: two.body.registration_access_token }
      expect((await manage(running, crossed, 'GET')).status).toBe(401)
    },
  ],
  [
    '2.2 an update replaces everything: what is left out goes back to its default',
    async () => {
      const { body } = await register({ ...app, client_uri: 'https://app.example/' })
      const answer = await manage(running, body, 'PUT', { ...app, client_id: body.client_id })
      expect([answer.status, 'client_uri' in answer.body]).toEqual([200, false])
    },
  ],
  [
    '2.2 client_id is included and matches',
    async () => {
      const { body } = await register(app)
      expect((await manage(running, body, 'PUT', app)).status).toBe(400)
    },
  ],
  [
    '2.2 a client does not choose its own secret',
    async () => {
      const { body } = await register(app)
      const chosen = { ...app, client_id: body.client_id, client_secret: 'mine' }
      expect((await manage(running, body, 'PUT', chosen)).status).toBe(400)
    },
  ],
  [
    '2.2 an update must not include registration_access_token or the like',
    async () => {
      const { body } = await register(app)
      const answer = await manage(running, body, 'PUT', {
        ...app,
        client_id: body.client_id,
        registration_access_token: 'x',
      })
      expect(answer.status).toBe(400)
    },
  ],
  [
    '2.3 a delete is 204, and the client, its tokens and its registration token are gone',
    async () => {
      const { client, secret } = await serviceApp(running)
      const { body } = await credentials({}, basic(client))
      expect((await manage(running, client, 'DELETE')).status).toBe(204)
      expect((await manage(running, client, 'GET')).status).toBe(401)
      expect((await credentials({}, basic(client, secret))).status).toBe(401)
      const verification = await running.server.verify(String(body.access_token), running.resource('people'))
      expect(verification.ok).toBe(false)
    },
  ],
  [
    '2 without its token, or with one that never was, a client is 401, whether it exists or not',
    async () => {
      const { body } = await register(app)
      for (const uri of [body.registration_client_uri, `${running.publicUrl}/oauth/reg/nobody`])
        for (const token of ['', 'nonsense']) {
          const stranger = { registration_client_uri: uri, registration_access_token: token }
          expect((await manage(running, stranger, 'GET')).status).toBe(401)
        }
    },
  ],
  [
    '2.2 null is as if left out',
    async () => {
      const { body } = await register({ ...app, client_uri: 'https://app.example/' })
      const answer = await manage(running, body, 'PUT', { ...app, client_id: body.client_id, client_uri: null })
      expect([answer.status, 'client_uri' in answer.body]).toEqual([200, false])
    },
  ],
  [
    '2.2 an update that is refused changes nothing',
    async () => {
      const { body } = await register(app)
      const change = { ...app, client_id: body.client_id, client_name: 'Other', redirect_uris: ['javascript:x'] }
      expect((await manage(running, body, 'PUT', change)).status).toBe(400)
      expect((await manage(running, body, 'GET')).body).toMatchObject({ client_name: 'App', redirect_uris: [REDIRECT] })
    },
  ],
  [
    '3 a response says where and by what the client is managed, and is not cached',
    async () => {
      const { body } = await register(app)
      const answer = await manage(running, body, 'PUT', { ...app, client_id: body.client_id })
      expect(answer.body).toMatchObject({
        registration_client_uri: body.registration_client_uri,
        registration_access_token: expect.any(String),
      })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  ],
]

conformance('RFC 7592 (management)', rows)
