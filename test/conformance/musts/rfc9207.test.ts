import { decodeJwt } from 'jose'
import { expect } from 'vitest'
import { Browser } from '../../authorization-server/browser.ts'
import { authorize, signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { REDIRECT } from '../apps.ts'
import { authorization, challenge, flow, metadata, running, web } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const rows: Row[] = [
  [
    '2 iss is in successful responses',
    async () => {
      const { url } = await authorize(running, flow)
      expect(url.searchParams.get('iss')).toBe(running.server.issuer)
    },
  ],
  [
    '2 iss is in error responses',
    async () => {
      for (const more of [
        { response_type: 'token' },
        { scope: 'nonsense' },
        { prompt: 'none' },
        { state: undefined, resource: 'x' },
      ])
        expect([more, (await authorization(more)).returned.get('iss')]).toEqual([more, running.server.issuer])
    },
  ],
  [
    '2 also where the person refuses',
    async () => {
      const query = new URLSearchParams({
        client_id: web.client_id,
        response_type: 'code',
        redirect_uri: REDIRECT,
        scope: 'api:read',
        prompt: 'consent',
        ...challenge(),
      })
      const { url } = await new Browser(running.publicUrl).follow(`/oauth/auth?${query}`, ({ kind }) =>
        kind === 'sign-in' ? `person=${flow.personId}` : 'deny',
      )
      expect(['error', 'iss'].map((name) => url.searchParams.get(name))).toEqual([
        'access_denied',
        running.server.issuer,
      ])
    },
  ],
  [
    '2, 2.3 it is a URL without query and fragment, and the issuer of the metadata',
    async () => {
      const { url } = await authorize(running, flow)
      const iss = String(url.searchParams.get('iss'))
      expect([iss, (await metadata()).issuer]).toEqual([new URL(iss).href, iss])
      expect(iss).not.toMatch(/[?#]/)
    },
  ],
  [
    '2.3, 3 the metadata says that it is supported',
    async () => {
      expect((await metadata()).authorization_response_iss_parameter_supported).toBe(true)
    },
  ],
  [
    '2.4 it is the issuer of ID tokens, too',
    async () => {
      const { tokens } = await signInAndGetTokens(running, { ...flow, parameters: { scope: 'openid api:read' } })
      expect(decodeJwt(String(tokens.id_token)).iss).toBe(running.server.issuer)
    },
  ],
]

const notOurs: NotOurs = {
  '2 https': 'the proxy in front ends TLS: see RFC 6749, section 1.6',
  '2.4, 4 how iss is validated': 'binds the client; that strict ones do so is in the attacks, 4.4',
}

conformance('RFC 9207 (iss)', rows, notOurs)
