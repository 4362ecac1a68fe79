import { expect } from 'vitest'
import { ask, basic, manage, REDIRECT, serviceApp } from '../apps.ts'
import { app, credentials, register, running } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const METHODS = ['GET', 'PUT', 'DELETE'] as const

const rows: Row[] = [
  [
    '2 without its token, or with one that never was, a client is 401, whether it exists or not',
    async () => {
      const { body } = await register(app)
      for (const uri of [body.registration_client_uri, `${running.publicUrl}/oauth/reg/nobody`])
        for (const token of ['', 'nonsense'])
          for (const method of METHODS) {
            const stranger = { registration_client_uri: uri, registration_access_token: token }
            const answer = await manage(running, stranger, method, method === 'PUT' ? app : undefined)
            expect([method, answer.status]).toEqual([method, 401])
            expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
          }
    },
  ],
  [
    '2 a method that there is not is said to be none',
    async () => {
      const { body } = await register(app)
      const headers = { authorization: `Bearer ${body.registration_access_token}` }
      const path = new URL(String(body.registration_client_uri)).pathname
      for (const method of ['PATCH', 'POST']) {
        const answer = await ask(running, path, { method, json: app, headers })
        expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET, PUT, DELETE'])
      }
    },
  ],
  [
    '2.1 a read returns what is registered, with the same client_id',
    async () => {
      const { body } = await register(app)
      const answer = await manage(running, body, 'GET')
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/json/)])
      expect(answer.body).toMatchObject({ client_id: body.client_id, client_name: 'App' })
    },
  ],
  [
    '2.1, 2.2, 2.3 a token of another client is 401',
    async () => {
      for (const method of METHODS) {
        const [one, two] = [await register(app), await register(app)]
        const crossed = { ...one.body, registration_access_token: two.body.registration_access_token }
        expect((await manage(running, crossed, method, method === 'PUT' ? app : undefined)).status).toBe(401)
        expect((await manage(running, one.body, 'GET')).status).toBe(200)
      }
    },
  ],
  [
    '2.2 a client may send back all that it was told',
    async () => {
      const { body } = await register({ ...app, client_uri: 'https://app.example/', contacts: ['dev@app.example'] })
      const own = [
        'registration_access_token',
        'registration_client_uri',
        'client_secret_expires_at',
        'client_id_issued_at',
      ]
      const told = Object.fromEntries(Object.entries(body).filter(([member]) => !own.includes(member)))
      expect(told).toHaveProperty('client_secret')
      const answer = await manage(running, body, 'PUT', told)
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining(app)])
      const again = Object.fromEntries(Object.entries(answer.body).filter(([member]) => !own.includes(member)))
      expect((await manage(running, body, 'PUT', again)).status).toBe(200)
    },
  ],
  [
    '2.2 an update replaces everything: what is left out goes back to its default',
    async () => {
      const { body } = await register({ ...app, client_uri: 'https://app.example/' })
      const answer = await manage(running, body, 'PUT', { ...app, client_id: body.client_id })
      expect([answer.status, answer.body.client_id]).toEqual([200, body.client_id])
      for (const { body: after } of [answer, await manage(running, body, 'GET')])
        expect('client_uri' in after).toBe(false)
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
    '2.2 what is sent takes the place of what was, and is not added to it',
    async () => {
      const { body } = await register({ ...app, redirect_uris: [REDIRECT, `${REDIRECT}/2`] })
      const redirect_uris = [`${REDIRECT}/3`]
      await manage(running, body, 'PUT', { ...app, client_id: body.client_id, redirect_uris })
      expect((await manage(running, body, 'GET')).body.redirect_uris).toEqual(redirect_uris)
    },
  ],
  [
    '2.2 client_id is included and matches',
    async () => {
      const { body } = await register(app)
      for (const client_id of [undefined, 'other'])
        expect((await manage(running, body, 'PUT', { ...app, client_id })).status).toBe(400)
    },
  ],
  [
    '2.2 a client may send the secret that it has, and no other',
    async () => {
      const { body } = await register(app)
      const update = { ...app, client_id: body.client_id }
      const sent = await manage(running, body, 'PUT', { ...update, client_secret: body.client_secret })
      expect(sent.status).toBe(200)
      for (const client_secret of ['mine', '', 7])
        expect((await manage(running, body, 'PUT', { ...update, client_secret })).status).toBe(400)
      const form = { grant_type: 'refresh_token', refresh_token: 'x' }
      const used = await ask(running, '/oauth/token', {
        form,
        headers: basic({ client_id: String(body.client_id) }, String(body.client_secret)),
      })
      expect(used.body.error).toBe('invalid_grant')
    },
  ],
  [
    '2.2 an update does not include what the server alone says',
    async () => {
      const { body } = await register(app)
      for (const [member, value] of [
        ['registration_access_token', body.registration_access_token],
        ['registration_client_uri', body.registration_client_uri],
        ['client_secret_expires_at', 0],
        ['client_id_issued_at', body.client_id_issued_at],
      ] as const) {
        const update = { ...app, client_id: body.client_id, [member]: value }
        expect([member, (await manage(running, body, 'PUT', update)).status]).toEqual([member, 400])
      }
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
    '2.3, 5 a delete is 204, and the client, its tokens and its registration token are gone',
    async () => {
      const { client, secret } = await serviceApp(running)
      const { body } = await credentials({}, basic(client))
      expect((await manage(running, client, 'DELETE')).status).toBe(204)
      for (const method of METHODS)
        expect((await manage(running, client, method, method === 'PUT' ? app : undefined)).status).toBe(401)
      expect((await credentials({}, basic(client, secret))).status).toBe(401)
      const verification = await running.server.verify(String(body.access_token), running.resource('people'))
      expect(verification.ok).toBe(false)
    },
  ],
  [
    '3, 7 a response says where and by what the client is managed, and all that is registered; it is not cached',
    async () => {
      const { body } = await register(app)
      const update = { ...app, client_id: body.client_id }
      for (const answer of [await manage(running, body, 'GET'), await manage(running, body, 'PUT', update)]) {
        expect(answer.body).toMatchObject({
          ...app,
          registration_client_uri: body.registration_client_uri,
          registration_access_token: body.registration_access_token,
          grant_types: ['authorization_code', 'refresh_token'],
          token_endpoint_auth_method: 'client_secret_basic',
        })
        expect(answer.headers.get('cache-control')).toBe('no-store')
      }
    },
  ],
  [
    '5 a registration token can not be guessed',
    async () => {
      expect(String((await register(app)).body.registration_access_token).length).toBeGreaterThanOrEqual(43)
    },
  ],
]

const notOurs: NotOurs = {
  '2.1, 2.2, 2.3 403 for who may not manage itself': 'every client may: one that may not has no token, which is 401',
  '2.3 405 where clients can not be deleted': 'they can',
  '2, 5 TLS': 'the proxy in front ends it: see RFC 6749, section 1.6',
  '5 how a client keeps its token': 'binds the client',
}

conformance('RFC 7592 (management)', rows, notOurs)
