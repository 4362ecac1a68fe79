import { describe, expect, test } from 'vitest'
import { draftErrors, readDraft, registrationOf } from '../../../src/components/apps/draft.ts'
import { fieldsOf } from '../../../src/components/form/posted.ts'
import { buildModel } from '../../../src/model/build.ts'

const flows = {
  clientCredentials: { tokenUrl: 'https://example.com/token', scopes: { read: 'Reads', write: 'Writes' } },
}
const document = {
  openapi: '3.1.0',
  info: { title: 'People', version: '1' },
  paths: {},
  components: { securitySchemes: { oauth: { type: 'oauth2', flows } } },
}
const access = { scopes: { read: { default: true } } }
const people = buildModel({ name: 'people', document, sourceVersion: '3.1.0', hash: '', access })
const plain = { ...people, name: 'plain', title: 'Plain', scopes: [] }
const draft = (query: string, apis = [people, plain]) => readDraft(fieldsOf(new URLSearchParams(query)), apis)

describe('scopes that start out ticked', () => {
  test.each([
    ['api=people', ['read']],
    ['api=people&scope=write', ['write']],
    ['api=people&shown=people', []],
    ['api=people&shown=people&scope=read&scope=write', ['read', 'write']],
    ['api=plain&scope=read', []],
    ['', []],
    ['api=secret&scope=read', []],
  ])('%s', (query, scopes) => {
    expect(draft(query).scopes).toEqual(scopes)
  })
})

test('the only API there is needs no choosing', () => {
  expect(draft('', [people]).apis).toEqual([people])
})

test('an unknown kind is a service', () => {
  expect(draft('kind=robot').kind).toBe('service')
})

test('redirect URIs are lines, and a service has none', () => {
  const lines = encodeURIComponent(' https://a.example/cb\r\n\nhttps://b.example/c b ')
  expect(registrationOf(draft(`kind=web&redirectUris=${lines}`)).redirectUris).toEqual([
    'https://a.example/cb',
    'https://b.example/c b',
  ])
  expect(registrationOf(draft(`kind=service&redirectUris=${lines}`)).redirectUris).toEqual([])
})

describe('what the form itself refuses', () => {
  test.each([
    ['a name that is taken', 'name=Org+chart&api=plain', ['name']],
    ['scopes that nobody saw', 'name=Mine&api=people', ['scopes']],
    ['nothing else', 'name=Mine&api=people&shown=people', []],
  ])('%s', (_, query, fields) => {
    expect(Object.keys(draftErrors(draft(query), [{ name: 'Org chart' }]))).toEqual(fields)
  })
})
