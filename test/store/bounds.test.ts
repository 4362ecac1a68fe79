import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../src/store/store.ts'
import { ownDatabase, rowsOf } from './own-database.ts'

/** How each table is kept from growing without bound. */
const BOUNDS: Readonly<Record<string, 'swept' | 'made' | 'newest' | 'fixed'>> = {
  // Every row has an end, and goes when it has come.
  payloads: 'swept',
  initial_access_tokens: 'swept',
  read_tokens: 'swept',
  portal_sessions: 'swept',
  limits: 'swept',
  denylist: 'swept',
  audit: 'swept',
  calls: 'swept',
  packages: 'swept',
  scope_requests: 'swept',
  // As many as there are people and apps; they go with them.
  people: 'made',
  memberships: 'made',
  consents: 'made',
  clients: 'made',
  // The newest so many: tested with `sallyport policy history`.
  policy_revisions: 'newest',
  // One row for each name that a group ever had, each kind of key, each migration.
  groups: 'fixed',
  settings: 'fixed',
  kysely_migration: 'fixed',
  kysely_migration_lock: 'fixed',
}
const those = (bound: string) => Object.keys(BOUNDS).filter((table) => BOUNDS[table] === bound)

const DAY = 86_400

describe('no table grows without bound', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-bounds-'))
  let databaseUrl: string | undefined
  let store: Store
  beforeAll(async () => {
    databaseUrl = await ownDatabase()
    store = await openStore({ dataDir, ...(databaseUrl && { databaseUrl }) })
  })
  afterAll(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  /** Rows in each of these tables. */
  async function rows(tables: readonly string[]): Promise<Record<string, number | undefined>> {
    const all = await rowsOf({ dataDir, ...(databaseUrl && { databaseUrl }) })
    return Object.fromEntries(tables.map((table) => [table, all.get(table)]))
  }
  const each = (tables: readonly string[], count: number) => Object.fromEntries(tables.map((table) => [table, count]))

  it('of all that there are, each is known here and described in CONTRIBUTING.md', async () => {
    const tables = [...(await rowsOf({ dataDir, ...(databaseUrl && { databaseUrl }) })).keys()]
    expect(tables.sort()).toEqual(Object.keys(BOUNDS).sort())
    const [, described = ''] = readFileSync('CONTRIBUTING.md', 'utf8').split('What bounds each table')
    const [listed = ''] = described.split('\n## ')
    for (const table of tables) expect(listed).toContain(`\`${table}\``)
  })

  it('what has an end is gone after it, and what people made when they remove it', async () => {
    const now = Math.floor(Date.now() / 1000)
    const year = { expiresAt: now + 365 * DAY }
    const { id: personId } = await store.people.add({ email: 'kim@example.com', name: 'Kim', groups: ['staff'] })
    const client = { id: 'desk', name: 'Desk', kind: 'web', apis: [], payload: {}, verified: false, anonymous: false }
    await store.clients.add({ ...client, ownerId: personId, createdAt: now })
    const concerned = { clientId: client.id, personId, api: 'people', scopes: ['a'] }
    await store.consents.add(concerned)

    await store.payloads.put({ model: 'Session', id: 's', payload: {}, ...year })
    await store.initialAccessTokens.mint({ name: 'CI', apis: [], ...year })
    await store.readTokens.mint(client.id, year.expiresAt)
    await store.portalSessions.start({ personId, data: {}, ...year })
    await store.limits.take('something', { times: 1, seconds: DAY })
    await store.denylist.add('jti', 'j', now + DAY)
    await store.audit.append({ action: 'person.added' })
    await store.calls.add([
      { hour: now - (now % 3600), api: 'people', clientId: '', operation: '', status: 200, calls: 1 },
    ])
    await store.packages.publish({ name: 'people', version: '1.0.0', integrity: 'sha512-x' }, new Uint8Array([1]))
    await store.scopeRequests.decide(await store.scopeRequests.add({ ...concerned, reason: 'why' }), {
      status: 'approved',
      by: personId,
    })
    await store.scopeRequests.add({ ...concerned, reason: 'It waits for an answer, and stays.' })

    expect(await rows([...those('made'), ...those('swept')])).toEqual({
      ...each([...those('made'), ...those('swept')], 1),
      scope_requests: 2,
    })
    await store.sweep(now + 400 * DAY + 60)
    expect(await rows(those('swept'))).toEqual({ ...each(those('swept'), 0), scope_requests: 1 })
    expect(await rows(those('made'))).toEqual(each(those('made'), 1))
    await store.clients.remove(client.id)
    await store.people.remove(personId)
    expect(await rows([...those('made'), 'scope_requests'])).toEqual(each([...those('made'), 'scope_requests'], 0))
  })
})
