import { describe, expect, it } from 'vitest'
import { type Credentials, tokenCredentials } from '../../src/access/credentials.ts'
import { type Decidable, decide } from '../../src/access/decide.ts'
import { type TraceInput, type TraceRow, trace } from '../../src/access/trace.ts'
import type { SecurityScheme } from '../../src/model/api.ts'

const scheme = (name: string, token: boolean): SecurityScheme => ({
  name,
  type: token ? 'oauth2' : 'apiKey',
  token,
  flows: {},
})
const model = { schemes: { oauth: scheme('oauth', true), key: scheme('key', false) } }

const salary = { pointer: '/components/schemas/Employee/properties/salary', name: 'salary', scopes: ['pay:read'] }
const operation: Decidable = {
  requirement: {
    stated: true,
    alternatives: [
      [{ scheme: 'oauth', token: true, scopes: ['read'] }],
      [
        { scheme: 'oauth', token: true, scopes: ['admin'] },
        { scheme: 'key', token: false, scopes: [] },
      ],
    ],
  },
  fields: { request: [], response: [salary] },
}
const anyone: Decidable = { requirement: { stated: true, alternatives: [[]] }, fields: { request: [], response: [] } }

function rows(credentials: Credentials, more: Partial<TraceInput> = {}): TraceRow[] {
  const subject = more.operation ?? operation
  return trace({ operation: subject, credentials, decision: decide(subject, credentials), ...more })
}
const brief = (trace: readonly TraceRow[]) =>
  trace.map(({ check, state, evidence, decides }) => `${decides ? '* ' : ''}${check} ${state}: ${evidence}`)
const token = (scopes: string[]) => ({
  credentials: tokenCredentials(model, scopes),
  token: { clientId: 'app', scopes },
})

describe('trace', () => {
  it('of an allow, with a field withheld', () => {
    const { credentials, token: facts } = token(['read'])
    expect(brief(rows(credentials, { token: facts, audience: 'https://x/sandbox/people' }))).toEqual([
      'token open: of app, read',
      'audience open: https://x/sandbox/people',
      '* alternative 1 open: read: held',
      'alternative 2 unknown: not evaluated',
      'policy unknown: not evaluated',
      'fields scope: salary needs pay:read',
      'result open: allowed: read held.',
    ])
  })

  it('of too few scopes', () => {
    const { credentials, token: facts } = token(['other'])
    expect(brief(rows(credentials, { token: facts }))).toEqual([
      'token open: of app, other',
      'audience unknown: not evaluated',
      '* alternative 1 scope: read: not held',
      'alternative 2 shut: key: no credentials, admin: not held',
      'policy unknown: not evaluated',
      'fields unknown: not evaluated',
      'result shut: 403 insufficient_scope: The token lacks read.',
    ])
  })

  it('of no credentials', () => {
    const result = brief(rows({ held: [] }))
    expect(result[0]).toBe('* token shut: none was sent')
    expect(result[2]).toBe('alternative 1 scope: oauth: no credentials, read: not held')
    expect(result.at(-1)).toMatch(/^result shut: 401: /)
  })

  it('of a token that is no good', () => {
    const expired = rows(
      { held: [], invalid: 'it expired' },
      { token: { refused: { check: 'token', reason: 'it expired' } } },
    )
    expect(brief(expired).slice(0, 3)).toEqual([
      '* token shut: it expired',
      'audience unknown: not evaluated',
      'alternative 1 unknown: not evaluated',
    ])
    const foreign = rows(
      { held: [], invalid: 'it is for another API' },
      { token: { refused: { check: 'audience', reason: 'it is for another API' } } },
    )
    expect(brief(foreign)[1]).toBe('* audience shut: it is for another API')
  })

  it('of an operation that is open to anyone, whatever the token', () => {
    expect(brief(rows({ held: [] }, { operation: anyone }))[2]).toBe('* alternative 1 open: anyone')
    const bad = rows(
      { held: [], invalid: 'it expired' },
      { operation: anyone, token: { refused: { check: 'token', reason: 'it expired' } } },
    )
    expect(brief(bad)[2]).toBe('* alternative 1 open: anyone')
  })

  it('of a policy that gave too little', () => {
    const { credentials, token: facts } = token(['other'])
    const policy = { granted: false, reason: 'group editors: not a member' } as const
    expect(brief(rows(credentials, { token: facts, policy }))[4]).toBe('* policy shut: group editors: not a member')
  })

  it('of a gated field that was sent', () => {
    const { credentials, token: facts } = token(['read'])
    const sent = [{ path: '/salary', scopes: ['pay:write'] }]
    const decision = {
      allow: false,
      status: 403,
      error: 'insufficient_scope',
      missing: [['pay:write']],
      challenge: { scope: ['pay:write'] },
      why: 'No.',
    } as const
    expect(brief(rows(credentials, { token: facts, sent, decision }))[5]).toBe('* fields shut: /salary needs pay:write')
  })

  it('always has exactly one deciding row, and ends with the result', () => {
    for (const credentials of [{ held: [] }, { held: [], invalid: 'x' }, tokenCredentials(model, ['read', 'admin'])])
      for (const subject of [operation, anyone]) {
        const result = rows(credentials, { operation: subject })
        expect(result.filter((row) => row.decides)).toHaveLength(1)
        expect(result.at(-1)?.check).toBe('result')
      }
  })
})
