import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../src/model/api.ts'
import { buildModel } from '../../src/model/build.ts'
import { distinctNames, safeName, safeTypeName, spelling } from '../../src/model/names.ts'
import { modelOf } from '../fixture.ts'

test.each([
  ['listEmployees', 'listEmployees'],
  ['list-employees', 'listEmployees'],
  ['List employees', 'listEmployees'],
  ['employees/get', 'employeesGet'],
  ['time-off', 'timeOff'],
  ['URL', 'url'],
  ['éléphant', 'elephant'],
  ['2fa', 'operation2fa'],
  ['delete', 'delete_'],
  ['constructor', 'constructor_'],
  ['__proto__', 'proto'],
  ['日本', 'operation'],
  ['', 'operation'],
])('%j is safe as %s', (raw, safe) => {
  expect(safeName(raw, 'operation')).toBe(safe)
})

test('a safe name is an identifier, whatever it is made from', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (raw) => {
      expect(safeName(raw, 'operation')).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  // TypeScript, Python, Go, Java
  ...[
    'await',
    'yield',
    'then',
    'lambda',
    'nonlocal',
    'None',
    'del',
    'chan',
    'fallthrough',
    'nil',
    'synchronized',
    'goto',
  ],
  ...['getClass', 'hasOwnProperty', 'toString', 'valueOf', 'hashCode', 'notify'],
])('%s is no name in some language, and gets one', (word) => {
  expect(safeName(word, 'operation')).not.toBe(word)
})

test.each([
  ['none', 'None_'],
  ['error', 'Error_'],
  ['promise', 'Promise_'],
  ['people', 'People'],
])('as a type, %s is %s', (raw, safe) => {
  expect(safeTypeName(raw, 'Api')).toBe(safe)
})

test('a name that is too long for a file is cut, and stays its own', () => {
  const long = 'a'.repeat(1_000)
  expect(safeName(long, 'x').length).toBeLessThanOrEqual(200)
  expect(safeName(long, 'x')).not.toBe(safeName(`${long}a`, 'x'))
})

