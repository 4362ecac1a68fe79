import { decodeJwt } from 'jose'
import { expect } from 'vitest'
import { authorize, refresh, signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { ask, basic, REDIRECT, webApp } from '../apps.ts'
import { authorization, challenge, credentials, flow, redeem, running, service, web } from '../target.ts'
import { conformance, type Row } from './musts.ts'

const rows: Row[] = [
  [
    '2 resource is an absolute URI without a fragment',
    async () => {
      for (const resource of ['people', `${running.resource('people')}#x`])
        expect((await credentials({ resource })).body.error).toBe('invalid_target')
    },
  ],
  [
    '2 an unknown resource is invalid_target',
    async () => {
      expect((await credentials({ resource: 'https://api.example/' })).body.error).toBe('invalid_target')
      expect((await authorization({ resource: 'https://api.example/' })).returned.get('error')).toBe('invalid_target')
    },
  ],
  [
    '2 the audience is told by introspection, too',
    async () => {
      const { body } = await credentials()
      const form = { token: String(body.access_token) }
      const answer = await ask(running, '/oauth/token/introspection', { form, headers: basic(service.client) })
      expect(answer.body).toMatchObject({ active: true, aud: running.resource('people') })
    },
  ],
  [
    '2.1 of an unacceptable resource nothing is granted, beside an acceptable one, too',
    async () => {
      const query: [string, string][] = [
        ['client_id', web.client_id],
        ['response_type', 'code'],
        ['redirect_uri', REDIRECT],
        ['scope', 'api:read'],
        ['resource', running.resource('publishing')],
        ['resource', running.resource('people')],
        ...Object.entries(challenge()),
      ]
      expect((await ask(running, '/oauth/auth', { query })).returned.get('error')).toBe('invalid_target')
    },
  ],
  [
    '2.1, 2.2 consent to several resources gives a token for each, one at a time, with what the resource knows of',
    async () => {
      const both = await webApp(running, { sallyport_apis: ['publishing', 'people'] })
      const resources = [running.resource('publishing'), running.resource('people')] as const
      const parameters = [
        ['scope', 'api:read employees:read'],
        ...resources.map((uri) => ['resource', uri] as const),
      ] as const
      const { url, verifier } = await authorize(running, { ...both, parameters })
      const form = {
        code: url.searchParams.get('code') ?? '',
        code_verifier: verifier,
        redirect_uri: REDIRECT,
        resource: resources[0],
      }
      const { body } = await redeem(form, both.client)
      const other = await refresh(running, both, String(body.refresh_token), { resource: resources[1] })
      const claims = [String(body.access_token), other.access_token].map((jwt) => decodeJwt(jwt))
      expect(claims.map(({ aud }) => aud)).toEqual([...resources])
      expect(claims.map(({ scope }) => scope)).toEqual(['api:read', 'employees:read'])
      expect([body.scope, other.scope]).toEqual(['api:read', 'employees:read'])
    },
  ],
  [
    '2.2 the token is for the resource, and no other',
    async () => {
      const { body } = await credentials({ resource: running.resource('people') })
      expect(decodeJwt(String(body.access_token)).aud).toBe(running.resource('people'))
    },
  ],
  [
    '2.2 a token request does not reach beyond what was granted',
    async () => {
      const { tokens } = await signInAndGetTokens(running, flow)
      const elsewhere = refresh(running, flow, String(tokens.refresh_token), { resource: running.resource('people') })
      await expect(elsewhere).rejects.toMatchObject({ error: 'invalid_target' })
    },
  ],
]

conformance('RFC 8707 (resource indicators)', rows)
