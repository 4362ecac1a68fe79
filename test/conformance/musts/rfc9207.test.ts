import { expect } from 'vitest'
import { authorize } from '../../authorization-server/code-flow.ts'
import { authorization, conformance, flow, metadata, type Row, running } from './musts.ts'

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
      expect((await authorization({ response_type: 'token' })).returned.get('iss')).toBe(running.server.issuer)
    },
  ],
  [
    '3 the metadata says so',
    async () => {
      expect((await metadata()).authorization_response_iss_parameter_supported).toBe(true)
    },
  ],
]

conformance('RFC 9207 (iss)', rows)
