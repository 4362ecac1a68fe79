import { expect } from 'vitest'
import { Browser } from '../../authorization-server/browser.ts'
import { ask, basic, REDIRECT, webApp } from '../apps.ts'
import { app, challenge, flow, keyedApp, later, metadata, register, running, web } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const PATH = '/oauth/request'

function push(form: Record<string, string> = {}, headers: Record<string, string> = basic(web)) {
  const parameters = {
    client_id: web.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'api:read',
    ...challenge(),
    ...form,
  }
  return ask(running, PATH, { form: parameters, headers })
}

function authorize(request_uri: unknown, client_id = web.client_id) {
  return ask(running, '/oauth/auth', { query: { client_id, request_uri: String(request_uri) } })
}

const rows: Row[] = [
  [
    '2 POST of a form only',
    async () => {
      expect((await ask(running, PATH, { headers: basic(web) })).status).toBeGreaterThanOrEqual(400)
      const json = { client_id: web.client_id, response_type: 'code', redirect_uri: REDIRECT }
      expect((await ask(running, PATH, { json, headers: basic(web) })).status).toBe(400)
    },
  ],
  [
    '2 who signs in by a key names the issuer, the token endpoint or this endpoint as its audience',
    async () => {
      const { client, assert } = await keyedApp({
        sallyport_kind: 'web',
        sallyport_apis: ['publishing'],
        redirect_uris: [REDIRECT],
      })
      const { issuer, token_endpoint, pushed_authorization_request_endpoint: endpoint } = await metadata()
      for (const audience of [issuer, token_endpoint, endpoint])
        expect([audience, (await push(await assert(String(audience)), {})).status]).toEqual([audience, 201])
      expect((await push(await assert('https://other.example'), {})).body.error).toBe('invalid_client')
      expect((await push({ client_id: client.client_id }, {})).status).toBe(401)
    },
  ],
  [
    '2.1 the client authenticates as at the token endpoint',
    async () => {
      for (const headers of [{}, basic(web, 'wrong')]) {
        const answer = await push({}, headers)
        expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
      }
      const page = await webApp(running, { sallyport_kind: 'single-page' })
      expect((await push({ client_id: page.client.client_id }, {})).status).toBe(201)
    },
  ],
  [
    '2.1 request_uri is not pushed',
    async () => {
      for (const request_uri of ['urn:x', String((await push()).body.request_uri)])
        expect([request_uri, (await push({ request_uri })).status]).toEqual([request_uri, 400])
    },
  ],
  [
    '2.1, 2.3 what would be refused at the authorization endpoint is refused when it is pushed',
    async () => {
      for (const [form, error] of [
        [{ redirect_uri: 'https://evil.example/' }, 'invalid_request'],
        [{ scope: 'nonsense' }, 'invalid_scope'],
        [{ response_type: 'token' }, 'unsupported_response_type'],
        [{ code_challenge_method: 'plain' }, 'invalid_request'],
        [{ resource: 'https://api.example/' }, 'invalid_target'],
      ] as const) {
        const answer = await push(form)
        expect([form, answer.status, answer.body.error]).toEqual([form, 400, error])
      }
    },
  ],
  [
    '2.2 201 with request_uri and expires_in as JSON, not cached',
    async () => {
      const { status, headers, body } = await push()
      expect([status, body]).toEqual([
        201,
        { request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/), expires_in: expect.any(Number) },
      ])
      expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
        expect.stringMatching(/^application\/json/),
        'no-store',
      ])
    },
  ],
  [
    '2.2, 7.1 a request_uri can not be guessed, and is another each time',
    async () => {
      const [one, two] = [(await push()).body.request_uri, (await push()).body.request_uri]
      expect(one).not.toBe(two)
      expect(String(one).split(':').at(-1)?.length).toBeGreaterThanOrEqual(22)
    },
  ],
  [
    '2.2 a request_uri is bound to its client',
    async () => {
      const { body } = await push()
      const other = await webApp(running)
      const answer = await authorize(body.request_uri, other.client.client_id)
      expect([answer.status, answer.location]).toEqual([400, undefined])
      expect((await authorize(body.request_uri)).location?.pathname).toMatch(/^\/sign-in\//)
    },
  ],
  [
    '4 a request_uri that has expired, or never was, is refused',
    async () => {
      const { body } = await push()
      for (const answer of [
        await later(Number(body.expires_in) + 1, () => authorize(body.request_uri)),
        await authorize('urn:ietf:params:oauth:request_uri:nonsense'),
      ])
        expect(answer.returned.get('error') ?? answer.body.error).toBe('invalid_request_uri')
    },
  ],
  [
    '4 a request_uri gives one code',
    async () => {
      const { body } = await push()
      const query = new URLSearchParams({ client_id: web.client_id, request_uri: String(body.request_uri) })
      const follow = () =>
        new Browser(running.publicUrl).follow(`/oauth/auth?${query}`, ({ kind }) =>
          kind === 'sign-in' ? `person=${flow.personId}` : 'allow=api:read',
        )
      expect((await follow()).url.searchParams.get('code')).toMatch(/^[\w-]{43}$/)
      expect((await follow()).url.searchParams.get('code')).toBeNull()
    },
  ],
  [
    '4 a pushed request is judged like any other: by what holds when the person comes',
    async () => {
      const { body: client } = await register(app)
      const { client_id: id, client_secret: secret } = client
      const { body } = await push({ client_id: String(id) }, basic({ client_id: String(id) }, String(secret)))
      await running.server.setAppDisabled(String(id), true)
      const answer = await authorize(body.request_uri, String(id))
      expect([answer.status, answer.location]).toEqual([400, undefined])
    },
  ],
  [
    '5 the metadata names the endpoint',
    async () => {
      expect((await metadata()).pushed_authorization_request_endpoint).toBe(`${running.publicUrl}/oauth/request`)
    },
  ],
  [
    '7.2 a redirect URI that is not registered is taken from nobody',
    async () => {
      const answer = await push({ redirect_uri: `${REDIRECT}/new` })
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    },
  ],
]

const notOurs: NotOurs = {
  '2 https': 'the proxy in front ends TLS: see RFC 6749, section 1.6',
  '2.3, 3 signed request objects': 'there are none: `request` is refused',
}

conformance('RFC 9126 (pushed requests)', rows, notOurs)
