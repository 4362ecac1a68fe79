import { expect, test } from 'vitest'
import { type LensApp, type Viewer, viewer } from '../../src/docs/lens.ts'
import { apiLinks } from '../../src/docs/links.ts'
import { operationPage } from '../../src/docs/operation-page.ts'
import { plainOperation, plainSchema, plainScopes } from '../../src/docs/plain-page.ts'
import { schemaPage } from '../../src/docs/schema-page.ts'
import type { FieldRow } from '../../src/docs/schema-tree.ts'
import { scopeMatrix } from '../../src/docs/scope-matrix.ts'
import { scopeRows } from '../../src/docs/scopes.ts'
import { search } from '../../src/docs/search.ts'
import { tryForm } from '../../src/docs/try-it.ts'
import { reach, verdict } from '../../src/docs/verdict.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { buildModel } from '../../src/model/build.ts'
import type { EvaluatedPolicy } from '../../src/policy/evaluate.ts'
import { plain } from '../../src/wording/inline.ts'

/** One rule grants money, another one health; no token holds both. */
const policy = (...sets: string[][]): EvaluatedPolicy => ({
  name: 'Duties',
  mode: 'all-or-nothing',
  // biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word; a rule is never awaited.
  rules: sets.map((scopes) => ({ name: scopes.join(' '), when: { scopes }, then: {} })),
})

const needs = (...scopes: string[]) => ({ type: 'string', 'x-required-scopes': scopes })
const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const employee = json(ref('Employee'))
const scopes = { see: '', admin: '', pay: '', health: '', alone: '', secret: '' }
const model: ApiModel = buildModel({
  ...{ name: 'api', sourceVersion: '3.1.0', hash: '', access: {} },
  document: {
    openapi: '3.1.0',
    info: { title: 'API', version: '1' },
    components: {
      securitySchemes: {
        oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://x.example', scopes } } },
      },
      schemas: {
        Employee: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            salary: needs('pay'),
            diagnosis: needs('health'),
            claim: needs('pay', 'health'),
            badge: needs('alone'),
            file: needs('secret'),
          },
        },
        Badge: { type: 'object', properties: { number: needs('alone') } },
      },
    },
    paths: {
      '/employees': {
        get: {
          operationId: 'list',
          security: [{ oauth: ['see'] }],
          responses: { 200: { description: '', ...employee } },
        },
        put: {
          operationId: 'change',
          security: [{ oauth: ['see'] }, { oauth: ['admin'] }],
          requestBody: employee,
          responses: { 204: { description: '' } },
        },
        delete: {
          operationId: 'erase',
          security: [{ oauth: ['secret'] }],
          responses: { 200: { description: '', ...employee } },
        },
      },
      '/badges': {
        get: {
          operationId: 'badges',
          security: [{ oauth: ['alone'] }],
          responses: { 200: { description: '', ...json(ref('Badge')) } },
        },
      },
    },
  },
})

const DUTIES = [
  ['see', 'pay'],
  ['see', 'health'],
  ['alone', 'admin'],
]
const registered: LensApp = {
  ...{ id: 'app-1', name: 'Report', kind: 'service', verified: false, apis: ['api'] },
  scopes: ['see', 'admin', 'pay', 'health', 'alone'],
}

function through(sets: string[][] = DUTIES, app: Partial<LensApp> = {}): { seen: Viewer; app: LensApp } {
  const whole = { ...registered, policies: new Map([['api', [policy(...sets)]]]), ...app }
  return { seen: viewer({ as: 'app', app: whole.id }, model, [whole]), app: whole }
}

function operation(id: string) {
  const found = model.operations.find((one) => one.id === id)
  if (found === undefined) throw new Error(id)
  return found
}

const page = (id: string, seen: Viewer) =>
  operationPage(operation(id), { model, viewer: seen, npmScope: 's', publicUrl: 'http://localhost' })

const reasons = (rows: readonly FieldRow[] | undefined): Record<string, string> =>
  Object.fromEntries(
    (rows ?? []).flatMap(({ name, withheld }) =>
      withheld === undefined ? [] : [[name, `${withheld.gate} ${withheld.how}: ${plain(withheld.why)}`]],
    ),
  )

const inResponse = (id: string, seen: Viewer) => reasons(page(id, seen).responses[0]?.content[0]?.schema?.rows)

