import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policiesOf } from '../../src/authorization-server/policies.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { accessFileSchema } from '../../src/spec/access-file.ts'
import { parseYamlFile } from '../../src/spec/yaml-file.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { publishing } from '../authorization-server/api-models.ts'
import { editor } from '../policy/context.ts'
import { ownDatabase } from '../store/own-database.ts'

const databaseUrl = await ownDatabase()
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

let folder: string
let specs: string
let store: Store
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-policy-'))
  specs = join(folder, 'specs')
  await cp(join(ROOT, 'specs'), specs, { recursive: true })
  store = await openStore({ dataDir: join(folder, 'data'), ...(databaseUrl && { databaseUrl }) })
  const kim = await store.people.add({ email: 'kim@example.com', name: 'Kim', groups: ['staff'] })
  await store.clients.add({
    id: 'desk',
    ownerId: kim.id,
    name: 'Desk',
    kind: 'native',
    apis: ['publishing'],
    payload: { scope: 'api:read api:write' },
    softwareId: 'publishing-desktop',
    verified: true,
    createdAt: 1,
  })
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const policy = (...args: string[]) => sallyport('policy', ...args)

function sallyport(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const data = { DATA_DIR: join(folder, 'data'), ...(databaseUrl && { DATABASE_URL: databaseUrl }) }
  const env = { PATH: process.env.PATH, SPECS_DIR: specs, ...data }
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'src/cli/bin.mjs'), ...args], { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    )
  })
}

async function edit(change: (text: string) => string): Promise<void> {
  const path = join(specs, 'publishing/access.yaml')
  await writeFile(path, change(await readFile(path, 'utf8')))
}

