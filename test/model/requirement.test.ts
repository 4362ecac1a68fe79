import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/access/decide.ts'
import type { Alternative } from '../../src/model/api.ts'
import { buildModel } from '../../src/model/build.ts'
import { requirement } from '../../src/model/requirement.ts'
import { modelOf } from '../fixture.ts'

const schemes = {
  oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: { a: '', b: '', c: '' } } } },
  bearer: { type: 'http', scheme: 'Bearer' },
  oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://login.example.com/.well-known/openid-configuration' },
  basic: { type: 'http', scheme: 'basic' },
  key: { type: 'apiKey', in: 'header', name: 'X-Key' },
}

async function requirementOf(root: object, operation: object) {
  const model = await modelOf({
    ...root,
    components: { securitySchemes: schemes },
    paths: { '/x': { get: { responses: { 200: { description: 'ok' } }, ...operation } } },
  })
  return model.operations[0]?.requirement
}

const show = (alternatives: readonly Alternative[] | undefined) =>
  alternatives
    ?.map((alternative) => alternative.map(({ scheme, scopes }) => `${scheme}(${scopes.join(' ')})`).join(' & '))
    .join(' | ')

describe('security in disjunctive normal form', () => {
  test.each([
    ['nothing said', {}, {}, false, ''],
    ['the root is inherited', { security: [{ oauth: ['a'] }] }, {}, true, 'oauth(a)'],
    [
      'the operation overrides the root',
      { security: [{ oauth: ['a'] }] },
      { security: [{ oauth: ['b'] }] },
      true,
      'oauth(b)',
    ],
    ['an empty list is anonymous', { security: [{ oauth: ['a'] }] }, { security: [] }, true, ''],
    [
      'alternatives and conjunctions stay apart',
      {},
      { security: [{ oauth: ['a', 'b'], key: [] }, { bearer: ['c'] }] },
      true,
      'oauth(a b) & key() | bearer(c)',
    ],
    ['an empty object is an alternative', {}, { security: [{ oauth: ['a'] }, {}] }, true, 'oauth(a) | '],
    [
      'x-scope-match: any',
      { 'x-scope-match': 'any' },
      { security: [{ oauth: ['a', 'b'], key: [] }] },
      true,
      'oauth(a) & key() | oauth(b) & key()',
    ],
    [
      'x-scope-match of the operation wins',
      { 'x-scope-match': 'any' },
      { 'x-scope-match': 'all', security: [{ oauth: ['a', 'b'] }] },
      true,
      'oauth(a b)',
    ],
    [
      'x-scopes-from: strings are needed besides',
      { 'x-scopes-from': 'x-vendor' },
      { security: [{ oauth: ['a'], key: [] }, { bearer: [] }], 'x-vendor': ['b', 'a'] },
      true,
      'oauth(a b) & key() | bearer(b a)',
    ],
    [
      'x-scopes-from: objects are alternatives, as Atlassian has them',
      { 'x-scopes-from': 'x-vendor' },
      {
        security: [{ key: [] }, { oauth: ['a'] }],
        'x-vendor': [
          { scheme: 'oauth', state: 'Current', scopes: ['a'] },
          { scheme: 'oauth', state: 'Beta', scopes: ['b', 'c'] },
          { scheme: 'elsewhere', scopes: ['d'] },
        ],
      },
      true,
      'key() | oauth(a) | oauth(b c)',
    ],
    [
      'x-scopes-from, where security says nothing: every scheme that takes a token is a way in',
      { 'x-scopes-from': 'x-vendor' },
      { 'x-vendor': ['a'] },
      true,
      'oauth(a) | bearer(a) | oidc(a)',
    ],
    ['x-scopes-from without scopes says nothing', { 'x-scopes-from': 'x-vendor' }, { 'x-vendor': [] }, false, ''],
    [
      'scopes count on every kind of scheme',
      {},
      { security: [{ oidc: ['a'], bearer: ['b'] }, { key: ['c'] }, { basic: ['d'] }] },
      true,
      'oidc(a) & bearer(b) | key(c) | basic(d)',
    ],
    ['a repeated alternative is one', {}, { security: [{ oauth: ['a'] }, { oauth: ['a', 'a'] }] }, true, 'oauth(a)'],
  ])('%s', async (_, root, operation, stated, expected) => {
    const requirement = await requirementOf(root, operation)
    expect(requirement?.stated).toBe(stated)
    expect(show(requirement?.alternatives)).toBe(expected)
  })
})

describe('what OpenAPI does not know asks for something, never for nothing', () => {
  const { schemes: read } = buildModel({
    name: 'api',
    document: { components: { securitySchemes: schemes } },
    sourceVersion: '3.1.0',
    hash: '',
    access: {},
  })

  test.each([
    ['an object instead of a list', { oauth: ['a'] }, 'oauth(a)'],
    ["a scheme's bare name", ['oauth'], 'oauth()'],
    ['nothing where a scheme should be', [null], 'null()'],
    ['scopes in one string', [{ oauth: 'a b' }], 'oauth(a b)'],
    ['scopes with descriptions', [{ oauth: { a: 'A', b: 'B' } }], 'oauth(a b)'],
    ['a number for a scope', [{ oauth: [1] }], 'oauth(1)'],
    ['a scheme that the document does not have', [{ nowhere: [] }], 'nowhere()'],
    ['a scheme called __proto__', JSON.parse('[{"__proto__": ["a"]}]'), '__proto__(a)'],
  ])('%s', (_, security, expected) => {
    expect(show(requirement({}, { security }, read).alternatives)).toBe(expected)
  })

  test('more combinations than can be listed are kept whole, which asks for more', () => {
    const scopes = Array.from({ length: 20 }, (_, index) => `s${index}`)
    const { alternatives } = requirement(
      { 'x-scope-match': 'any' },
      { security: [{ oauth: scopes, bearer: scopes }] },
      read,
    )
    expect(alternatives.map((alternative) => alternative.map((part) => part.scopes.length))).toEqual([[20, 20]])
  })
})

