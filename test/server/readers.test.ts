import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revocationIn } from '../../src/authorization-server/revocation.ts'
import { maySee } from '../../src/model/visibility.ts'
import { readersIn } from '../../src/server/readers.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { ownDatabase } from '../store/own-database.ts'

const HR = { visibility: { groups: ['hr'] } }

describe('whose eyes an app sees with', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-readers-'))
  let store: Store
  beforeAll(async () => {
    const databaseUrl = await ownDatabase()
    store = await openStore({ dataDir, ...(databaseUrl && { databaseUrl }) })
  })
  afterAll(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  let apps = 0
  async function app(of: { ownerId?: string; team?: string; anonymous?: boolean }): Promise<string> {
    const id = `app${++apps}`
    const more = { name: id, kind: 'web', apis: ['people'], payload: {}, verified: false, anonymous: false }
    await store.clients.add({ id, ...more, createdAt: 1, ...of })
    return id
  }
  const seesHr = async (id: string) => maySee(HR, await readersIn(store).ofApp(id))
  const person = (name: string, ...groups: string[]) => store.people.add({ email: `${name}@example.com`, name, groups })

  it('an operator’s with the operator’s; that of nobody in particular with anyone’s', async () => {
    expect(await seesHr(await app({}))).toBe(true)
    expect(await seesHr(await app({ anonymous: true }))).toBe(false)
  })

  it('its owner’s, whatever its team; and when the owner has left, its team’s', async () => {
    const { id: ownerId } = await person('noor', 'hr')
    const [own, teams, others] = [
      await app({ ownerId }),
      await app({ ownerId, team: 'hr' }),
      await app({ ownerId, team: 'sales' }),
    ]
    const all = () => Promise.all([own, teams, others].map(seesHr))
    expect(await all()).toEqual([true, true, true])
    await store.people.leaveGroup(ownerId, 'hr')
    expect(await all()).toEqual([false, false, false])
    await store.people.joinGroup(ownerId, 'hr')
    await revocationIn(store).setPersonDisabled(ownerId, true)
    expect(await all()).toEqual([false, true, false])
    await store.people.remove(ownerId)
    expect(await all()).toEqual([false, true, false])
  })
})
