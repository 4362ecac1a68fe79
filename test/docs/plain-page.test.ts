import { expect, test } from 'vitest'
import { EVERYTHING, viewer } from '../../src/docs/lens.ts'
import { apiLinks } from '../../src/docs/links.ts'
import { llmsIndex } from '../../src/docs/machines.ts'
import { plainApi, plainEverything, plainOperation, plainSchema } from '../../src/docs/plain-page.ts'
import { plainAddress } from '../../src/docs/plain-text.ts'
import { sitemap } from '../../src/docs/sitemap.ts'
import { modelOf } from '../fixture.ts'

const things = () =>
  modelOf({
    info: { title: 'Things', version: '2', description: 'All *sorts*.' },
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: 'https://example.com', scopes: { 'a:read': 'Read' } } },
        },
      },
      schemas: {
        Thing: {
          description: 'One\nthing.',
          required: ['id'],
          properties: {
            id: { type: 'string', description: 'Its `id`.' },
            price: { type: 'number', minimum: 0, 'x-required-scopes': ['a:read'] },
          },
        },
      },
    },
    paths: {
      '/things': {
        get: {
          operationId: 'listThings',
          summary: 'List `things`',
          externalDocs: { url: 'https://docs.example/things', description: 'How *things* work' },
          security: [{ oauth: ['a:read'] }],
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 50 }, description: 'At most.' },
          ],
          responses: {
            200: {
              description: 'Yes',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
            },
          },
        },
      },
    },
  })

test('an operation as Markdown says what its page says', async () => {
  const model = await things()
  const [operation] = model.operations
  if (operation === undefined) throw new Error('no operation')
  const context = { model, viewer: viewer(EVERYTHING, model, []), npmScope: 'acme', publicUrl: 'https://p' }
  const text = plainOperation(operation, context, apiLinks(model.name, EVERYTHING))
  expect(text).toContain('# GET /things\n')
  expect(text).toContain('It takes `a:read`.')
  expect(text).toContain('See also [How things work](https://docs.example/things)')
  expect(text).toContain('## Query parameters\n\n- `limit` (integer): At most. · at most 50')
  expect(text).toContain('- `id` (string, required): Its `id`.')
  expect(text).toContain('- `price` (number): at least 0 · needs `a:read`')
  expect(text).toMatch(/```ts\nimport \{ Api \} from '@acme\/api'/)
})

test('an API, and a schema: links lead to Markdown, too', async () => {
  const model = await things()
  const seen = viewer({ as: 'anyone' }, model, [])
  const links = apiLinks(model.name, seen.lens)
  const api = plainApi(model, seen, links, [{ name: 'start', title: 'Start', markdown: '' }])
  expect(api).toContain(
    '- [`GET /things`](/apis/api/operations/listThings.md?as=anyone): List `things`. **Not everyone** can call this.',
  )
  expect(api).toContain('- [Start](/apis/api/guides/start.md?as=anyone)')
  expect(plainSchema('Thing', model, seen, links)).toContain('needs `a:read`')
  expect(plainSchema('toString', model, seen, links)).toBeUndefined()
  expect(plainAddress('/a/b?x=1#y')).toBe('/a/b.md?x=1#y')
})

test('everything says the fields of a schema with a name once', async () => {
  const model = await things()
  const context = { model, viewer: viewer(EVERYTHING, model, []), npmScope: 'acme', publicUrl: 'https://p' }
  const all = [...plainEverything(context, apiLinks(model.name, EVERYTHING), [])].join('\n')
  expect(all.match(/- `price` \(number\)/g)).toHaveLength(1)
  expect(all.indexOf('- `price`')).toBeGreaterThan(all.indexOf('# Thing\n'))
  expect(all).toContain('`application/json`: Thing')
})

test('indexes for machines', async () => {
  const model = await things()
  expect(llmsIndex([model], { name: 'Portal', publicUrl: 'https://p' })).toContain(
    '- [Things 2](https://p/apis/api.md): All sorts.',
  )
  expect(sitemap(model, ['start'], 'https://p')).toContain('<loc>https://p/apis/api/operations/listThings</loc>')
})