test('a field is seen only by a token that can make the call as well', () => {
  const { seen } = through()
  expect(inResponse('list', seen)).toEqual({
    claim: 'shut hidden: no rule grants pay and health together here',
    badge: 'shut hidden: no rule grants see and alone together here',
    file: 'shut hidden: no rule grants secret here',
  })
  expect(plain(page('list', seen).verdict.sentence)).toBe(
    'Report can call this. It won’t see badge, claim and file. No one token shows it all the others.',
  )
  expect(reach(model, seen)).toEqual({ callable: 3, of: 4, unstated: 0, hidden: 3 })
})

test('any of the ways in will do, and what is sent is refused', () => {
  const body = (seen: Viewer) => reasons(page('change', seen).body?.content[0]?.schema?.rows)
  expect(body(through().seen)).toEqual({
    claim: 'shut refused when sent: no rule grants pay and health together here',
    file: 'shut refused when sent: no rule grants secret here',
  })
  // Only registered for one of the ways in, and what the other would open is not for it.
  const { seen } = through(DUTIES, { scopes: ['see', 'pay', 'alone'] })
  expect(body(seen)).toEqual({
    diagnosis: 'scope refused when sent: needs health',
    claim: 'shut refused when sent: no rule grants pay and health together here',
    badge: 'shut refused when sent: no rule grants see and alone together here',
    file: 'shut refused when sent: no rule grants secret here',
  })
})

test('where one token holds everything, nothing is said of tokens', () => {
  const { seen } = through([['see', 'admin', 'pay', 'health', 'alone']])
  expect(inResponse('list', seen)).toEqual({ file: 'shut hidden: no rule grants secret here' })
  expect(plain(page('list', seen).verdict.sentence)).toBe('Report can call this. It won’t see file.')
})

test('an example is what one token gets', () => {
  const shown = (id: string, seen: Viewer) =>
    (page(id, seen).responses[0]?.content[0]?.examples[0]?.lines ?? []).flatMap(({ withheld }) =>
      withheld === undefined ? [] : [withheld.path],
    )
  expect(shown('list', through().seen)).toEqual(['/diagnosis', '/claim', '/badge', '/file'])
  expect(shown('list', viewer({ as: 'scopes', scopes: ['see', 'pay', 'health'] }, model, []))).toEqual([
    '/badge',
    '/file',
  ])
})

test('a call that no rule grants shows none of what takes a scope', () => {
  expect(inResponse('erase', through().seen)).toMatchObject({
    salary: 'shut hidden: no rule grants secret and pay together here',
  })
})

test('a way in that no rule grants doesn’t hide one that only takes a further scope', () => {
  const { seen } = through([['admin', 'alone']], { scopes: ['see', 'alone'] })
  expect(verdict(operation('change'), seen, model.schemes)).toMatchObject({
    gate: 'scope',
    short: '+ admin',
    missing: [['admin']],
  })
})

test('for people whom the app isn’t for, that is the reason', () => {
  const signedIn = { id: 'p', name: 'Kim', email: 'kim@example.com', groups: [], profile: {} }
  const { seen } = through(DUTIES, { kind: 'web', signedIn, assigned: { people: [], groups: ['board'] } })
  expect(inResponse('list', seen)).toMatchObject({ salary: 'shut hidden: who is signed in isn’t one of its people' })
})

test('a schema, the matrix, and search ask for the calls that carry the field', async () => {
  const { seen, app } = through()
  const fields = (name: string) => reasons(schemaPage(name, model, seen)?.node.rows)
  // `change` takes it with `admin`.
  expect(Object.keys(fields('Employee'))).toEqual(['claim', 'file'])
  expect(fields('Badge')).toEqual({})
  const { seen: apart } = through([['see'], ['alone'], ['pay']])
  expect(reasons(schemaPage('Employee', model, apart)?.node.rows)).toMatchObject({
    salary: 'shut hidden, and refused when sent: no rule grants see and pay together here',
    badge: 'shut hidden, and refused when sent: no rule grants see and alone together here',
  })
  const view = { find: '', only: '', by: 'document' }
  const gates = (who: Viewer) =>
    scopeMatrix(model, who, apiLinks('api', who.lens), view)
      .rows.filter(({ kind }) => kind === 'field')
      .map(({ label, gate }) => [label, gate])
      .sort()
  expect(gates(seen)).toEqual([
    ['Badge.number', 'open'],
    ['Employee.badge', 'open'],
    ['Employee.claim', 'shut'],
    ['Employee.diagnosis', 'open'],
    ['Employee.file', 'shut'],
    ['Employee.salary', 'open'],
  ])
  const context = { apis: [{ model, guides: [] }], lens: seen.lens, apps: [app] }
  const found = async (text: string) =>
    (await search(text, context)).results
      .filter(({ kind }) => kind === 'field')
      .map(({ gate, access }) => [gate, access])
  expect(await found('claim')).toEqual([
    ['shut', 'hidden, and refused when sent: no rule grants pay and health together here'],
  ])
  expect(await found('salary')).toEqual([['open', 'needs pay']])
})

