import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { type Adoption, adoptionOf } from '../../src/server/adoption.ts'
import { compile } from '../../src/server/compile.ts'
import { rehearse } from '../../src/server/rehearsal.ts'
import { hashFolder, readFolder } from '../../src/spec/folder.ts'

/** A document as most companies write them: a token, and not a word about what it may do. */
const ORDERS = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1.0.0' },
  components: {
    securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Order: { type: 'object', properties: { id: { type: 'string' }, buyer: { $ref: '#/components/schemas/Buyer' } } },
      Buyer: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          dateOfBirth: { type: 'string', format: 'date' },
          iban: { type: 'string' },
          has_password: { type: 'boolean' },
          'odd name': { allOf: [{ type: 'object', properties: { ssn: { type: 'string' } } }] },
        },
      },
      Login: { type: 'object', required: ['password'], properties: { password: { type: 'string' } } },
    },
  },
  security: [{ bearerAuth: [] }],
  paths: {
    '/v1/orders': {
      get: responding({ type: 'array', items: { $ref: '#/components/schemas/Order' } }),
      post: responding({ $ref: '#/components/schemas/Order' }),
    },
    '/v1/orders/{id}': {
      get: { ...responding({ $ref: '#/components/schemas/Order' }), security: [{ bearerAuth: [] }] },
      delete: responding({}),
    },
    '/v1/orders/search': { post: responding({ $ref: '#/components/schemas/Order' }) },
    '/v1/admin/orders': { get: responding({ $ref: '#/components/schemas/Order' }) },
    '/v1/health': { get: { ...responding({}), security: [] } },
    '/v1/invoices': { get: responding({ $ref: '#/components/schemas/Login' }) },
  },
}

function responding(schema: object) {
  return { responses: { '200': { description: 'OK', content: { 'application/json': { schema } } } } }
}

async function folderOf(document: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(document))
  return folder
}

async function adopt(path: string): Promise<Adoption & { missed: readonly string[] }> {
  const folder = await readFolder(path)
  const compilation = await compile(folder, await hashFolder(folder, ''))
  if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join('\n'))
  const adoption = await adoptionOf(folder, compilation.compiled)
  return {
    ...adoption,
    missed: await rehearse(folder, adoption, async (changed) => compile(changed, await hashFolder(changed, ''))),
  }
}

async function save(path: string, { after }: Adoption): Promise<void> {
  await writeFile(join(path, 'overlay.yaml'), after.overlay)
  await writeFile(join(path, 'access.yaml'), after.access)
}

async function modelOf(path: string) {
  const folder = await readFolder(path)
  const compilation = await compile(folder, await hashFolder(folder, ''))
  if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join('\n'))
  return compilation.compiled.model
}

test('proposes scopes by resource and effect, and fields by what their names give away', async () => {
  const { proposal, missed } = await adopt(await folderOf(ORDERS))
  expect(Object.fromEntries(proposal.operations.map(({ operation, scopes }) => [operation, scopes.join(' ')]))).toEqual(
    {
      'GET /v1/orders': 'orders:read',
      'POST /v1/orders': 'orders:write',
      'GET /v1/orders/{id}': 'orders:read',
      'DELETE /v1/orders/{id}': 'orders:write',
      'POST /v1/orders/search': 'orders:read',
      'GET /v1/admin/orders': 'orders:admin',
      'GET /v1/invoices': 'invoices:read',
    },
  )
  expect(Object.fromEntries(proposal.fields.map(({ field, scopes }) => [field, scopes.join(' ')]))).toEqual({
    'Buyer.dateOfBirth': 'birth-dates:view',
    'Buyer.iban': 'bank-details:view',
    'odd name.ssn': 'identity-numbers:view',
    'Login.password': 'secrets:view',
  })
  expect(proposal.leftAlone.map(({ what }) => what)).toEqual(['GET /v1/health'])
  for (const { reason } of [...proposal.operations, ...proposal.fields]) expect(reason).not.toBe('')
  expect(missed).toEqual([])
})

test('what is saved is in force: an overlay replaces what an operation said, and every scope is declared', async () => {
  const folder = await folderOf(ORDERS)
  await save(folder, await adopt(folder))
  const { operations, scopes } = await modelOf(folder)
  const one = operations.find(({ method, path }) => method === 'GET' && path === '/v1/orders/{id}')
  // Not an alternative beside the one that any token satisfied.
  expect(one?.requirement.alternatives).toEqual([[{ scheme: 'bearerAuth', token: true, scopes: ['orders:read'] }]])
  expect(one?.fields.response.map(({ name, scopes: needed }) => `${name} ${needed}`).sort()).toEqual([
    'dateOfBirth birth-dates:view',
    'iban bank-details:view',
    'ssn identity-numbers:view',
  ])
  expect(scopes.filter(({ declared }) => !declared)).toEqual([])
  expect(scopes.find(({ name }) => name === 'orders:admin')?.title).toBe('Administer orders')
})

