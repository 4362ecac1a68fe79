import { expect } from 'vitest'
import { Browser } from '../../authorization-server/browser.ts'
import { authorize } from '../../authorization-server/code-flow.ts'
import { REDIRECT } from '../apps.ts'
import { authorization, challenge, code, flow, metadata, redeem, running, VERIFIER, web } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

/** A code for the challenge of the standard's own example, appendix B. */
async function exampleCode(): Promise<string> {
  const query = new URLSearchParams({
    client_id: web.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'api:read',
    ...challenge(),
  })
  const { url } = await new Browser(running.publicUrl).follow(`/oauth/auth?${query}`, ({ kind }) =>
    kind === 'sign-in' ? `person=${flow.personId}` : 'allow=api:read',
  )
  return url.searchParams.get('code') ?? ''
}

const rows: Row[] = [
  [
    '4.1, 4.6 a verifier that is no verifier redeems nothing',
    async () => {
      const { code: value } = await code()
      for (const code_verifier of ['short', 'x'.repeat(129)]) {
        const { status, body } = await redeem({ code: value, code_verifier, redirect_uri: REDIRECT })
        expect([status, body.error]).toEqual([400, expect.stringMatching(/invalid_(request|grant)/)])
      }
    },
  ],
  [
    '4.2 S256 is implemented, and the metadata says so',
    async () => {
      expect((await metadata()).code_challenge_methods_supported).toEqual(['S256'])
      const value = await exampleCode()
      expect((await redeem({ code: value, code_verifier: VERIFIER, redirect_uri: REDIRECT })).status).toBe(200)
    },
  ],
  [
    '4.2, 4.3 a challenge has 43 characters at least, of its alphabet',
    async () => {
      for (const code_challenge of ['short', 'x'.repeat(42), `${'x'.repeat(42)} `, 'x'.repeat(129)])
        expect((await authorization({ code_challenge })).returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.4 a code does not show its challenge',
    async () => {
      const { code_challenge } = challenge()
      const { url } = await authorize(running, flow)
      expect((await exampleCode()).length).toBe(43)
      expect([url.searchParams.has('code_challenge'), url.href.includes(code_challenge)]).toEqual([false, false])
    },
  ],
  [
    '4.4, 4.6 a code keeps its challenge: another verifier is invalid_grant',
    async () => {
      const { code: value } = await code()
      expect((await redeem({ code: value, code_verifier: VERIFIER, redirect_uri: REDIRECT })).body.error).toBe(
        'invalid_grant',
      )
    },
  ],
  [
    '4.4.1 who sends no code challenge gets invalid_request',
    async () => {
      const answer = await authorization({ code_challenge: undefined, code_challenge_method: undefined })
      expect(answer.returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.4.1 and who asks for another transformation, be it by leaving out the method, which means plain',
    async () => {
      for (const code_challenge_method of ['plain', 'S512', undefined]) {
        const answer = await authorization({ code_challenge: VERIFIER, code_challenge_method })
        expect(answer.returned.get('error')).toBe('invalid_request')
      }
    },
  ],
  [
    '4.5 the method is the code’s: its challenge is no verifier',
    async () => {
      const { code_challenge } = challenge()
      const value = await exampleCode()
      expect((await redeem({ code: value, code_verifier: code_challenge, redirect_uri: REDIRECT })).body.error).toBe(
        'invalid_grant',
      )
    },
  ],
  [
    '4.5, 4.6 no verifier is invalid_grant',
    async () => {
      const { code: value } = await code()
      expect((await redeem({ code: value, redirect_uri: REDIRECT })).body.error).toBe('invalid_grant')
    },
  ],
]

const notOurs: NotOurs = {
  '4.2, 7.2 which method a client uses': 'binds the client; S256 is the only one here',
  '7.2 encryption of a plain challenge inside of a code': 'plain is refused, and a code is a random string',
}

conformance('RFC 7636 (PKCE)', rows, notOurs)