test('the Markdown says the same', () => {
  const { seen } = through()
  const context = { model, viewer: seen, npmScope: 's', publicUrl: 'http://localhost' }
  const text = plainOperation(operation('list'), context, apiLinks('api', seen.lens))
  expect(text).toContain('It won’t see `badge`, `claim` and `file`.')
  expect(text).toContain('`claim` (string): hidden: no rule grants `pay` and `health` together here')
  expect(text).toContain('`salary` (string): needs `pay`')
  expect(text).not.toMatch(/\n *\n *"|,\n *\n *}/)
  expect(plainSchema('Employee', model, seen, apiLinks('api', seen.lens))).toContain(
    'hidden, and refused when sent: no rule grants `pay` and `health` together here',
  )
  expect(plainScopes(model, seen)).toMatch(
    /`pay`: .*, held\)\n.*`health`.*\n.*`alone`.*\n.*`secret`: .*, granted by no rule\)/,
  )
})

test('of a scope it is said whether a token can hold it', () => {
  const { seen } = through(DUTIES, { scopes: ['see', 'secret'] })
  expect(Object.fromEntries(scopeRows(model, seen).map(({ scope, gate }) => [scope.name, gate]))).toEqual({
    see: 'open',
    admin: 'scope',
    pay: 'scope',
    health: 'scope',
    alone: 'scope',
    secret: 'shut',
  })
})

test('a sample asks for what one rule grants with the call, and sends nothing that is refused', () => {
  const typescript = (id: string, seen: Viewer) =>
    page(id, seen).samples.find((sample) => sample.id === 'typescript')?.code
  expect(typescript('list', through().seen)).toContain("scopes: ['see', 'pay'],")
  expect(typescript('badges', through().seen)).toContain("scopes: ['admin', 'alone'],")
  expect(tryForm(operation('list'), model, through().seen, new Map()).chosen).toEqual(['see', 'pay'])
  // A call that is denied: what the app is registered for.
  expect(typescript('erase', through().seen)).toContain("scopes: ['see', 'admin', 'pay', 'health', 'alone'],")
  const { seen } = through([['see', 'admin', 'pay', 'health', 'alone']], {
    scopes: ['see', 'pay', 'elsewhere'],
  })
  expect(typescript('list', seen)).toContain("scopes: ['see', 'pay'],")
  const whole = { name: 'Kim', salary: '1', diagnosis: '2' }
  const change = operation('change')
  const content = (change.body?.content ?? []).map((media) => ({ ...media, examples: [{ name: 'a', value: whole }] }))
  const context = { model, viewer: seen, npmScope: 's', publicUrl: 'http://localhost' }
  const body = { required: true, ...change.body, content }
  const view = operationPage({ ...change, body }, context)
  expect(view.samples.find(({ id }) => id === 'curl')?.code).toMatch(/"salary": "1"\n/)
  expect(view.samples.map(({ code }) => code).join()).not.toContain('diagnosis')
})

test('of a call that can be made, what would show more of it can be asked for', () => {
  const ask = (seen: Viewer) => page('list', seen).ask?.href
  expect(ask(through(DUTIES, { scopes: ['see'] }).seen)).toBe('/apps/app-1/request?api=api&scope=health&scope=pay')
  expect(ask(through().seen)).toBeUndefined()
  expect(ask(viewer({ as: 'scopes', scopes: ['see'] }, model, []))).toBeUndefined()
})

test('a way in that no rule speaks of is denied by none of them in particular', () => {
  const { seen } = through()
  expect(verdict(operation('erase'), seen, model.schemes)).toMatchObject({ gate: 'shut', short: 'denied: no rule' })
  expect(plain(verdict(operation('erase'), seen, model.schemes).sentence)).toBe(
    'Report can’t call this. No rule grants secret here.',
  )
})
