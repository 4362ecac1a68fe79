import { expect } from 'vitest'
import { ask } from '../apps.ts'
import { conformance, metadata, type Row, running } from './musts.ts'

const rows: Row[] = [
  [
    '3.1 the metadata is where the issuer has a path: the well-known part comes first',
    async () => {
      const { status, headers } = await ask(running, '/.well-known/oauth-authorization-server/oauth')
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')])
    },
  ],
  [
    '3.3 issuer is the one that the address was made of',
    async () => {
      expect((await metadata()).issuer).toBe(running.server.issuer)
    },
  ],
  [
    '2 the endpoints and response types are named',
    async () => {
      expect(await metadata()).toMatchObject({
        authorization_endpoint: expect.any(String),
        token_endpoint: expect.any(String),
        response_types_supported: ['code'],
      })
    },
  ],
  [
    '2 both documents say the same',
    async () => {
      expect(await metadata()).toEqual(await metadata('/oauth/.well-known/openid-configuration'))
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
]

conformance('RFC 8414 (metadata)', rows)
