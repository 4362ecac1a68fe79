import fc from 'fast-check'
import { expect, test } from 'vitest'
import { offeredIn, withProposal } from '../../src/adopt/files.ts'
import { propose } from '../../src/adopt/proposal.ts'
import { sensitivityOf } from '../../src/adopt/sensitive.ts'
import { targetOf } from '../../src/adopt/target.ts'
import { buildModel } from '../../src/model/build.ts'

const name = fc.constantFrom(
  'orders',
  'admin',
  'api',
  'v2',
  '{id}',
  'chat.postMessage',
  "o'x",
  'login',
  'search',
  'roles',
)
const path = fc.array(name, { maxLength: 4 }).map((names) => `/${names.join('/')}`)
const security = fc.option(
  fc.constantFrom([], [{}], [{ bearer: [] }], [{ key: [] }], [{ bearer: [], key: [] }], [{ bearer: ['own:scope'] }]),
  { nil: undefined },
)
const schema = fc.constantFrom(
  { type: 'object', properties: { salary: { type: 'number' }, password: { type: 'string' }, name: {} } },
  { $ref: '#/components/schemas/Person' },
  { allOf: [{ $ref: '#/components/schemas/Person' }, { properties: { iban: { type: 'string' } } }] },
)
const operation = fc.record({ security, schema }).map(({ security, schema }) => ({
  ...(security !== undefined && { security }),
  responses: { '200': { description: '', content: { 'application/json': { schema } } } },
}))
const document = fc
  .record({
    security,
    paths: fc.dictionary(path, fc.dictionary(fc.constantFrom('get', 'post', 'delete'), operation, { minKeys: 1 })),
  })
  .map(({ security, paths }) => ({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    ...(security !== undefined && { security }),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      },
      schemas: {
        Person: {
          type: 'object',
          properties: { ssn: { type: 'string' }, boss: { $ref: '#/components/schemas/Person' } },
        },
      },
    },
    paths,
  }))

test('nothing that has its scopes is touched, nothing is opened, and what was offered is not offered again', () => {
  fc.assert(
    fc.property(document, (root) => {
      const model = buildModel({ name: 'api', document: root, sourceVersion: '3.1.0', hash: '', access: {} })
      const proposal = propose({ model, document: root, offered: new Set() })
      const byName = new Map(model.operations.map((operation) => [`${operation.method} ${operation.path}`, operation]))
      for (const { operation, scopes, security } of proposal.operations) {
        const { requirement } = byName.get(operation) ?? { requirement: undefined }
        expect(JSON.stringify(requirement)).not.toContain('own:scope')
        // Open to anyone only where the document said nothing at all.
        if (security.some((alternative) => Object.keys(alternative).length === 0) || scopes.length === 0)
          expect(requirement?.stated).toBe(false)
      }
      const scopes = new Set([...proposal.operations, ...proposal.fields].flatMap((one) => one.scopes))
      expect(new Set(proposal.scopes.map((scope) => scope.name))).toEqual(scopes)

      const files = withProposal({ overlay: '', access: '' }, proposal, 'T')
      const again = propose({ model, document: root, offered: offeredIn(files.overlay) })
      expect([again.operations, again.fields, again.scopes]).toEqual([[], [], []])
      expect(withProposal(files, again, 'T')).toEqual(files)
    }),
    { numRuns: 100 },
  )
})

test.each([
  ['salary', {}, 'pay:view'],
  ['base_salary_amount', {}, 'pay:view'],
  ['dateOfBirth', {}, 'birth-dates:view'],
  ['SSN', {}, 'identity-numbers:view'],
  ['employeeSsnNumber', {}, 'identity-numbers:view'],
  ['accountNumber', { siblings: ['accountNumber', 'iban'] }, 'bank-details:view'],
  ['accountNumber', { siblings: ['accountNumber', 'customer'] }, undefined],
  ['tax_id', { owner: 'Person' }, 'identity-numbers:view'],
  ['tax_id', { owner: 'Invoice' }, undefined],
  ['client_secret', {}, 'secrets:view'],
  ['next_page_token', {}, undefined],
  ['has_password', {}, undefined],
  ['password_reset_url', {}, undefined],
  ['salaryCurrency', {}, undefined],
  ['min_salary', {}, undefined],
  ['basin', {}, undefined],
])(
  'a field called %s in %j needs %s',
  (field, { owner = 'Thing', siblings = [] }: { owner?: string; siblings?: string[] }, scope) => {
    expect(sensitivityOf(field, { owner, siblings })?.scope).toBe(scope)
  },
)

test.each([
  ['/paths/~1a~1{b}/get', '3.0.3', "$.paths['/a/{b}'].get"],
  ["/paths/~1o'x\\/get", '3.1.0', "$.paths['/o\\'x\\\\'].get"],
  [
    '/components/schemas/File--Full/allOf/1/properties/x',
    '3.1.0',
    "$.components.schemas['File--Full'].allOf[1].properties.x",
  ],
  ['/components/schemas/A/properties/b', '2.0', '$.definitions.A.properties.b'],
  ['/components/responses/R/content/application~1json/schema/items', '2.0', '$.responses.R.schema.items'],
])('%s of %s is %s in an overlay', (pointer, version, target) => {
  expect(targetOf(pointer, version)).toBe(target)
})
