import { expect } from 'vitest'
import { authorize, refresh, signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { ask, basic, REDIRECT, webApp } from '../apps.ts'
import {
  app,
  authorization,
  code,
  credentials,
  flow,
  later,
  redeem,
  register,
  running,
  service,
  web,
} from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

/** Of `error` and `error_description` (section 4.1.2.1): printable ASCII without `"` and `\`. */
const PLAIN = /^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/
const ODD = 'é"\\\u0007\u2028'

const rows: Row[] = [
  [
    '4.1.2 a code is short-lived',
    async () => {
      const { code: value, verifier } = await code()
      const form = { code: value, code_verifier: verifier, redirect_uri: REDIRECT }
      expect((await later(61, () => redeem(form))).body.error).toBe('invalid_grant')
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
    '4.1.2, 4.1.2.1 state comes back exactly as it was sent, with a code and with an error',
    async () => {
      const state = 'a b+c%20&d=é"<#>\\'
      expect((await authorization({ scope: 'nonsense', state })).returned.get('state')).toBe(state)
      const { url } = await authorize(running, { ...flow, parameters: { scope: 'api:read' } })
      expect(url.searchParams.get('state')).toMatch(/^[\w-]{43}$/)
    },
  ],
  [
    '4.1.2.1 a missing or unknown client is told to the person, not to a redirect URI',
    async () => {
      for (const client_id of [undefined, 'nobody']) {
        const answer = await authorization({ client_id })
        expect([client_id, answer.status, answer.location]).toEqual([client_id, 400, undefined])
      }
    },
  ],
  [
    '4.1.2.1 a redirected error has a code, and plain characters whatever was sent',
    async () => {
      for (const more of [
        { scope: ODD },
        { response_type: ODD },
        { resource: ODD },
        { prompt: ODD },
        { max_age: ODD },
      ]) {
        const { returned } = await authorization(more)
        expect([more, returned.get('error')]).toEqual([more, expect.stringMatching(/^[a-z_]+$/)])
        expect(returned.get('error_description') ?? '').toMatch(PLAIN)
      }
    },
  ],
  [
    '4.1.3 a code is bound to its client, confidential or public',
    async () => {
      const { code: value, verifier } = await code()
      const other = await webApp(running)
      const answer = await redeem({ code: value, code_verifier: verifier, redirect_uri: REDIRECT }, other.client)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant'])
      const { authentication: _, ...page } = await webApp(running, { sallyport_kind: 'single-page' })
      const { client } = await webApp(running, { sallyport_kind: 'single-page' })
      const { url, verifier: code_verifier } = await authorize(running, page)
      const grant = { grant_type: 'authorization_code', code: url.searchParams.get('code') ?? '', code_verifier }
      const form = { ...grant, client_id: client.client_id, redirect_uri: REDIRECT }
      expect((await ask(running, '/oauth/token', { form })).body.error).toBe('invalid_grant')
    },
  ],
  [
    '4.1.3 what is no code is invalid_grant',
    async () => {
      const form = { code: 'x'.repeat(43), code_verifier: 'x'.repeat(43), redirect_uri: REDIRECT }
      expect((await redeem(form)).body.error).toBe('invalid_grant')
    },
  ],
  [
    '4.1.3, 10.6 redirect_uri is there, and identical to that of the authorization request',
    async () => {
      for (const redirect_uri of [`${REDIRECT}/`, undefined]) {
        const { code: value, verifier } = await code()
        const answer = await redeem({ code: value, code_verifier: verifier, ...(redirect_uri && { redirect_uri }) })
        expect([redirect_uri, answer.status]).toEqual([redirect_uri, 400])
      }
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
    '4.4.2 the client authenticates',
    async () => {
      for (const headers of [{}, basic(service.client, 'sps_wrong')]) {
        const answer = await credentials({ client_id: service.client.client_id }, headers)
        expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
      }
    },
  ],
  [
    '5.1 access_token and token_type are in it, as JSON',
    async () => {
      const { headers, body } = await credentials()
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      expect([typeof body.access_token, String(body.token_type).toLowerCase()]).toEqual(['string', 'bearer'])
    },
  ],
  [
    '5.1 what has tokens or credentials in it is not cached',
    async () => {
      for (const { headers } of [await credentials(), await register(app)])
        expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
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
    '5.2 and one whose header could authenticate nobody: without a secret, broken, or of another scheme',
    async () => {
      const { client_id: id } = service.client
      for (const header of [`Basic ${btoa(`${id}:`)}`, `Basic ${btoa(id)}`, 'Basic %%', 'Basic', `Bearer ${id}`])
        for (const path of ['token', 'token/introspection', 'token/revocation', 'request', 'device/auth']) {
          const form = { grant_type: 'client_credentials' }
          const answer = await ask(running, `/oauth/${path}`, { form, headers: { authorization: header } })
          expect([header, path, answer.status, answer.body.error]).toEqual([header, path, 401, 'invalid_client'])
          expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
        }
    },
  ],
  [
    '5.2 what lacks a parameter is invalid_request',
    async () => {
      expect((await redeem({ code_verifier: 'x'.repeat(43), redirect_uri: REDIRECT })).body.error).toBe(
        'invalid_request',
      )
      const answer = await ask(running, '/oauth/token', { form: { scope: 'x' }, headers: basic(service.client) })
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    },
  ],
  [
    '5.2, 4.3 an unknown grant type, as that of passwords, is unsupported_grant_type',
    async () => {
      const form = { grant_type: 'password', username: 'a', password: 'b' }
      const answer = await ask(running, '/oauth/token', { form, headers: basic(service.client) })
      expect([answer.status, answer.body.error]).toEqual([400, 'unsupported_grant_type'])
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
    '5.2 errors have plain characters whatever was sent',
    async () => {
      for (const form of [{ scope: ODD }, { resource: ODD }, { grant_type: ODD }, { client_id: ODD }]) {
        const { body } = await ask(running, '/oauth/token', {
          form: { grant_type: 'client_credentials', ...form },
          headers: basic(service.client),
        })
        expect([form, body.error]).toEqual([form, expect.stringMatching(/^[a-z_]+$/)])
        expect(body.error_description ?? '').toMatch(PLAIN)
        expect(body.error_uri ?? '').toMatch(/^[\x21\x23-\x5B\x5D-\x7E]*$/)
      }
    },
  ],
  [
    '6, 10.4 a refresh token is bound to its client',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const other = await webApp(running)
      await expect(refresh(running, other, String(tokens.refresh_token))).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    },
  ],
  [
    '6 what is no refresh token is invalid_grant',
    async () => {
      await expect(refresh(running, flow, 'x'.repeat(43))).rejects.toMatchObject({ error: 'invalid_grant' })
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
    '6 without scope it is what was granted, also after a refresh that asked for less',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const less = await refresh(running, flow, String(tokens.refresh_token), { scope: 'api:read' })
      expect(less.scope).toBe('api:read')
      expect((await refresh(running, flow, String(less.refresh_token))).scope).toBe('api:read api:write')
    },
  ],
]

const notOurs: NotOurs = {
  '4.2 implicit grant': 'there is none (RFC 9700, section 2.1.2): see 3.1.1',
  '4.3 grant of passwords': 'there is none (RFC 9700, section 2.4): see 5.2',
}

conformance('RFC 6749, sections 4 to 6 (grants, answers, refresh)', rows, notOurs)
