import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { expect } from 'vitest'
import { Browser } from '../../authorization-server/browser.ts'
import { authorize, signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { ask, manage, REDIRECT } from '../apps.ts'
import { app, authorization, challenge, code, credentials, flow, register, running, service, web } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const rows: Row[] = [
  [
    '10.1 native apps and pages get no secret',
    async () => {
      for (const sallyport_kind of ['native', 'single-page']) {
        const refused = await register({ ...app, sallyport_kind, token_endpoint_auth_method: 'client_secret_basic' })
        const { status, body } = await register({ ...app, sallyport_kind })
        expect([refused.status, status, 'client_secret' in body]).toEqual([400, 201, false])
      }
    },
  ],
  [
    '10.2 a client is authenticated wherever it can be: who has a secret does not become public',
    async () => {
      const { body } = await register(app)
      const change = { ...app, client_id: body.client_id, token_endpoint_auth_method: 'none' }
      expect((await manage(running, body, 'PUT', change)).status).toBe(400)
    },
  ],
  [
    '10.3 an access token can not be made or changed',
    async () => {
      const { body } = await credentials()
      const token = String(body.access_token)
      const { privateKey } = await generateKeyPair('ES256')
      const made = await new SignJWT(decodeJwt(token))
        .setProtectedHeader({
          ...JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()),
          alg: 'ES256',
        })
        .sign(privateKey)
      const [header, , signature] = token.split('.')
      const claims = { ...decodeJwt(token), scope: 'employees:read employees:write' }
      const changed = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
      for (const [value, ok] of [
        [token, true],
        [made, false],
        [changed, false],
      ] as const)
        expect((await running.server.verify(value, running.resource('people'))).ok).toBe(ok)
    },
  ],
  [
    '10.3, 10.4 tokens, codes and secrets do not lie about in storage',
    async () => {
      const { url } = await authorize(running, flow)
      const { tokens } = await signInAndGetTokens(running, flow)
      const { body } = await register(app)
      const secrets = [url.searchParams.get('code'), tokens.access_token.split('.')[2], tokens.refresh_token]
      const kept = await running.contents()
      for (const secret of [...secrets, body.client_secret, body.registration_access_token])
        expect(kept.includes(String(secret))).toBe(false)
      expect(kept).toContain(String(body.client_id))
    },
  ],
  [
    '10.4, 10.10 tokens, codes and secrets can not be guessed: 128 bits at least',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const { body } = await register(app)
      const secrets = [(await code()).code, tokens.refresh_token, service.secret, body.registration_access_token]
      for (const secret of secrets) expect(String(secret).length).toBeGreaterThanOrEqual(43)
      expect(String(decodeJwt(tokens.access_token).jti).length).toBeGreaterThanOrEqual(21)
    },
  ],
  [
    '10.10 what people type is protected by limits: a code can not be tried for long',
    async () => {
      const browser = new Browser(running.publicUrl)
      const problems: unknown[] = []
      for (let i = 0; i < 22; i++) {
        const page = (await (await browser.fetch('/oauth/device')).json()) as { xsrf: string }
        const answer = await browser.fetch('/oauth/device', { xsrf: page.xsrf, user_code: 'BBBB-BBBB' })
        problems.push(((await answer.json()) as { problem?: string }).problem)
      }
      expect(problems.filter((problem) => problem === 'unknown')).toHaveLength(20)
      expect(problems.at(-1)).toBe('too-many')
    },
  ],
  [
    '10.12 what a person is asked, only their own browser answers; without a question nothing is granted',
    async () => {
      const query = new URLSearchParams({
        client_id: web.client_id,
        response_type: 'code',
        redirect_uri: REDIRECT,
        scope: 'api:read',
        prompt: 'consent',
        ...challenge(),
      })
      const { url, seen } = await new Browser(running.publicUrl).follow(`/oauth/auth?${query}`, ({ kind }) =>
        kind === 'sign-in' ? `person=${flow.personId}` : undefined,
      )
      expect(seen.map(({ kind }) => kind)).toEqual(['sign-in', 'consent'])
      const forged = await new Browser(running.publicUrl).fetch(`${url.pathname}?allow=api:read`)
      expect(forged.headers.get('location')).toBeNull()
      expect(running.faults.splice(0).map(({ message }) => message)).toEqual([])
    },
  ],
  [
    '10.14 state and redirect_uri are taken for what they are: text',
    async () => {
      const state = 'x\r\nset-cookie: a=b\r\n\r\n<script>alert(1)</script>'
      const answer = await authorization({ scope: 'nonsense', state })
      expect([answer.returned.get('state'), answer.headers.get('set-cookie')?.includes('a=b') ?? false]).toEqual([
        state,
        false,
      ])
      const evil = await ask(running, '/oauth/auth', {
        query: { client_id: web.client_id, response_type: 'code', redirect_uri: `${REDIRECT}\r\nset-cookie: a=b` },
      })
      expect([evil.status, evil.location]).toEqual([400, undefined])
    },
  ],
]

const notOurs: NotOurs = {
  '7 calls of protected resources': 'binds the API; what ours does is in the table of RFC 9068, section 4',
  '7.1, 10.12 what clients do with tokens and state': 'binds the client',
  '8, 11 names of types, parameters and errors': 'binds who registers new ones; there are none of ours',
  '10.3, 10.4, 10.8, 10.9, 10.11 TLS': 'the proxy in front ends it: see section 1.6',
  '10.16 implicit grant as sign-in': 'there is no implicit grant',
}

conformance('RFC 6749, sections 7 to 11 (security)', rows, notOurs)