test('run again, it keeps what was edited, leaves out what was declined, and adds what is new', async () => {
  const folder = await folderOf(ORDERS)
  const first = await adopt(folder)
  const edited = first.after.overlay
    .replaceAll('[ orders:read ]', '[ orders:see ]')
    .replace('actions:\n', 'actions: # reviewed\n')
    .replace(/ {2}- target: \$\.components\.schemas\.Buyer\.properties\.iban\n.*\n.*\n.*\n/, '')
  const access = first.after.access.replaceAll('orders:read', 'orders:see')
  await save(folder, { ...first, after: { overlay: edited, access } })
  const again = await adopt(folder)
  expect(again.after).toEqual({ overlay: edited, access })

  const later = structuredClone(ORDERS) as typeof ORDERS & { paths: Record<string, object> }
  later.paths['/v1/orders/{id}/lines'] = { get: responding({ $ref: '#/components/schemas/Order' }) }
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(later))
  const added = await adopt(folder)
  expect(added.proposal.operations.map(({ operation, scopes }) => [operation, ...scopes])).toEqual([
    ['GET /v1/orders/{id}/lines', 'orders:see'],
  ])
  expect(added.proposal.fields).toEqual([])
  expect(added.proposal.scopes).toEqual([])
  const lines = added.after.overlay.split('\n')
  expect(edited.split('\n').filter((line) => !lines.includes(line))).toEqual([])
  expect(added.after.access).toBe(access)
  expect(added.missed).toEqual([])
})

test.each([
  ['an API key stays a way in beside the token', { type: 'apiKey', in: 'header', name: 'X-Key' }, 'key', 2],
  ['a token is asked for its scope where it stands', { type: 'oauth2', flows: {} }, 'oauth', 1],
])('%s', async (_, scheme, name, ways) => {
  const folder = await folderOf({
    ...ORDERS,
    components: { ...ORDERS.components, securitySchemes: { [name]: scheme } },
    security: [{ [name]: [] }],
    paths: { '/v1/orders': ORDERS.paths['/v1/orders'] },
  })
  const adoption = await adopt(folder)
  expect(adoption.missed).toEqual([])
  await save(folder, adoption)
  const { operations } = await modelOf(folder)
  const alternatives = operations[0]?.requirement.alternatives ?? []
  expect(alternatives).toHaveLength(ways)
  expect(alternatives.at(-1)).toMatchObject([{ token: true, scopes: ['orders:read'] }])
})

test('Swagger 2.0: the overlay speaks of the document as it was written', async () => {
  const folder = await folderOf({
    swagger: '2.0',
    info: { title: 'Staff', version: '1' },
    produces: ['application/json', 'application/hal+json'],
    definitions: { Employee: { type: 'object', properties: { salary: { type: 'number' } } } },
    paths: {
      '/employees': {
        get: {
          responses: {
            '200': {
              description: 'OK',
              schema: {
                type: 'object',
                properties: {
                  ssn: { type: 'string' },
                  staff: { type: 'array', items: { $ref: '#/definitions/Employee' } },
                },
              },
            },
          },
        },
      },
    },
  })
  const adoption = await adopt(folder)
  expect(adoption.missed).toEqual([])
  expect(adoption.proposal.fields.map(({ target }) => target)).toEqual([
    "$.paths['/employees'].get.responses['200'].schema.properties.ssn",
    '$.definitions.Employee.properties.salary',
  ])
  await save(folder, adoption)
  const { operations, scopes } = await modelOf(folder)
  expect([...new Set(operations[0]?.fields.response.map(({ name }) => name))].sort()).toEqual(['salary', 'ssn'])
  expect(scopes.map(({ name }) => name).sort()).toEqual(['employees:read', 'identity-numbers:view', 'pay:view'])
})

test('a field that requests have to send is named, not proposed', async () => {
  const body = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Payee' } } } }
  const folder = await folderOf({
    ...ORDERS,
    components: {
      ...ORDERS.components,
      schemas: { Payee: { type: 'object', required: ['iban'], properties: { iban: { type: 'string' } } } },
    },
    paths: { '/payees': { post: { ...responding({ $ref: '#/components/schemas/Payee' }), requestBody: body } } },
  })
  const { proposal } = await adopt(folder)
  expect(proposal.fields).toEqual([])
  expect(proposal.leftAlone).toEqual([{ what: 'Payee.iban', reason: 'Sensitive, but requests have to send it.' }])
})

test('both files are YAML, with the reason at each action', async () => {
  const { after } = await adopt(await folderOf(ORDERS))
  const overlay = parse(after.overlay)
  for (const action of overlay.actions) if (action.remove !== true) expect(action.description).toMatch(/\.$/)
  expect(overlay['x-sallyport-offered']).toHaveLength(11)
  expect(Object.keys(parse(after.access).scopes)).toContain('orders:read')
})
