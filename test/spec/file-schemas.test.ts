import { type Schema, Validator } from '@cfworker/json-schema'
import { expect, test } from 'vitest'
import { FILE_NAMES, fileSchema } from '../../src/spec/file-schemas.ts'

function valid(name: string, value: unknown): boolean {
  return new Validator(fileSchema(name) as Schema, '2020-12').validate(value).valid
}

test('each file has a schema, and no other', () => {
  expect(FILE_NAMES).toEqual(['access', 'apis', 'overlay', 'policies', 'portal', 'seed'])
  for (const name of FILE_NAMES) expect(fileSchema(name)).toMatchObject({ $schema: expect.stringContaining('2020-12') })
  expect(fileSchema('__proto__')).toBeUndefined()
})

test('an editor is told the same as the server tells', () => {
  const rule = {
    name: 'R',
    when: { grants: ['client_credentials'], authenticatedWithin: '12h' },
    // biome-ignore lint/suspicious/noThenProperty: the file format's word.
    then: { accessToken: '15m' },
  }
  const access = {
    lifecycle: 'stable',
    sunset: '2027-06-30',
    scopes: { a: { consent: 'required' } },
    check: { 'scope-unused': 'off' },
  }
  expect(valid('access', { ...access, policies: [{ name: 'P', rules: [rule] }] })).toBe(true)
  expect(valid('access', { ...access, policies: [{ name: 'P', rules: [{ ...rule, wen: {} }] }] })).toBe(false)
  expect(valid('access', { lifecicle: 'stable' })).toBe(false)
  expect(valid('access', { check: { 'scope-unusd': 'off' } })).toBe(false)
  expect(valid('apis', { apis: [{ name: 'a', url: 'https://example.com/' }] })).toBe(true)
  expect(valid('apis', { apis: [{ name: 'a', uri: 'https://example.com/' }] })).toBe(false)
  expect(valid('portal', { npmScope: '@a' })).toBe(false)
  expect(valid('policies', { policies: [{ name: 'P', apis: ['tag:hr'], rules: [] }] })).toBe(true)
  expect(valid('seed', { '/orders': [{ id: 1 }] })).toBe(true)
})