describe('publishers whose documents mean something else than OpenAPI', () => {
  const get = (security: unknown, more: object = {}) => ({
    ...more,
    security,
    responses: { 200: { description: 'ok' } },
  })
  const verdict = (subject: Parameters<typeof decide>[0] | undefined, ...scopes: string[]) =>
    subject &&
    decide(subject, {
      held: ['Oauth2', 'Oauth2c', 'OAuth2', 'oauth2'].map((scheme) => ({ scheme, scopes })),
    })

  test('Google: an alternative names two schemes that one token stands for', async () => {
    const flow = (name: string) => ({
      [name]: { authorizationUrl: '/a', tokenUrl: '/t', scopes: { read: '', full: '' } },
    })
    const { operations, scopes } = await modelOf({
      components: {
        securitySchemes: {
          Oauth2: { type: 'oauth2', flows: flow('implicit') },
          Oauth2c: { type: 'oauth2', flows: flow('authorizationCode') },
        },
      },
      paths: {
        '/files': {
          get: get([
            { Oauth2: ['full'], Oauth2c: ['full'] },
            { Oauth2: ['read'], Oauth2c: ['read'] },
          ]),
        },
      },
    })
    expect(scopes.map(({ name, declared }) => [name, declared])).toEqual([
      ['read', true],
      ['full', true],
    ])
    expect(verdict(operations[0], 'read')?.allow).toBe(true)
    expect(verdict(operations[0], 'other')).toMatchObject({ status: 403, missing: [['full'], ['read']] })
  })

  test('Atlassian: classic scopes, or granular ones, in an extension', async () => {
    const { operations } = await modelOf({
      'x-scopes-from': 'x-atlassian-oauth2-scopes',
      components: {
        securitySchemes: { OAuth2: { type: 'oauth2', flows: {} }, basicAuth: { type: 'http', scheme: 'basic' } },
      },
      paths: {
        '/field': {
          get: get([{ basicAuth: [] }, { OAuth2: ['manage:jira-configuration'] }], {
            'x-atlassian-oauth2-scopes': [
              { scheme: 'OAuth2', scopes: ['manage:jira-configuration'], state: 'Current' },
              { scheme: 'OAuth2', scopes: ['read:field:jira', 'read:context:jira'], state: 'Beta' },
            ],
          }),
        },
      },
    })
    expect(verdict(operations[0], 'manage:jira-configuration')?.allow).toBe(true)
    expect(verdict(operations[0], 'read:field:jira', 'read:context:jira')?.allow).toBe(true)
    expect(verdict(operations[0], 'read:field:jira')).toMatchObject({
      missing: [['manage:jira-configuration'], ['read:context:jira']],
    })
  })
})

const scope = fc.constantFrom('a', 'b', 'c', 'd')
const scheme = fc.constantFrom('oauth', 'bearer', 'key', 'nowhere')
const security = fc.array(fc.dictionary(scheme, fc.array(scope, { maxLength: 3 }), { maxKeys: 3 }), { maxLength: 4 })
const stated = fc.record({ security, 'x-scope-match': fc.constantFrom('any', 'all') }, { requiredKeys: [] })
const held = fc.dictionary(scheme, fc.uniqueArray(scope), { maxKeys: 4 })

/** What OpenAPI and `x-scope-match` say, straight from the document: shares nothing with the normal form. */
function allows(
  root: { security?: Record<string, string[]>[]; 'x-scope-match'?: string },
  operation: typeof root,
  credentials: Record<string, string[]>,
): boolean {
  const security = operation.security ?? root.security ?? []
  const any = (operation['x-scope-match'] ?? root['x-scope-match']) === 'any'
  if (security.length === 0) return true
  return security.some((alternative) =>
    Object.entries(alternative).every(([name, scopes]) => {
      const owned = Object.hasOwn(credentials, name) ? credentials[name] : undefined
      if (owned === undefined) return false
      if (any && scopes.length > 0) return scopes.some((one) => owned.includes(one))
      return scopes.every((one) => owned.includes(one))
    }),
  )
}

test('the normal form allows exactly what the document says', () => {
  fc.assert(
    fc.property(stated, stated, held, (root, operation, credentials) => {
      const subject = { requirement: requirement(root, operation, {}), fields: { request: [], response: [] } }
      const decision = decide(subject, {
        held: Object.entries(credentials).map(([name, scopes]) => ({ scheme: name, scopes })),
      })
      expect(decision.allow).toBe(allows(root, operation, credentials))
    }),
    { numRuns: 5_000 },
  )
})
