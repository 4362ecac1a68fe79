import { describe, expect, test } from 'vitest'
import type { Alternative } from '../../src/model/api.ts'
import { modelOf } from '../fixture.ts'

const schemes = {
  oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: { a: '', b: '', c: '' } } } },
  bearer: { type: 'http', scheme: 'Bearer' },
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
      'x-scopes-from',
      { 'x-scopes-from': 'x-vendor' },
      { security: [{ oauth: [] }], 'x-vendor': ['a', { scopes: ['b'] }] },
      true,
      'oauth(a b)',
    ],
  ])('%s', async (_, root, operation, stated, expected) => {
    const requirement = await requirementOf(root, operation)
    expect(requirement?.stated).toBe(stated)
    expect(show(requirement?.alternatives)).toBe(expected)
  })
})
