import { expect, vi } from 'vitest'
import { ask, basic, REDIRECT, webApp } from '../apps.ts'
import { challenge, conformance, metadata, type Row, running, web } from './musts.ts'

function push(form: Record<string, string> = {}, headers = basic(web)) {
  const parameters = {
    client_id: web.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'api:read',
    ...challenge(),
    ...form,
  }
  return ask(running, '/oauth/request', { form: parameters, headers })
}

const rows: Row[] = [
  [
    '2.1 the client authenticates as at the token endpoint',
    async () => {
      expect((await push({}, basic(web, 'wrong'))).status).toBe(401)
    },
  ],
  [
    '2.1 request_uri is not pushed',
    async () => {
      expect((await push({ request_uri: 'urn:x' })).status).toBe(400)
    },
  ],
  [
    '2.2 201 with request_uri and expires_in, not cached',
    async () => {
      const answer = await push()
      expect([answer.status, answer.body]).toEqual([
        201,
        { request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/), expires_in: expect.any(Number) },
      ])
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '2.3 an invalid request fails when it is pushed',
    async () => {
      expect((await push({ redirect_uri: 'https://evil.example/' })).status).toBe(400)
    },
  ],
  [
    '4 a request_uri is bound to its client',
    async () => {
      const { body } = await push()
      const other = await webApp(running)
      const query = { client_id: other.client.client_id, request_uri: String(body.request_uri) }
      const answer = await ask(running, '/oauth/auth', { query })
      expect([answer.returned.get('code'), answer.location?.pathname.startsWith('/sign-in/') ?? false]).toEqual([
        null,
        false,
      ])
    },
  ],
  [
    '2.1 POST only',
    async () => {
      expect((await ask(running, '/oauth/request', { headers: basic(web) })).status).toBeGreaterThanOrEqual(400)
    },
  ],
  [
    '2.2 a request_uri can not be guessed, and is another each time',
    async () => {
      const [one, two] = [(await push()).body.request_uri, (await push()).body.request_uri]
      expect(one).not.toBe(two)
      expect(String(one).split(':').at(-1)?.length).toBeGreaterThanOrEqual(22)
    },
  ],
  [
    '2.2 it ends when it says',
    async () => {
      const { body } = await push()
      const query = { client_id: web.client_id, request_uri: String(body.request_uri) }
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + Number(body.expires_in) * 1000 + 1000 })
      try {
        const answer = await ask(running, '/oauth/auth', { query })
        expect(answer.returned.get('error') ?? answer.body.error).toBe('invalid_request_uri')
      } finally {
        vi.useRealTimers()
      }
    },
  ],
  [
    '5 the metadata names the endpoint',
    async () => {
      expect((await metadata()).pushed_authorization_request_endpoint).toBe(`${running.publicUrl}/oauth/request`)
    },
  ],
]

conformance('RFC 9126 (pushed requests)', rows)
