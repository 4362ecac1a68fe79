import { expect } from 'vitest'
import { REDIRECT } from '../apps.ts'
import { authorization, code, conformance, type Row, redeem, VERIFIER } from './musts.ts'

const rows: Row[] = [
  [
    '4.3 a code challenge is required',
    async () => {
      const answer = await authorization({ code_challenge: undefined, code_challenge_method: undefined })
      expect(answer.returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.3 plain is not supported',
    async () => {
      const answer = await authorization({ code_challenge: VERIFIER, code_challenge_method: 'plain' })
      expect(answer.returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.3 nor is a challenge without a method, which would mean plain',
    async () => {
      const answer = await authorization({ code_challenge_method: undefined })
      expect(answer.returned.get('error')).toBe('invalid_request')
    },
  ],
  [
    '4.6 another verifier is invalid_grant',
    async () => {
      const { code: value } = await code()
      expect((await redeem({ code: value, code_verifier: VERIFIER, redirect_uri: REDIRECT })).body.error).toBe(
        'invalid_grant',
      )
    },
  ],
  [
    '4.6 no verifier is invalid_grant',
    async () => {
      const { code: value } = await code()
      expect((await redeem({ code: value, redirect_uri: REDIRECT })).body.error).toBe('invalid_grant')
    },
  ],
  [
    '4.2 a challenge has 43 characters at least, of its alphabet',
    async () => {
      for (const code_challenge of ['short', 'x'.repeat(42), `${'x'.repeat(42)} `, 'x'.repeat(129)])
        expect((await authorization({ code_challenge })).returned.get('error')).toBe('invalid_request')
    },
  ],
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
]

conformance('RFC 7636 (PKCE)', rows)
