import { decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, vi } from 'vitest'
import { signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { conformance, credentials, flow, type Row, running, service } from './musts.ts'

const rows: Row[] = [
  [
    '2.1 the type is at+jwt, signed, never none',
    async () => {
      const header = decodeProtectedHeader(String((await credentials()).body.access_token))
      expect(header).toMatchObject({ typ: 'at+jwt', alg: 'ES256', kid: expect.any(String) })
    },
  ],
  [
    '2.2 iss, exp, aud, sub, client_id, iat and jti are in it',
    async () => {
      const claims = decodeJwt(String((await credentials()).body.access_token))
      expect(claims).toMatchObject({
        iss: running.server.issuer,
        exp: expect.any(Number),
        aud: running.resource('people'),
        sub: service.client.client_id,
        client_id: service.client.client_id,
        iat: expect.any(Number),
        jti: expect.any(String),
      })
    },
  ],
  [
    '2.2.3 scope is in it, as granted',
    async () => {
      const { body } = await credentials({ scope: 'employees:read' })
      expect(decodeJwt(String(body.access_token)).scope).toBe('employees:read')
    },
  ],
  [
    '3 without a resource, the audience is the only API of the app',
    async () => {
      expect(decodeJwt(String((await credentials()).body.access_token)).aud).toBe(running.resource('people'))
    },
  ],
  [
    '4 a resource server refuses other types, issuers, audiences and signatures',
    async () => {
      const good = String((await credentials()).body.access_token)
      const [header = '', payload = '', signature = ''] = good.split('.')
      const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`
      for (const bad of [
        none,
        `${header}.${payload}.${'A'.repeat(signature.length)}`,
        `${header}.${payload}`,
        good.slice(0, -2),
      ])
        expect((await running.server.verify(bad, running.resource('people'))).ok).toBe(false)
      expect((await running.server.verify(good, running.resource('publishing'))).ok).toBe(false)
    },
  ],
  [
    '4 an ID token is no access token',
    async () => {
      const { tokens } = await signInAndGetTokens(running, { ...flow, parameters: { scope: 'openid api:read' } })
      expect((await running.server.verify(String(tokens.id_token), running.resource('publishing'))).ok).toBe(false)
      expect((await running.server.verify(tokens.access_token, running.resource('publishing'))).ok).toBe(true)
    },
  ],
  [
    '4 an expired token is refused',
    async () => {
      const token = String((await credentials()).body.access_token)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_500_000 })
      try {
        expect((await running.server.verify(token, running.resource('people'))).ok).toBe(false)
      } finally {
        vi.useRealTimers()
      }
    },
  ],
]

conformance('RFC 9068 (JWT access tokens)', rows)
