import { expect, test } from 'vitest'
import type { ApiModel } from '../../src/model/api.ts'
import { asSeenBy, audienceKey } from '../../src/model/as-seen.ts'
import { buildModel } from '../../src/model/build.ts'
import { documentAsSeen } from '../../src/model/document-as-seen.ts'

const json = (name: string) => ({
  '200': { description: '', content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } },
})

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  tags: [{ name: 'open' }, { name: 'inner' }],
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        flows: { clientCredentials: { scopes: { see: 'See', purge: 'Purge', spare: 'Spare' } } },
      },
    },
    schemas: {
      Shared: { type: 'object' },
      Shown: { type: 'object', properties: { shared: { $ref: '#/components/schemas/Shared' } } },
      Secret: { oneOf: [{ $ref: '#/components/schemas/Shared' }], discriminator: { mapping: { deep: 'Deep' } } },
      Deep: { type: 'object' },
      Unused: { type: 'object', properties: { below: { $ref: '#/components/schemas/BelowUnused' } } },
      BelowUnused: { type: 'string' },
    },
  },
  security: [{ oauth: ['purge'] }],
  paths: {
    '/a': {
      get: {
        operationId: 'getA',
        tags: ['open'],
        security: [{ oauth: ['see'] }],
        responses: {
          '200': {
            ...json('Shown')['200'],
            links: {
              purge: { operationId: 'purgeA' },
              byPlace: { operationRef: '#/paths/~1a/delete', description: 'purges' },
              self: { operationId: 'getA' },
            },
          },
        },
      },
      delete: {
        operationId: 'purgeA',
        tags: ['inner'],
        'x-visibility': { groups: ['staff'] },
        responses: json('Secret'),
      },
    },
    '/only-inner': {
      get: { operationId: 'inner', 'x-visibility': 'signed-in', tags: ['inner'], responses: json('Secret') },
    },
  },
}

function build(document: object): ApiModel {
  return buildModel({ name: 'api', document: { ...document }, sourceVersion: '3.1.0', hash: 'h', access: {} })
}

const whole = build(DOCUMENT)
const seen = (...groups: string[]): ApiModel => {
  const model = asSeenBy(whole, { groups })
  if (model === undefined) throw new Error('hidden')
  return model
}
const open = asSeenBy(whole, undefined)

test('what only a hidden operation brings along is gone with it', () => {
  expect(open?.operations.map(({ id }) => id)).toEqual(['getA'])
  expect(Object.keys(open?.schemas ?? {}).sort()).toEqual(['BelowUnused', 'Shared', 'Shown', 'Unused'])
  expect(open?.scopes.map(({ name }) => name)).toEqual(['see', 'spare'])
  expect(open?.tags.map(({ name }) => name)).toEqual(['open'])
  expect(open?.hash).not.toBe(whole.hash)
})

test('a response leads to no hidden operation', () => {
  const links = (model: ApiModel | undefined) => model?.operations[0]?.responses[0]?.links?.map(({ name }) => name)
  expect(links(whole)).toEqual(['purge', 'byPlace', 'self'])
  expect(links(open)).toEqual(['self'])
})

test('each reader sees their own part, and those who see the same get the same', () => {
  expect(seen().operations.map(({ id }) => id)).toEqual(['getA', 'inner'])
  expect(seen('staff')).toBe(whole)
  expect(seen('administrators')).toBe(whole)
  expect(asSeenBy(whole, undefined)).toBe(open)
  expect(asSeenBy({ ...whole, visibility: { groups: ['staff'] } }, { groups: [] })).toBeUndefined()
})

test('a view has a key of its own, which only the view of everyone lacks', () => {
  const views = [open, seen(), seen('staff')].map((model) => model && audienceKey(model))
  expect(views[0]).toBe('')
  expect(new Set(views).size).toBe(3)
  expect(audienceKey({ visibility: 'signed-in', operations: open?.operations ?? [] })).not.toBe('')
})

test('the document is cut as the model is: compiled, it gives the model that was seen', () => {
  if (open === undefined) throw new Error('hidden')
  const document = documentAsSeen(DOCUMENT, whole, open)
  expect(JSON.stringify(document)).not.toMatch(/purge|inner|Secret|Deep/i)
  const { hash: _, ...again } = build(document)
  const { hash: __, ...expected } = open
  expect(again).toEqual(expected)
  expect(documentAsSeen(DOCUMENT, whole, whole)).toBe(DOCUMENT)
  expect(JSON.stringify(DOCUMENT)).toMatch(/purgeA/)
})