// Every step starts the program anew, which takes a while on a busy machine.
describe('sallyport policy', { timeout: 120_000 }, () => {
  it('puts the files in force, once', async () => {
    expect(await policy('diff', 'publishing')).toMatchObject({ code: 1, stdout: expect.stringMatching(/^ {2}\+ /m) })
    expect(await policy('apply')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('publishing: revision 1 is in force.'),
    })
    expect(await policy('diff')).toEqual({ code: 0, stdout: 'people: no change\npublishing: no change\n', stderr: '' })
    expect((await store.policies.history('publishing')).map(({ revision }) => revision)).toEqual([1])
  })

  it('exports what apply reads', async () => {
    const { stdout } = await policy('export', 'publishing')
    const parsed = parseYamlFile(Buffer.from(stdout), 'exported', accessFileSchema)
    expect(parsed.ok && JSON.parse(JSON.stringify(parsed.value.policies))).toEqual(
      (await store.policies.get('publishing'))?.policies,
    )
    const file = join(folder, 'exported.yaml')
    await writeFile(file, stdout)
    expect(await policy('diff', 'publishing', '--file', file)).toMatchObject({ code: 0 })
  })

  it('explains, rule by rule', async () => {
    const read = ['explain', 'publishing', '--app', 'desk', '--user', 'kim@example.com', '--scopes']
    const denied = await policy(...read, 'api:write', '--json')
    expect(denied.code).toBe(1)
    expect(JSON.parse(denied.stdout)).toMatchObject({ granted: false, nearest: { rule: expect.any(String) } })
    const text = await policy(...read, 'api:write')
    expect(text.stdout).toContain('✗ users.groups: group editors: not a member')
    expect(text.stdout).toContain('Needs the group `editors`')
    expect(await policy('explain', 'publishing', '--app', 'none')).toMatchObject({
      code: 2,
      stderr: '--app none: there is no such app.\n',
    })
  })

  it('applies a change that shows at the next evaluation elsewhere, and takes it back', async () => {
    const model = { ...publishing, name: 'publishing' }
    const write = { ...editor, requested: ['api:write'] }
    expect(evaluate(await policiesOf(store, model), write).granted).toBe(true)
    await edit((text) => text.replaceAll('groups: [editors]', 'groups: [chiefs]'))
    const diff = await policy('diff', 'publishing')
    expect(diff.code).toBe(1)
    expect(diff.stdout).toContain('["editors"] → ["chiefs"]')
    expect(evaluate(await policiesOf(store, model), write).granted).toBe(true)
    expect(await policy('apply', 'publishing', '--message', 'chiefs only')).toMatchObject({ code: 0 })
    expect(evaluate(await policiesOf(store, model), write).granted).toBe(false)
    expect(await store.audit.list({ action: 'policy.changed', target: 'publishing' })).toMatchObject([
      { actor: 'command line', detail: { revision: 2, message: 'chiefs only' } },
      { detail: { revision: 1 } },
    ])

    expect(await policy('rollback', 'publishing', '--to', '1')).toMatchObject({ code: 0 })
    expect(evaluate(await policiesOf(store, model), write).granted).toBe(true)
    expect((await policy('history', 'publishing')).stdout).toMatch(
      /^3\t.+\tback to revision 1\n2\t.+\tchiefs only\n1\t/,
    )
    await edit((text) => text.replaceAll('groups: [chiefs]', 'groups: [editors]'))
  })

  it('applies nothing where one file is wrong, and says where it is', async () => {
    await writeFile(
      join(specs, 'policies.yaml'),
      'policies:\n  - name: Contractors\n    apis: [people, nothing]\n    rules: []\n',
    )
    await edit((text) => `${text}\n      - name: Slip\n        when: { scopes: [api:wriet] }\n`)
    const { code, stderr } = await policy('apply')
    expect(code).toBe(2)
    expect(stderr).toMatch(/policies\.yaml:3:20: .*there is no API nothing/)
    expect(stderr).toMatch(/access\.yaml:\d+:\d+: .*the document declares no scope api:wriet/)
    expect(await store.policies.get('policies.yaml')).toBeUndefined()
    await edit((text) => text.replace(/\n +- name: Slip[\s\S]*/, '\n'))
  })

  it('a set of APIs has the scopes of its APIs, and no other', async () => {
    let rules = 0
    const rule = (scopes: string) => `      - { name: Rule ${++rules}, when: { scopes: [${scopes}] } }\n`
    await writeFile(
      join(specs, 'policies.yaml'),
      `policies:\n  - name: Both\n    apis: [people, publishing]\n    rules:\n${rule('employees:read, api:read')}${rule('api:wriet')}` +
        `  - name: One\n    apis: [people]\n    rules:\n${rule('api:read')}`,
    )
    const found = [
      /policies\.yaml:6:\d+: .*people, publishing declare no scope api:wriet/,
      /policies\.yaml:10:\d+: .*the document declares no scope api:read/,
    ]
    const applied = await policy('apply')
    for (const problem of found) expect(applied).toMatchObject({ code: 2, stderr: expect.stringMatching(problem) })
    const checked = await sallyport('check', 'policies.yaml')
    for (const problem of found) expect(checked).toMatchObject({ code: 1, stdout: expect.stringMatching(problem) })
  })

  it('policies for sets of APIs come first', async () => {
    await writeFile(
      join(specs, 'policies.yaml'),
      'policies:\n  - name: Chiefs\n    apis: [publishing]\n    rules:\n      - { name: All, when: { users: { groups: [chiefs] } } }\n',
    )
    expect(await policy('apply', 'policies.yaml')).toMatchObject({ code: 0 })
    const chief = { ...editor, user: { id: 'c', email: 'c@example.com', groups: ['chiefs'], profile: {} } }
    expect(evaluate(await policiesOf(store, publishing), chief)).toMatchObject({ granted: true, policy: 'Chiefs' })
  })

  it('keeps the newest 100 revisions, and says so of one that is gone', async () => {
    const last = (await store.policies.get('people'))?.revision ?? 0
    for (let revision = last + 1; revision <= last + 120; revision++)
      await store.policies.apply([{ api: 'people', revision, policies: [{ name: `${revision}`, rules: [] }] }])
    const kept = (await policy('history', 'people')).stdout.split('\n').map((line) => Number(line.split('\t')[0]))
    expect([kept[0], kept[99]]).toEqual([last + 120, last + 21])
    expect(await policy('rollback', 'people', '--to', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("revision 1 isn't kept any more; the newest 100 are"),
    })
    expect(await policy('rollback', 'people', '--to', String(last + 121))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`there is no revision ${last + 121}`),
    })
    expect(await policy('rollback', 'people', '--to', String(last + 21))).toMatchObject({ code: 0 })
    expect(await store.policies.get('people')).toMatchObject({ policies: [{ name: `${last + 21}` }] })
    expect(await store.policies.get('publishing')).toBeDefined()
  })

  it('says what it can not do', async () => {
    expect(await policy('export', 'nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^nothing: no policies are stored/),
    })
    expect(await policy('rollback', 'people', '--to', '9')).toMatchObject({ code: 2 })
    expect(await policy('apply', 'people', '--file', join(folder, 'missing.yaml'))).toMatchObject({ code: 2 })
    expect(await policy('diff', '--file', 'x')).toMatchObject({ code: 2 })
    expect(await policy('export')).toMatchObject({ code: 2 })
  })
})
