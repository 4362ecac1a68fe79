import { expect, test } from 'vitest'
import { type LensApp, viewer } from '../../src/docs/lens.ts'
import { operationPage } from '../../src/docs/operation-page.ts'
import { requirementView } from '../../src/docs/requirement.ts'
import { nearest, reach, verdict } from '../../src/docs/verdict.ts'
import { buildModel } from '../../src/model/build.ts'
import type { EvaluatedPolicy } from '../../src/policy/evaluate.ts'
import { plain } from '../../src/wording/inline.ts'

const ok = { responses: { '200': { description: 'OK' } } }
const document = {
  openapi: '3.1.0',
  info: { title: 'API', version: '1' },
  components: { securitySchemes: { oauth: { type: 'oauth2', flows: {} } } },
  paths: {
    '/a': {
      get: { ...ok, operationId: 'see', security: [{ oauth: ['see'] }] },
      put: { ...ok, operationId: 'write', security: [{ oauth: ['see', 'write'] }] },
      post: { ...ok, operationId: 'add', security: [{ oauth: ['see', 'add'] }] },
      head: { ...ok, operationId: 'anyone', security: [] },
    },
  },
}
const model = buildModel({ name: 'api', document, sourceVersion: '3.1.0', hash: '', access: {} })

// biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word; a rule is never awaited.
const rule = (name: string, when: EvaluatedPolicy['rules'][number]['when']) => ({ name, when, then: {} })
const policies: EvaluatedPolicy[] = [
  {
    name: 'Northwind',
    mode: 'all-or-nothing',
    rules: [
      rule('Editors', { grants: ['authorization_code'], users: { groups: ['editors'] } }),
      rule('Services', { grants: ['client_credentials'], scopes: ['see', 'add'] }),
    ],
  },
]

function through(app: Partial<LensApp>) {
  const whole: LensApp = {
    id: 'app-1',
    name: 'Report',
    kind: 'service',
    verified: false,
    apis: ['api'],
    scopes: ['see'],
    policies: new Map([['api', policies]]),
    ...app,
  }
  return viewer({ as: 'app', app: whole.id }, model, [whole])
}

function said(id: string, seen = through({})) {
  const operation = model.operations.find((one) => one.id === id)
  if (operation === undefined) throw new Error(id)
  const { gate, short, sentence, missing } = verdict(operation, seen, model.schemes)
  return { gate, short, missing, sentence: plain(sentence) }
}

test('what a policy may grant needs a scope; what none grants is denied, by name', () => {
  expect(said('see')).toMatchObject({ gate: 'open', sentence: 'Report can call this.' })
  expect(said('add')).toMatchObject({ gate: 'scope', short: '+ add', missing: [['add']] })
  expect(said('write')).toMatchObject({ gate: 'shut', short: 'denied: rule Editors', missing: [['write']] })
  expect(said('write').sentence).toMatch(/^Report can’t call this. Rule Editors of policy Northwind denies it: /)
  expect(said('anyone').gate).toBe('open')
})

test('a scope that the app is registered for and no policy grants is denied all the same, and not counted', () => {
  const seen = through({ scopes: ['see', 'write'] })
  expect(said('write', seen)).toMatchObject({ gate: 'shut', missing: [] })
  expect(reach(model, seen)).toMatchObject({ callable: 2, of: 4 })
  expect(reach(model, through({ kind: 'web', scopes: ['see', 'write'] }))).toMatchObject({ callable: 3, of: 4 })
  expect(nearest(model, seen)).toBeUndefined()
})

