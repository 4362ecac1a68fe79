import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeName } from '../../src/model/names.ts'
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
