import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenCredentials } from '../../src/access/credentials.ts'
import { decide } from '../../src/access/decide.ts'
import type { Body, MediaType, Requirement, Response } from '../../src/model/api.ts'
import { planSdk } from '../../src/sdk/plan/build.ts'
import { planBody, planResult } from '../../src/sdk/plan/media.ts'
import { neededGrants, planRequirement } from '../../src/sdk/plan/requirement.ts'
import { modelOf } from '../fixture.ts'

/** `token:a+b key` → the alternative; `-` → anyone. */
function requirement(...alternatives: string[]): Requirement {
  return {
    stated: true,
    alternatives: alternatives.map((text) =>
      text === '-'
        ? []
        : text.split(' ').map((each) => {
            const [scheme = '', scopes = ''] = each.split(':')
            return { scheme, token: scheme !== 'key', scopes: scopes === '' ? [] : scopes.split('+') }
          }),
    ),
  }
}

describe('what a client must hold', () => {
  test.each<[string[], string[][]]>([
    [['t:a'], [['a']]],
    [['t:b+a'], [['a', 'b']]],
    [
      ['t:a', 't:b'],
      [['a'], ['b']],
    ],
    [['t:a', 't:a+b'], [['a']]],
    [['t:a', 'u:a'], [['a']]],
    [['t:a u:b'], [['a', 'b']]],
    [['t:a', '-'], []],
    [['t'], []],
    [['t:a', 'key'], [['a']]],
    [['key'], [['credentials for key']]],
    [['t:a key'], [['a', 'credentials for key']]],
    [['t:a key', 't:b'], [['b']]],
  ])('%j → %j', (alternatives, want) => {
    expect(neededGrants(planRequirement(requirement(...alternatives)))).toEqual(want)
  })

  test('agrees with the decision, for a token of any scopes', () => {
    const scope = fc.constantFrom('a', 'b', 'c')
    const alternative = fc.array(
      fc.oneof(
        fc.record({ scheme: fc.constantFrom('t', 'u'), token: fc.constant(true), scopes: fc.uniqueArray(scope) }),
        fc.record({ scheme: fc.constant('key'), token: fc.constant(false), scopes: fc.constant([]) }),
      ),
      { maxLength: 3 },
    )
    const schemes = Object.fromEntries(
      ['t', 'u'].map((name) => [name, { name, type: 'oauth2', token: true, flows: {} }] as const),
    )
    fc.assert(
      fc.property(
        fc.array(alternative, { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(scope),
        (alternatives, held) => {
          const stated = { stated: true, alternatives }
          const decision = decide(
            { requirement: stated, fields: { request: [], response: [] } },
            tokenCredentials({ schemes }, held),
          )
          const sets = neededGrants(planRequirement(stated))
          expect(
            sets.length === 0 || sets.some((set) => set.every((grant) => held.some((scope) => scope === grant))),
          ).toBe(decision.allow)
        },
      ),
    )
  })
})

const media = (type: string, schema?: MediaType['schema']): MediaType => ({
  type,
  ...(schema !== undefined && { schema }),
  examples: [],
  encoding: {},
})

test.each<[string[], string, string]>([
  [['application/xml', 'application/json'], 'json', 'application/json'],
  [['application/x-www-form-urlencoded', 'multipart/form-data'], 'multipart', 'multipart/form-data'],
  [['application/merge-patch+json'], 'json', 'application/merge-patch+json'],
  [['image/*'], 'binary', 'application/octet-stream'],
  [['text/plain'], 'text', 'text/plain'],
])('a body of %j is sent as %s', (types, kind, mediaType) => {
  const body: Body = { required: true, content: types.map((type) => media(type)) }
  expect(planBody(body)).toMatchObject({ kind, mediaType })
})

test.each<[Record<string, string[]>, object]>([
  [
    { 200: ['application/json'], 404: ['application/problem+json'] },
    { kind: 'json', accept: 'application/json', empty: [] },
  ],
  [
    { 200: ['application/json'], 204: [] },
    { kind: 'json', empty: ['204'] },
  ],
  [{ 204: [] }, { kind: 'none', variants: [] }],
  [{ default: ['application/json'] }, { kind: 'json', variants: [{ status: 'default' }] }],
  [{ 200: ['text/event-stream'] }, { kind: 'events' }],
  [{ 200: ['application/x-ndjson'] }, { kind: 'lines' }],
  [
    { 200: ['application/json', 'text/csv', 'application/pdf'] },
    {
      kind: 'json',
      others: [
        { mediaType: 'text/csv', kind: 'text' },
        { mediaType: 'application/pdf', kind: 'binary' },
      ],
    },
  ],
  [
    { 200: ['image/png'], default: ['application/json'] },
    { kind: 'binary', accept: 'image/png' },
  ],
])('responses %j', (responses, want) => {
  const list = Object.entries(responses).map(
    ([status, types]): Response => ({
      status,
      description: '',
      headers: [],
      content: types.map((type) => media(type)),
    }),
  )
  expect(planResult(list)).toMatchObject(want)
})

test('a plan: resources with their parents, plain data, pruned by scopes', async () => {
  const response = { 200: { description: '', content: { 'application/json': { schema: { type: 'object' } } } } }
  const model = await modelOf({
    servers: [{ url: 'https://{region}.example/v1/', variables: { region: { default: 'eu' } } }],
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: 'https://id.example/token', scopes: { a: '', b: '' } } },
        },
      },
    },
    paths: {
      '/': { get: { security: [], responses: response } },
      '/teams/{id}/notes': { get: { security: [{ oauth: ['a'] }], responses: response } },
      '/teams/{id}': { delete: { security: [{ oauth: ['b'] }], responses: { 204: { description: '' } } } },
    },
  })
  const plan = planSdk(model)
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  expect(plan).toMatchObject({
    server: 'https://{region}.example/v1',
    variables: { region: { default: 'eu' } },
    tokenEndpoint: 'https://id.example/token',
  })
  const names = (from: typeof plan): string[] =>
    from.resources.map(({ path, operations }) => `${path.join('.')}: ${operations.map(({ name }) => name).join(' ')}`)
  expect(names(plan)).toEqual(['root: get', 'teams: delete', 'teams.notes: get'])
  expect(names(planSdk(model, { scopes: ['a'], prune: true }))).toEqual(['root: get', 'teams: ', 'teams.notes: get'])
})

test('a method and a resource of one name: the method goes by its id', async () => {
  const responses = { 204: { description: '' } }
  const model = await modelOf({
    paths: {
      '/a/notes/{id}': { delete: { responses } },
      '/a/x': { get: { operationId: 'readAll', 'x-sdk-resource': 'a', 'x-sdk-method': 'notes', responses } },
    },
  })
  expect(planSdk(model).resources[0]?.operations.map(({ name }) => name)).toEqual(['readAll'])
})
