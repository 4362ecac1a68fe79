import { expect, test } from 'vitest'
import { visibleFields } from '../../src/access/visible-fields.ts'
import type { Schema, Schemas } from '../../src/model/schema.ts'

const gated: Schema = { 'x-required-scopes': ['s'] }
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
const show = (schema: Schema, schemas: Schemas = {}, held: readonly string[] = []) =>
  visibleFields(schema, schemas, new Set(held)).map(({ path, visible }) => (visible ? path : `(${path})`))

test('members, elements, entries', () => {
  const schema: Schema = {
    properties: { list: { items: { properties: { a: gated, 'b/c': {} } } }, pair: { prefixItems: [true, gated] } },
    additionalProperties: { properties: { d: gated } },
  }
  expect(show(schema)).toEqual([
    '/list',
    '/pair',
    '/*',
    '/list/*',
    '/pair/0',
    '(/pair/1)',
    '(/*/d)',
    '(/list/*/a)',
    '/list/*/b~1c',
  ])
  expect(show(schema, {}, ['s'])).not.toContainEqual(expect.stringContaining('('))
})

test('nothing is listed below what is hidden, and recursion ends', () => {
  const schemas = {
    Node: { properties: { secret: { ...gated, properties: { inner: {} } }, children: { items: ref('Node') } } },
  }
  expect(show(ref('Node'), schemas)).toEqual([
    '(/secret)',
    '/children',
    '/children/*',
    '(/children/*/secret)',
    '/children/*/children',
  ])
})

test('a field that one branch gates is hidden, whatever the value will be', () => {
  const schemas = {
    Pet: { properties: { kind: {} }, discriminator: { propertyName: 'kind' } },
    Cat: { allOf: [ref('Pet'), { properties: { name: gated } }] },
    Dog: { allOf: [ref('Pet'), { properties: { name: {} } }] },
  }
  expect(show(ref('Pet'), schemas)).toEqual(['/kind', '(/name)'])
})

test('a body that is gated as a whole', () => {
  expect(visibleFields(gated, {}, new Set())).toEqual([{ path: '', visible: false, scopes: ['s'] }])
})