test('a field that only such a scope opens stays hidden, and what is open apart may be shut together', () => {
  const schema = { properties: { pay: { 'x-required-scopes': ['write'] }, name: { 'x-required-scopes': ['add'] } } }
  const gated = { 200: { description: 'OK', content: { 'application/json': { schema } } } }
  const get = { operationId: 'get', security: [{ oauth: ['see'] }], responses: gated }
  const put = { operationId: 'put', security: [{ oauth: ['see', 'alone'] }], responses: gated }
  const own = buildModel({
    ...{ name: 'api', sourceVersion: '3.1.0', hash: '', access: {} },
    document: { ...document, paths: { '/a': { get, put } } },
  })
  const apart = rule('Alone', { grants: ['client_credentials'], scopes: ['alone'] })
  const rules = [...(policies[0]?.rules ?? []), apart]
  const policy: EvaluatedPolicy = { name: 'P', mode: 'all-or-nothing', rules }
  const app: LensApp = {
    ...{ id: 'app-1', name: 'Report', kind: 'service', verified: false, apis: ['api'] },
    scopes: ['see', 'add', 'write', 'alone'],
    policies: new Map([['api', [policy]]]),
  }
  const seen = viewer({ as: 'app', app: app.id }, own, [app])
  const [first, second] = own.operations.map((operation) => ({
    verdict: verdict(operation, seen, own.schemes),
    requirement: requirementView(operation, seen, own.schemes),
  }))
  expect(plain(first?.verdict.sentence ?? [])).toBe('Report can call this. It won’t see pay.')
  expect(first?.requirement).toMatchObject([{ gate: 'open' }])
  expect(reach(own, seen)).toEqual({ callable: 1, of: 2, unstated: 0, hidden: 1 })
  expect(second?.verdict).toMatchObject({ gate: 'shut', missing: [], decision: { allow: true } })
  expect(second?.requirement).toMatchObject([{ gate: 'shut' }])
})

test('who signs in isn’t known, so what some person would open is not denied', () => {
  expect(said('write', through({ kind: 'web' }))).toMatchObject({ gate: 'scope', short: '+ write' })
})

test('with the reader signed in to the app, the verdict is on both', () => {
  const kim = (...groups: string[]) => ({ id: 'p', name: 'Kim', email: 'kim@example.com', groups, profile: {} })
  const seen = (...groups: string[]) => through({ kind: 'web', scopes: ['see', 'write'], signedIn: kim(...groups) })
  expect(said('write', seen('editors')).sentence).toBe('Report with Kim signed in can call this.')
  expect(said('write', seen('readers'))).toMatchObject({ gate: 'shut', short: 'denied: rule Editors' })
  expect(said('write', seen('readers')).sentence).toMatch(/it takes the group editors/)
})

test('an app that is limited to some people serves no one else, and no scope makes up for it', () => {
  const kim = { id: 'p', name: 'Kim', email: 'kim@example.com', groups: ['editors'], profile: {} }
  const limited = (groups: string[], people: string[] = []) =>
    through({ kind: 'web', scopes: ['see'], signedIn: kim, assigned: { people, groups } })
  const others = limited(['board'])
  expect(said('see', others)).toMatchObject({
    gate: 'shut',
    short: 'denied: not assigned',
    sentence:
      'Report with Kim signed in can’t call this. The app is limited to some people, and who is signed in isn’t one of them.',
  })
  expect(said('add', others)).toMatchObject({ gate: 'shut', missing: [] })
  expect(said('anyone', others).gate).toBe('open')
  expect(reach(model, others)).toMatchObject({ callable: 1, of: 4 })
  expect(said('see', limited(['editors'])).gate).toBe('open')
  expect(said('add', limited(['board'], ['p']))).toMatchObject({ gate: 'scope', missing: [['add']] })
  // Nobody signs in to a service.
  expect(said('see', through({ assigned: { people: [], groups: ['board'] } })).gate).toBe('open')
})

test('a disabled app gets no token, whatever it is registered for', () => {
  const seen = through({ disabled: true })
  expect(plain(seen.problem ?? [])).toBe('Report is disabled: it gets no tokens.')
  expect(said('see', seen)).toMatchObject({
    gate: 'scope',
    short: '+ see',
    sentence: 'Report can’t call this. Report is disabled: it gets no tokens.',
  })
  expect(reach(model, seen)).toMatchObject({ callable: 1, of: 4 })
})

test('a deny leads to a request for exactly what is missing', () => {
  const ask = (id: string, seen: ReturnType<typeof through>) => {
    const operation = model.operations.find((one) => one.id === id)
    if (operation === undefined) throw new Error(id)
    return operationPage(operation, { model, viewer: seen, npmScope: 's', publicUrl: 'http://localhost' }).ask?.href
  }
  expect(ask('write', through({}))).toBe('/apps/app-1/request?api=api&scope=write')
  expect(ask('write', viewer({ as: 'scopes', scopes: ['see'] }, model, []))).toBe('/apps/new?api=api&scope=write')
  expect(ask('see', through({}))).toBeUndefined()
  expect(ask('write', viewer({ as: 'everything' }, model, []))).toBeUndefined()
})
