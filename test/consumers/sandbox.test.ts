import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { demo } from '../sandbox/sandbox.ts'
import { CONSUMER, Workspace } from './workspace.ts'

/** A consumer's own tests: no portal runs, and nothing else answers. */
const PROGRAM = `
import assert from 'node:assert/strict'
import { setupServer } from 'msw/node'
import { People } from '@sallyport/people'
import { sandbox, type SandboxCall } from '@sallyport/people/sandbox'

const api = sandbox({ clock: () => Date.UTC(2026, 10, 24) })
const calls: SandboxCall[] = []
api.onCall((call) => { calls.push(call) })
const server = setupServer(...api.handlers)
server.listen({ onUnhandledFrame: 'error' })

const reader = new People({ ...api.connection, ...api.app({ scopes: ['employees:read'] }) })
const page = await reader.employees.list({ query: { limit: 2 } })
assert.equal(page.data.length, 2)
assert.ok(page.data.every((employee) => !('salary' in employee)), 'the salary is withheld')

const person = { name: 'Noor', email: 'noor@example.com', title: 'Editor', department: 'dep_7h2k9q4m1x8c', startDate: '2027-01-11', location: 'Amsterdam' }
const denied = await fetch(api.connection.baseUrl + '/employees', { method: 'POST', headers: { authorization: 'Bearer ' + api.token(['employees:read']) } })
assert.equal(denied.status, 403)
assert.match(denied.headers.get('www-authenticate') ?? '', /scope="employees:write"/)

const writer = new People({ ...api.connection, ...api.app() })
const made = await writer.employees.create(person)
assert.equal((await writer.employees.get(made.id)).name, 'Noor')
assert.equal(made.createdAt, '2026-11-24T00:00:00Z')

const token = api.token(['employees:read'])
const ask = () => fetch(api.connection.baseUrl + '/employees', { headers: { authorization: 'Bearer ' + token } })
assert.equal((await ask()).status, 200)
api.expire(token)
assert.equal((await ask()).status, 401)
const limited = await fetch(api.connection.baseUrl + '/employees', { headers: { authorization: 'Bearer ' + api.token(['employees:read']), prefer: 'code=429' } })
assert.equal(limited.headers.get('retry-after'), '1')
api.reset()
await assert.rejects(writer.employees.get(made.id), { status: 404 })
server.close()
process.stdout.write(JSON.stringify(calls.map(({ operation, status }) => [operation, status])))
`

it('has the API’s sandbox for a consumer’s own tests: scopes, state, faults, and no server', async () => {
  const { model, data } = await demo('people')
  const { files } = await buildSdk({ model, seed: data, packageName: '@sallyport/people', connection: {} })
  const workspace = await Workspace.create()
  onTestFinished(() => workspace.remove())
  const modules = resolve(import.meta.dirname, '../../node_modules')
  await symlink(join(modules, '@types'), join(workspace.folder, 'node_modules/@types'))
  await workspace.writeAll('node_modules/@sallyport/people', files)
  const program = await workspace.write('api.test.ts', PROGRAM)
  const declarations = join(workspace.folder, 'node_modules/@sallyport/people/sandbox.d.ts')
  const options = { ...CONSUMER, types: ['node'], typeRoots: [join(modules, '@types')], skipLibCheck: true }
  expect(workspace.check([program, declarations], options)).toEqual([])
  expect(JSON.parse(await workspace.run('api.test.ts'))).toEqual([
    ['listEmployees', 200],
    ['createEmployee', 403],
    ['createEmployee', 201],
    ['getEmployee', 200],
    ['listEmployees', 200],
    ['listEmployees', 401],
    ['listEmployees', 429],
    ['getEmployee', 404],
  ])
  // Nothing about who may be granted what, and no code from a server.
  expect(files.get('sandbox-model.js')).not.toContain("Northwind's own apps")
  expect(files.get('runtime/sandbox.js')?.length).toBeLessThan(700_000)
  expect(files.get('runtime/sandbox.js')).not.toMatch(/from ?"(?!msw\/http")/)
}, 60_000)
