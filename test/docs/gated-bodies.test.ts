import { expect, test } from 'vitest'
import { media } from '../../src/components/markup/media.ts'
import { contentView } from '../../src/docs/content.ts'
import { type Viewer, viewer } from '../../src/docs/lens.ts'
import { apiLinks } from '../../src/docs/links.ts'
import { plainSchema } from '../../src/docs/plain-page.ts'
import { schemaPage } from '../../src/docs/schema-page.ts'
import { buildModel } from '../../src/model/build.ts'
import type { Schema } from '../../src/model/schema.ts'
import { plain } from '../../src/wording/inline.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const secret = { 'x-required-scopes': ['pay'] }
const schemas = {
  Slip: { type: 'object', ...secret, properties: { amount: { type: 'integer' } } },
  Mail: { type: 'object', properties: { kind: { const: 'Mail' }, address: { type: 'string' } } },
  Phone: { type: 'object', ...secret, properties: { kind: { const: 'Phone' }, number: { type: 'string' } } },
  Person: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      slips: { type: 'array', items: ref('Slip') },
      either: { oneOf: [ref('Mail'), ref('Phone')] },
      told: { oneOf: [ref('Mail'), ref('Phone')], discriminator: { propertyName: 'kind' } },
    },
  },
}
const flows = { clientCredentials: { tokenUrl: 'https://x.example', scopes: { see: '', pay: '' } } }
const model = buildModel({
  ...{ name: 'api', sourceVersion: '3.1.0', hash: '', access: {} },
  document: {
    openapi: '3.1.0',
    info: { title: 'API', version: '1' },
    components: { schemas, securitySchemes: { oauth: { type: 'oauth2', flows } } },
    paths: {},
  },
})
const see = viewer({ as: 'scopes', scopes: ['see'] }, model, [])
const pay = viewer({ as: 'scopes', scopes: ['see', 'pay'] }, model, [])
const links = apiLinks('api', see.lens)

function body(schema: Schema, value: unknown, who: Viewer) {
  const example = { name: 'a', value }
  const content = [{ type: 'application/json', schema, examples: [example], encoding: {} }]
  const [view] = contentView(content, { model, viewer: who, anchor: 'body', direction: 'response' })
  if (view === undefined) throw new Error('no body')
  return { view, html: String(media(view, links, { named: false, label: 'Body' })) }
}

test('a body that takes a scope as a whole says so, and its example is not shown', () => {
  const { view, html } = body(ref('Slip'), { amount: 1234 }, see)
  expect(plain(view.gated?.withheld?.why ?? [])).toBe('needs pay')
  expect(html).toContain('hidden: needs <code>pay</code>')
  expect(html).not.toContain('1234')
  expect(html).toContain('<s>the body</s>')
  const held = body(ref('Slip'), { amount: 1234 }, pay)
  expect(held.view.gated).toEqual({ scopes: ['pay'] })
  expect(held.html).toContain('1234')
  expect(body({ type: 'array', items: ref('Slip') }, [], see).view.gated?.withheld?.gate).toBe('scope')
})

test('a field is struck where its elements are withheld, or one of its branches that nothing tells apart', () => {
  const rows = (who: Viewer) =>
    Object.fromEntries(
      (body(ref('Person'), {}, who).view.schema?.rows ?? []).map(({ name, withheld }) => [name, withheld?.gate]),
    )
  expect(rows(see)).toEqual({ name: undefined, slips: 'scope', either: 'scope', told: undefined })
  expect(rows(pay)).toEqual({ name: undefined, slips: undefined, either: undefined, told: undefined })
})

test('a branch that a discriminator chooses says by itself what it takes', () => {
  const { view, html } = body(ref('Person'), {}, see)
  const told = view.schema?.rows.find(({ name }) => name === 'told')
  expect(told?.node.choices[0]?.options.map(({ title, gated }) => [title, gated?.withheld?.gate])).toEqual([
    ['Mail', undefined],
    ['Phone', 'scope'],
  ])
  expect(html).toMatch(/<code>Phone<\/code>.*hidden: needs <code>pay<\/code>.*2 fields/)
})

test('so does a schema’s own page, and its Markdown', () => {
  expect(plain(schemaPage('Slip', model, see)?.gated?.withheld?.why ?? [])).toBe('needs pay')
  expect(schemaPage('Mail', model, see)?.gated).toBeUndefined()
  expect(plainSchema('Slip', model, see, links)).toContain('hidden, and refused when sent: needs `pay`')
})
