import { expect, test } from 'vitest'
import { schemaNode } from '../../../src/components/markup/schema.ts'
import { apiLinks } from '../../../src/docs/links.ts'
import { schemaTree } from '../../../src/docs/schema-tree.ts'
import type { Schema } from '../../../src/model/schema.ts'

const viewer = { lens: { as: 'everything' }, name: 'Everything', scopes: [] } as const
const links = apiLinks('api', viewer.lens)

function textOf(schema: Schema): string {
  const node = schemaTree(schema, { model: { schemas: {} }, viewer, anchor: 'body' })
  return String(schemaNode(node, links, 'Body'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
}

test('an alternative says all that it asks for, whether or not it has fields', () => {
  const text = textOf({
    oneOf: [
      { type: 'string', maxLength: 5, description: 'A code.' },
      { type: 'object', required: ['id', 'other'], properties: { id: { type: 'integer' } } },
    ],
  })
  expect(text).toContain('string A code. at most 5 characters')
  expect(text).toContain('with other')
})

test('a condition names the fields that it asks for', () => {
  const conditional: Schema = {
    properties: { country: { type: 'string' }, zip: { type: 'string' } },
    if: { properties: { country: { const: 'US' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { required: ['zip'] },
  }
  expect(textOf(conditional)).toMatch(/Depending on what it holds.* then any with zip/)
})
