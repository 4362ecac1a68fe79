import { expect, test } from 'vitest'
import { viewer } from '../../src/docs/lens.ts'
import { type OwnValues, readValues, storedValues, valueFields, withValues } from '../../src/docs/own-values.ts'
import { samples } from '../../src/docs/samples.ts'
import { tryForm } from '../../src/docs/try-it.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { modelFrom } from '../consumers/models.ts'
import { modelOf } from '../fixture.ts'

const parameter = (name: string, place: string, more: object = {}) => ({
  ...{ name, in: place, required: true, schema: { type: 'string' } },
  ...more,
})
const operation = (operationId: string, parameters: object[]) => ({
  get: { operationId, parameters, responses: { 200: { description: 'OK' } } },
})

const model = await modelFrom({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  paths: {
    '/repos/{owner}/{repo}': operation('getRepo', [parameter('owner', 'path'), parameter('repo', 'path')]),
    '/networks/{owner}/events': operation('listEvents', [
      parameter('owner', 'path'),
      parameter('limit', 'query', { schema: { type: 'integer', default: 10 } }),
      parameter('page', 'query', { required: false }),
    ]),
    '/staff/{id}': operation('getStaff', [parameter('id', 'path')]),
    '/staff/{id}/notes/{note}': operation('getNote', [parameter('id', 'path'), parameter('note', 'path')]),
    '/teams/{id}': operation('getTeam', [parameter('id', 'path', { schema: { type: 'integer' } })]),
    '/reports': operation('listReports', [
      parameter('period', 'query', { schema: { enum: ['day', 'week'] } }),
      parameter('X-Tenant', 'header'),
      parameter('X-Api-Key', 'header'),
      parameter('filter', 'query', { schema: { type: 'object' } }),
    ]),
  },
})

function find(id: string): ApiModel['operations'][number] {
  const found = model.operations.find((each) => each.id === id)
  if (found === undefined) throw new Error(id)
  return found
}

const NONE: OwnValues = new Map()
const fill = (id: string, given: Record<string, unknown>, values = NONE): OwnValues =>
  withValues(values, find(id), model, given)
const own = (id: string, values: OwnValues): string[] =>
  valueFields(find(id), model, values).flatMap((field) => (field.own === undefined ? [] : `${field.name}=${field.own}`))

test('a name that says what it is stands for the same everywhere; a general one, with what it is of', () => {
  const repo = fill('getRepo', { 'path owner': 'acme', 'path repo': 'site' })
  expect(own('listEvents', repo)).toEqual(['owner=acme'])
  const staff = fill('getStaff', { 'path id': '7' })
  expect(own('getNote', staff)).toEqual(['id=7'])
  expect(own('getTeam', staff)).toEqual([])
})

test('what has to be given is filled in, and no secret, nor what is no plain value', () => {
  const fields = (id: string): string[] => valueFields(find(id), model, NONE).map(({ key }) => key)
  expect(fields('listEvents')).toEqual(['path owner', 'query limit'])
  expect(fields('listReports')).toEqual(['query period', 'header X-Tenant'])
  expect(valueFields(find('listReports'), model, NONE)[0]).toMatchObject({ options: ['day', 'week'], example: 'day' })
})

test('what is empty, of another type, too long, or what the document gives anyway is forgotten', () => {
  const before = fill('listEvents', { 'path owner': 'acme', 'query limit': 25 })
  expect(own('listEvents', before)).toEqual(['owner=acme', 'limit=25'])
  for (const limit of ['', ' ', 'many', '2.5', 10, undefined, null])
    expect(own('listEvents', fill('listEvents', { 'query limit': limit }, before)), String(limit)).toEqual([
      'owner=acme',
    ])
  expect(own('listEvents', fill('listEvents', { 'path owner': 'a'.repeat(201) }, before))).toEqual(['limit=25'])
  expect(own('listReports', fill('listReports', { 'query period': 'year', 'header X-Api-Key': 'k' }))).toEqual([])
})

test('they stand in every sample and in try it, of the type that the parameter has, quoted', () => {
  const values = fill('listEvents', { 'path owner': `o'b "$(x)`, 'query limit': '25' })
  const seen = viewer({ as: 'everything' }, model, [])
  const context = { model, viewer: seen, npmScope: 'acme', publicUrl: 'https://portal.example', values }
  const [typescript, ...others] = samples(find('listEvents'), context)
  expect(typescript?.code).toContain(`events.get('o\\'b "$(x)', { query: { limit: 25 } })`)
  for (const { id, code } of others)
    expect(code, id).toMatch(/\/networks\/o.{1,5}b%20%22%24%28x%29\/events[\s\S]*limit.{1,5}25/)
  const form = tryForm(find('listEvents'), model, seen, values)
  expect(form.parameters.map(({ value }) => value)).toEqual([`o'b "$(x)`, 25, undefined])
})

test('in try it, the scopes that are ticked come first, then those that the operation takes', async () => {
  const flows = { clientCredentials: { tokenUrl: '/t', scopes: { a: '', b: '', c: '', d: '' } } }
  const api = await modelOf({
    components: { securitySchemes: { oauth: { type: 'oauth2', flows } } },
    paths: {
      '/a': { get: { security: [{ oauth: ['d'] }, { oauth: ['c'] }], responses: { 200: { description: '' } } } },
    },
  })
  const [operation] = api.operations
  const form = operation && tryForm(operation, api, viewer({ as: 'everything' }, api, []), new Map())
  expect([form?.chosen, form?.scopes.map(({ name }) => name)]).toEqual([['d'], ['d', 'c', 'a', 'b']])
})

test('a cookie holds them, the newest where there are too many, and no other cookie can break a page', () => {
  const odd = fill('getRepo', { 'path owner': 'a;b, c=d&e%20"é', 'path repo': 'x' })
  const stored = storedValues(odd)
  expect(stored).toMatch(/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/)
  expect([...readValues(stored)]).toEqual([...odd])
  const many = new Map(Array.from({ length: 60 }, (_, index) => [`name${index}`, 'x'.repeat(199)]))
  const kept = [...readValues(storedValues(many)).keys()]
  expect([kept.length > 5, kept.length < 20, kept.at(-1)]).toEqual([true, true, 'name59'])
  for (const cookie of [undefined, '', '=', '%', '%zz=%zz', '__proto__=1', 'x'.repeat(5_000)])
    expect(own('getRepo', readValues(cookie)), cookie).toEqual([])
})
