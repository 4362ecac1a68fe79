import { expect } from 'vitest'
import { signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { ask, basic, REDIRECT, webApp } from '../apps.ts'
import {
  app,
  authorization,
  challenge,
  code,
  credentials,
  flow,
  keyedApp,
  metadata,
  register,
  running,
  service,
  web,
} from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const rows: Row[] = [
  [
    '2.2 a client identifier alone proves nothing',
    async () => {
      const answer = await credentials({ client_id: service.client.client_id }, {})
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
    },
  ],
  [
    '2.3 no more than one way of authentication in a request',
    async () => {
      const answer = await credentials({ client_id: service.client.client_id, client_secret: service.secret })
      expect([400, 401]).toContain(answer.status)
    },
  ],
  [
    '2.3.1 HTTP Basic is supported',
    async () => {
      expect((await credentials()).status).toBe(200)
    },
  ],
  [
    '2.3.1 identifier and secret are form-encoded before they go into HTTP Basic',
    async () => {
      const encoded = (text: string) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')
      const pair = `${encoded(service.client.client_id)}:${encoded(service.secret)}`
      const authorization = `Basic ${Buffer.from(pair).toString('base64')}`
      expect((await credentials({}, { authorization })).status).toBe(200)
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
    '2.3.1 a secret withstands brute force: it has 256 bits, and no client chooses its own',
    async () => {
      const { body } = await register({ ...app, client_secret: 'mine' })
      expect(body.client_secret).toMatch(/^sps_[A-Za-z0-9_-]{43}$/)
    },
  ],
  [
    '2.3.2 whoever authenticates by a key is the client that registered it',
    async () => {
      const [one, two] = [await keyedApp(), await keyedApp()]
      const issuer = running.server.issuer
      expect((await credentials(await one.assert(issuer), {})).status).toBe(200)
      const posing = await credentials(await one.assert(issuer, two.client.client_id), {})
      expect([posing.status, posing.body.error]).toEqual([401, 'invalid_client'])
    },
  ],
  [
    '3.1 who asks for authorization is first asked who they are',
    async () => {
      expect((await authorization()).location?.pathname).toMatch(/^\/sign-in\//)
    },
  ],
  [
    '3.1 the authorization endpoint takes GET',
    async () => {
      expect((await authorization()).status).toBe(303)
    },
  ],
  [
    '3.1 and POST (OpenID Connect Core, 3.1.2.1), whose form the browser then sends by GET',
    async () => {
      const query = { state: 'a b&c', scope: 'openid' }
      const form: [string, string][] = [
        ['client_id', web.client_id],
        ['response_type', 'code'],
        ['redirect_uri', REDIRECT],
        ...Object.entries(challenge()),
      ]
      const posted = await ask(running, '/oauth/auth', { query, form })
      expect([posted.status, posted.location?.pathname]).toEqual([303, '/oauth/auth'])
      expect([...posted.returned]).toEqual([...Object.entries(query), ...form])
      const next = await ask(running, `${posted.location?.pathname}${posted.location?.search}`)
      expect(next.location?.pathname).toMatch(/^\/sign-in\//)
      const twice = await ask(running, '/oauth/auth', { query: { client_id: 'other' }, form })
      const refused = await ask(running, `${twice.location?.pathname}${twice.location?.search}`)
      expect([refused.status, refused.body.error]).toEqual([400, 'invalid_request'])
    },
  ],
  [
    '3.1 what is posted there and is no form, or too long for an address, is refused',
    async () => {
      expect((await ask(running, '/oauth/auth', { json: { client_id: web.client_id } })).status).toBe(415)
      expect((await ask(running, '/oauth/auth', { form: { state: 'x'.repeat(9000) } })).status).toBe(413)
    },
  ],
  [
    '3.1, 3.2 neither endpoint has a fragment in its address',
    async () => {
      const { authorization_endpoint, token_endpoint } = await metadata()
      expect(`${authorization_endpoint} ${token_endpoint}`).not.toContain('#')
    },
  ],
  [
    '3.1 parameters without a value count as left out',
    async () => {
      expect((await authorization({ login_hint: '', prompt: '', state: 's' })).location?.pathname).toMatch(
        /^\/sign-in\//,
      )
    },
  ],
  [
    '3.1 unrecognised parameters are ignored',
    async () => {
      expect((await authorization({ unheard_of: '1' })).location?.pathname).toMatch(/^\/sign-in\//)
    },
  ],
  [
    '3.1 no parameter twice',
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
    '3.1.2 a redirect URI is absolute and has no fragment',
    async () => {
      for (const uri of ['/callback', 'app.example/callback', `${REDIRECT}#x`])
        expect([uri, (await register({ ...app, redirect_uris: [uri] })).status]).toEqual([uri, 400])
    },
  ],
  [
    '3.1.2 the query of a redirect URI stays, beside what is added',
    async () => {
      const uri = `${REDIRECT}?tenant=a%20b&x=%2F`
      const { client } = await webApp(running, { redirect_uris: [uri] })
      const answer = await authorization({ client_id: client.client_id, redirect_uri: uri, scope: 'nonsense' })
      const query = ['tenant', 'x', 'error'].map((name) => answer.returned.get(name))
      expect([answer.location?.pathname, ...query]).toEqual(['/callback', 'a b', '/', 'invalid_scope'])
    },
  ],
  [
    '3.1.2.2 a public client registers its redirect URI',
    async () => {
      for (const sallyport_kind of ['single-page', 'native'])
        for (const redirect_uris of [undefined, []])
          expect((await register({ ...app, sallyport_kind, redirect_uris })).body.error).toBe('invalid_redirect_uri')
    },
  ],
  [
    '3.1.2.3 of several redirect URIs the request names one',
    async () => {
      const { client } = await webApp(running, { redirect_uris: [REDIRECT, `${REDIRECT}/2`] })
      const answer = await authorization({ client_id: client.client_id, redirect_uri: undefined })
      expect([answer.status, answer.location]).toEqual([400, undefined])
    },
  ],
  [
    '3.1.2.3 redirect URIs are compared as strings',
    async () => {
      for (const redirect_uri of ['https://app.example:443/callback', 'https://APP.example/callback', `${REDIRECT}?`])
        expect([redirect_uri, (await authorization({ redirect_uri })).status]).toEqual([redirect_uri, 400])
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
      const query = { grant_type: 'client_credentials' }
      const answer = await ask(running, '/oauth/token', { query, headers: basic(service.client) })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toHaveProperty('access_token')
    },
  ],
  [
    '3.2 there, too, what is empty counts as left out, and what is unrecognised is ignored',
    async () => {
      const answer = await credentials({ scope: '', resource: '', unheard_of: '1' })
      expect([answer.status, answer.body.scope]).toEqual([200, 'employees:read'])
    },
  ],
  [
    '3.2 there, too, no parameter twice',
    async () => {
      const twice: [string, string][] = [
        ['scope', 'employees:read'],
        ['scope', 'employees:write'],
      ]
      const answer = await credentials(twice)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    },
  ],
  [
    '3.2.1, 4.1.3, 6 a confidential client authenticates, to redeem a code and to refresh',
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
    '3.3 without scope it is the defaults, and the answer says which',
    async () => {
      expect((await credentials()).body.scope).toBe('employees:read')
      const reader = await webApp(running, { sallyport_apis: ['people'] })
      const { tokens } = await signInAndGetTokens(running, { ...reader, parameters: {} })
      expect(tokens.scope).toBe('employees:read')
    },
  ],
  [
    '3.3 the answer says the scope where it is not what was asked for',
    async () => {
      const noor = await running.person('Noor', 'staff')
      const { tokens } = await signInAndGetTokens(running, { ...flow, personId: noor.id })
      expect(tokens.scope).toBe('api:read')
    },
  ],
]

const notOurs: NotOurs = {
  '1.6, 2.3.1, 3.1, 3.2 TLS':
    'the proxy in front ends it; with an https PUBLIC_URL, cookies are Secure and HSTS is sent',
  '2 what the developer of a client tells': 'binds the developer; what is told is judged as RFC 7591 says',
  '3.1.2.5 scripts in the answer of a redirect URI': 'binds the client',
}

conformance('RFC 6749, sections 1 to 3 (clients and endpoints)', rows, notOurs)
