import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_PEOPLE, seedDemo } from '../../src/authorization-server/demo.ts'
import { openDirectory } from '../../src/authorization-server/directory.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { ownDatabase } from '../store/own-database.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-directory-'))
let store: Store
beforeAll(async () => {
  const databaseUrl = await ownDatabase()
  store = await openStore({ dataDir, ...(databaseUrl && { databaseUrl }) })
})
afterAll(async () => {
  await store.close()
  rmSync(dataDir, { recursive: true })
})

it('knows people by their password', async () => {
  const directory = openDirectory(store)
  const ada = await directory.add({ email: 'ada@example.com', name: 'Ada', password: 'correct horse' })
  await directory.add({ email: 'external@example.com', name: 'Signs in elsewhere' })
  expect(await directory.authenticate('ADA@example.com', 'correct horse')).toMatchObject({ id: ada.id })
  expect(await directory.authenticate('ada@example.com', 'correct horse ')).toBeUndefined()
  expect(await directory.authenticate('nobody@example.com', 'correct horse')).toBeUndefined()
  expect(await directory.authenticate('external@example.com', '')).toBeUndefined()
  expect(await store.people.passwordHash(ada.id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  await directory.setPassword(ada.id, 'battery staple')
  expect(await directory.authenticate('ada@example.com', 'correct horse')).toBeUndefined()
  await store.people.setStatus(ada.id, 'disabled')
  expect(await directory.authenticate('ada@example.com', 'battery staple')).toBeUndefined()
})

it('takes as long for someone it does not know', async () => {
  const directory = openDirectory(store)
  await directory.add({ email: 'time@example.com', name: 'Time', password: 'x' })
  const median = async (email: string) => {
    const times: number[] = []
    for (let round = 0; round < 9; round++) {
      const start = performance.now()
      await directory.authenticate(email, 'wrong')
      times.push(performance.now() - start)
    }
    return times.sort((a, b) => a - b)[4] ?? 0
  }
  const [known, unknown] = [await median('time@example.com'), await median('nobody@example.com')]
  expect(unknown / known).toBeGreaterThan(1 / 3)
  expect(unknown / known).toBeLessThan(3)
})

it('seeds the demo once; a restart changes nothing', async () => {
  const file = join(dataDir, 'demo.json')
  await seedDemo(store, dataDir)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'utf8')
  const { users } = JSON.parse(text) as { users: { email: string; password: string; groups: string[] }[] }
  expect(users.map(({ email, groups }) => [email, groups])).toEqual(
    DEMO_PEOPLE.map(({ email, groups }) => [email, groups]),
  )
  const kim = await store.people.byEmail('kim@northwind.example')
  expect(kim).toMatchObject({ name: 'Kim Adeyemi', groups: ['editors'] })
  await store.people.leaveGroup(kim?.id ?? '', 'editors')

  await seedDemo(store, dataDir)
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect((await store.people.byEmail('kim@northwind.example'))?.groups).toEqual([])
  const directory = openDirectory(store)
  for (const { email, password } of users)
    expect(await directory.authenticate(email, password)).toMatchObject({ email })

  rmSync(file)
  await seedDemo(store, dataDir)
  expect(readFileSync(file, 'utf8')).not.toBe(text)
  expect(await directory.authenticate(users[0]?.email ?? '', users[0]?.password ?? '')).toBeUndefined()
})
