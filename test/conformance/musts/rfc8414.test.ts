import { expect } from 'vitest'
import { ask } from '../apps.ts'
import { metadata, running } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const ENDPOINTS = ['token', 'revocation', 'introspection'] as const

const rows: Row[] = [
  [
    '2 issuer is a URL without query and fragment',
    async () => {
      const { issuer } = await metadata()
      expect([issuer, new URL(String(issuer)).href]).toEqual([running.server.issuer, running.server.issuer])
      expect(String(issuer)).not.toMatch(/[?#]/)
    },
  ],
  [
    '2 the endpoints and response types are named, and are where they are said to be',
    async () => {
      const said = await metadata()
      expect(said.response_types_supported).toEqual(['code'])
      for (const [name, member] of Object.entries(said)) {
        if (!name.endsWith('_endpoint') && name !== 'jwks_uri') continue
        expect([name, String(member).startsWith(`${running.server.issuer}/`)]).toEqual([name, true])
        expect([name, (await ask(running, new URL(String(member)).pathname, { form: {} })).status]).not.toEqual([
          name,
          500,
        ])
      }
      expect(said).toMatchObject({ authorization_endpoint: expect.any(String), token_endpoint: expect.any(String) })
    },
  ],
  [
    '2 keys are for signing, and public',
    async () => {
      const { jwks_uri } = await metadata()
      const { keys } = (await ask(running, new URL(String(jwks_uri)).pathname)).body
      expect(keys).toEqual([
        {
          kty: 'EC',
          crv: 'P-256',
          alg: 'ES256',
          use: 'sig',
          kid: expect.any(String),
          x: expect.any(String),
          y: expect.any(String),
        },
      ])
    },
  ],
  [
    '2 where clients authenticate by keys, the algorithms are said, and none is not among them',
    async () => {
      const said = await metadata()
      for (const endpoint of ENDPOINTS) {
        const methods = said[`${endpoint}_endpoint_auth_methods_supported`] ?? []
        const algorithms = said[`${endpoint}_endpoint_auth_signing_alg_values_supported`]
        if (endpoint === 'token') expect(methods).toContain('private_key_jwt')
        if (!(methods as string[]).includes('private_key_jwt')) continue
        expect([endpoint, algorithms]).toEqual([endpoint, expect.arrayContaining(['ES256', 'RS256'])])
        expect(algorithms).not.toContain('none')
      }
    },
  ],
  [
    '2 what is supported is what is said: methods of clients, of PKCE, and grants',
    async () => {
      const said = await metadata()
      expect(said).toMatchObject({ code_challenge_methods_supported: ['S256'] })
      expect(said.token_endpoint_auth_methods_supported).toEqual(
        expect.arrayContaining(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']),
      )
      expect(said.grant_types_supported).not.toContain('password')
      expect(said.grant_types_supported).not.toContain('implicit')
    },
  ],
  [
    '2 both documents say the same',
    async () => {
      expect(await metadata()).toEqual(await metadata('/oauth/.well-known/openid-configuration'))
    },
  ],
  [
    '3, 3.1 the metadata is where the issuer has a path: the well-known part comes first; it is read by GET',
    async () => {
      const { status, headers } = await ask(running, '/.well-known/oauth-authorization-server/oauth')
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json(;|$)/)])
    },
  ],
  [
    '3.2 a member without values is left out',
    async () => {
      const empty = Object.entries(await metadata()).filter(([, value]) => Array.isArray(value) && value.length === 0)
      expect(empty).toEqual([])
    },
  ],
  [
    '3.3 issuer is the one that the address was made of',
    async () => {
      expect((await metadata()).issuer).toBe(running.server.issuer)
    },
  ],
]

const notOurs: NotOurs = {
  '2.1 signed_metadata': 'there is none',
  '2, 3, 6.1 https and TLS': 'the proxy in front ends it: see RFC 6749, section 1.6',
  '3 another well-known suffix': 'the registered one is used',
  '3.3, 4, 6.2 how metadata is checked and strings are compared': 'binds the client',
}

conformance('RFC 8414 (metadata)', rows, notOurs)
