import { expect, vi } from 'vitest'
import { refresh, signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { ask, basic, REDIRECT, webApp } from '../apps.ts'
import {
  app,
  authorization,
  challenge,
  code,
  conformance,
  credentials,
  flow,
  type Row,
  redeem,
  register,
  running,
  service,
  web,
} from './musts.ts'

const rows: Row[] = [
  [
    '2.3.1 the client_id and secret by HTTP Basic are supported',
    async () => {
      expect((await credentials()).status).toBe(200)
    },
  ],
  [
    '2.3 no more than one authentication method in a request',
    async () => {
      const answer = await credentials({ client_id: service.client.client_id, client_secret: service.secret })
      expect([400, 401]).toContain(answer.status)
    },
  ],
  [
    '3.1 parameters without a value are treated as omitted',
    async () => {
      expect((await authorization({ login_hint: '', state: 's' })).location?.pathname).toMatch(/^\/sign-in\//)
    },
  ],
  [
    '3.1 unrecognised parameters are ignored',
    async () => {
      expect((await authorization({ unheard_of: '1' })).location?.pathname).toMatch(/^\/sign-in\//)
    },
  ],
  [
    '3.1 parameters are not included more than once',
    async () => {
      const query: [string, string][] = [
        ['client_id', web.client_id],
        ['response_type', 'code'],
        ['state', 'a'],
        ['state', 'b'],
        ['redirect_uri', REDIRECT],
        ...Object.entries(challenge()),
      ]
      const answer = await ask(running, '/oauth/auth', { query })
      expect(answer.returned.get('error') ?? answer.body.error).toBe('invalid_request')
    },
  ],
  [
    '3.1.1 a missing or unknown response_type is an error',
    async () => {
      expect((await authorization({ response_type: undefined })).returned.get('error')).toBe('invalid_request')
      expect((await authorization({ response_type: 'token' })).returned.get('error')).toBe('unsupported_response_type')
    },
  ],
  [
    '3.1.2.4 no redirect to an invalid redirect URI',
    async () => {
      const answer = await authorization({ redirect_uri: 'https://app.example/other' })
      expect([answer.status, answer.location]).toEqual([400, undefined])
    },
  ],
  [
    '3.2 the token endpoint takes POST only',
    async () => {
      const answer = await ask(running, '/oauth/token', {
        query: { grant_type: 'client_credentials' },
        headers: basic(service.client),
      })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toHaveProperty('access_token')
    },
  ],
  [
    '4.1.2 state comes back as it was sent',
    async () => {
      expect((await authorization({ scope: 'nonsense' })).returned.get('state')).toBe('xyz')
    },
  ],
  [
    '4.1.2 a code is bound to its client',
    async () => {
      const { code: value, verifier } = await code()
      const other = await webApp(running)
      const answer = await redeem({ code: value, code_verifier: verifier, redirect_uri: REDIRECT }, other.client)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant'])
    },
  ],
  [
    '4.1.2 a code is used once, and a second use revokes what it gave',
    async () => {
      const { code: value, verifier } = await code()
      const form = { code: value, code_verifier: verifier, redirect_uri: REDIRECT }
      const first = await redeem(form)
      expect(first.status).toBe(200)
      expect((await redeem(form)).body.error).toBe('invalid_grant')
      const verification = await running.server.verify(String(first.body.access_token), running.resource('publishing'))
      expect(verification.ok).toBe(false)
    },
  ],
  [
    '4.1.3 redirect_uri is identical to that of the authorization request',
    async () => {
      const { code: value, verifier } = await code()
      const answer = await redeem({ code: value, code_verifier: verifier, redirect_uri: `${REDIRECT}/` })
      expect(answer.body.error).toBe('invalid_grant')
    },
  ],
  [
    '4.4 client credentials are for confidential clients only',
    async () => {
      const answer = await register({ ...app, sallyport_kind: 'single-page', grant_types: ['client_credentials'] })
      expect(answer.status).toBe(400)
    },
  ],
  [
    '5.1 responses with tokens are not cached',
    async () => {
      expect((await credentials()).headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '5.1 scope is said where it is not what was asked for',
    async () => {
      expect((await credentials()).body.scope).toBe('employees:read')
    },
  ],
  [
    '5.2 a client that authenticated by Basic and failed gets 401 with WWW-Authenticate',
    async () => {
      const answer = await credentials({}, basic(service.client, 'wrong'))
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/)
    },
  ],
  [
    '5.2 an unknown grant type is unsupported_grant_type',
    async () => {
      const answer = await ask(running, '/oauth/token', {
        form: { grant_type: 'password', username: 'a', password: 'b' },
        headers: basic(service.client),
      })
      expect(answer.body.error).toMatch(/unsupported_grant_type|unauthorized_client/)
    },
  ],
  [
    '5.2 a grant that the client has not is unauthorized_client',
    async () => {
      const answer = await ask(running, '/oauth/token', {
        form: { grant_type: 'client_credentials' },
        headers: basic(web),
      })
      expect(answer.body.error).toBe('unauthorized_client')
    },
  ],
  [
    '6 a refresh token is bound to its client',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const other = await webApp(running)
      await expect(refresh(running, other, String(tokens.refresh_token))).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    },
  ],
  [
    '6 a refresh does not widen the scope',
    async () => {
      const { tokens } = await signInAndGetTokens(running, { ...flow, parameters: { scope: 'api:read' } })
      const wider = refresh(running, flow, String(tokens.refresh_token), { scope: 'api:read api:write' })
      await expect(wider).rejects.toMatchObject({ error: 'invalid_scope' })
    },
  ],
  [
    '10.10 codes and tokens can not be guessed: 128 bits at least',
    async () => {
      expect((await code()).code.length).toBeGreaterThanOrEqual(43)
    },
  ],
  [
    '2.3.1 credentials are not taken from the address',
    async () => {
      const query = { client_id: service.client.client_id, client_secret: service.secret }
      const answer = await ask(running, '/oauth/token', { query, form: { grant_type: 'client_credentials' } })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toHaveProperty('access_token')
    },
  ],
  [
    '3.1.2 a redirect URI is absolute and has no fragment',
    async () => {
      for (const uri of ['/callback', 'app.example/callback', `${REDIRECT}#x`])
        expect([uri, (await register({ ...app, redirect_uris: [uri] })).status]).toEqual([uri, 400])
    },
  ],
  [
    '3.2.1, 6 a confidential client authenticates, to redeem a code and to refresh',
    async () => {
      const { code: value, verifier } = await code()
      const grant = { grant_type: 'authorization_code', code: value, code_verifier: verifier, redirect_uri: REDIRECT }
      const { tokens } = await signInAndGetTokens(running, flow)
      const again = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }
      for (const form of [grant, again]) {
        const { status, body } = await ask(running, '/oauth/token', { form: { client_id: web.client_id, ...form } })
        expect([form.grant_type, status, body.error]).toEqual([form.grant_type, 401, 'invalid_client'])
      }
    },
  ],
  [
    '3.3 a scope that the client has not is invalid_scope',
    async () => {
      expect((await credentials({ scope: 'employees:read nonsense' })).body.error).toBe('invalid_scope')
      expect((await authorization({ scope: 'api:read nonsense' })).returned.get('error')).toBe('invalid_scope')
    },
  ],
  [
    '4.1.2 a code is short-lived',
    async () => {
      const { code: value, verifier } = await code()
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
      try {
        const answer = await redeem({ code: value, code_verifier: verifier, redirect_uri: REDIRECT })
        expect(answer.body.error).toBe('invalid_grant')
      } finally {
        vi.useRealTimers()
      }
    },
  ],
]

conformance('RFC 6749 (OAuth 2.0)', rows)