describe('distinct names', () => {
  const wanted = fc.oneof(
    fc.constantFrom(
      'get a',
      'getA',
      'get-a',
      'get_a',
      'GetA',
      'geta',
      '',
      '日本',
      'delete',
      '__proto__',
      'constructor',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  const things = fc.uniqueArray(fc.record({ wanted, identity: fc.string({ minLength: 1 }) }), {
    selector: ({ identity }) => identity,
    maxLength: 12,
  })

  test('are identifiers, and differ however a language spells them', () => {
    fc.assert(
      fc.property(things, (things) => {
        const names = distinctNames(things, 'operation')
        for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/)
        expect(new Set(names.map(spelling)).size).toBe(things.length)
      }),
      { numRuns: 3_000 },
    )
  })

  test('something of another name renames nothing, wherever it is put', () => {
    fc.assert(
      fc.property(things, wanted, fc.nat(), (things, other, place) => {
        const before = distinctNames(things, 'operation')
        fc.pre(!before.map(spelling).includes(spelling(safeName(other, 'operation'))))
        const at = place % (things.length + 1)
        const after = distinctNames(things.toSpliced(at, 0, { wanted: other, identity: 'its own' }), 'operation')
        expect(after.toSpliced(at, 1)).toEqual(before)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('a whole API', () => {
  const segment = fc.constantFrom('employees', 'notes', '{id}', 'v1', 'delete', 'chat.post', 'a:b', 'Ä', '__proto__')
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`)
  const operation = fc
    .option(fc.constantFrom('list', 'get-a', 'getA', 'constructor', '日本'), { nil: undefined })
    .map((operationId) => ({ ...(operationId && { operationId }), responses: {} }))
  const item = fc.dictionary(fc.constantFrom('get', 'post', 'put', 'patch', 'delete'), operation, { minKeys: 1 })
  const paths = fc.dictionary(path, item, { maxKeys: 8 })
  const namesOf = (paths: object): Map<string, object> => {
    const { operations } = buildModel({ name: 'x', document: { paths }, sourceVersion: '3.1.0', hash: '', access: {} })
    return new Map(operations.map(({ method, path, id, sdk }) => [`${method} ${path}`, { id, sdk }]))
  }

  test('ids, and places on an SDK, are all different', () => {
    fc.assert(
      fc.property(paths, (paths) => {
        const names = [...namesOf(paths).values()] as Pick<Operation, 'id' | 'sdk'>[]
        expect(new Set(names.map(({ id }) => spelling(id))).size).toBe(names.length)
        const places = names.map(({ sdk }) => spelling([...sdk.resource, sdk.method].join('.')))
        expect(new Set(places).size).toBe(names.length)
      }),
      { numRuns: 2_000 },
    )
  })

  test('an unrelated operation renames nothing, wherever it stands', () => {
    fc.assert(
      fc.property(paths, item, fc.boolean(), (paths, item, first) => {
        const { operationId: _, ...operation } = Object.values(item)[0] ?? {}
        const more = { '/unrelated/{x}/things': { get: { ...operation } } }
        const before = namesOf(paths)
        const after = namesOf(first ? { ...more, ...paths } : { ...paths, ...more })
        for (const [operation, names] of before) expect(after.get(operation)).toEqual(names)
        expect(after.size).toBe(before.size + 1)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('a schema that a place elsewhere in the document refers to is not renamed by it', () => {
  const body = (schema: object) => ({
    responses: { 200: { description: '', content: { 'application/json': { schema } } } },
  })
  const inner = (path: string) => ({
    $ref: `#/paths/${path.replaceAll('/', '~1')}/get/responses/200/content/application~1json/schema/properties/a`,
  })
  const item = (path: string) => ({
    get: body({ properties: { a: { type: 'string' }, b: inner(path) } }),
  })
  const names = (paths: object) =>
    Object.keys(buildModel({ name: 'x', document: { paths }, sourceVersion: '3.1.0', hash: '', access: {} }).schemas)
  const [before] = names({ '/one': item('/one') })
  expect(names({ '/two': item('/two'), '/one': item('/one') })).toContain(before)
})

const get = (operationId?: string) => ({
  ...(operationId && { operationId }),
  responses: { 200: { description: 'ok' } },
})

test('operations with one name are told apart, and an unrelated one renames nothing', async () => {
  const paths = { '/a': { get: get('get a') }, '/b': { get: get('get-a') }, '/c': { get: get('getA') } }
  const before = (await modelOf({ paths })).operations.map(({ id }) => id)
  expect(new Set(before).size).toBe(3)
  expect(before[2]).toBe('getA')
  const after = await modelOf({ paths: { '/0': { get: get('first') }, ...paths, '/d': { get: get() } } })
  expect(after.operations.slice(1, 4).map(({ id }) => id)).toEqual(before)
})

test('SDK names come from path and method', async () => {
  const list = {
    operationId: 'x1',
    responses: { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'array' } } } } },
  }
  const model = await modelOf({
    paths: {
      '/v1/employees': { get: { ...list }, post: get('x2') },
      '/v1/employees/{id}': { get: get('x3'), patch: get('x4'), put: get('x5'), delete: get('x6') },
      '/v1/employees/{id}/notes': { get: { ...list, operationId: 'x7' } },
      '/v1/employees/{id}/promote': { post: get('x8') },
      '/chat.postMessage': { post: get('x9') },
      '/me': { get: { ...get('x10'), 'x-sdk-resource': 'account', 'x-sdk-method': 'whoami' } },
    },
  })
  expect(model.operations.map(({ id, sdk }) => `${id} ${[...sdk.resource, sdk.method].join('.')}`)).toEqual([
    'x1 employees.list',
    'x2 employees.create',
    'x3 employees.get',
    'x5 employees.replace',
    'x6 employees.delete',
    'x4 employees.update',
    'x7 employees.notes.list',
    'x8 employees.promote',
    'x9 chat.postMessage',
    'x10 account.whoami',
  ])
})
