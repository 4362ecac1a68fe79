import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CallCounts } from '../../src/server/call-counts.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { ownDatabase } from '../store/own-database.ts'

const DAY = 86_400
const NOW = Date.parse('2027-03-10T10:20:30Z')

let dataDir: string
let store: Store
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sallyport-calls-'))
  const databaseUrl = await ownDatabase()
  store = await openStore({ dataDir, ...(databaseUrl && { databaseUrl }) })
})
afterEach(async () => {
  vi.useRealTimers()
  await store.close()
  await rm(dataDir, { recursive: true })
})

function call(at: number, status = 200, operation = 'listEmployees') {
  return { at, api: 'people', clientId: 'app', operation, status }
}

test('calls are counted by hour, app, operation and status, also by several instances', async () => {
  const failed = vi.fn()
  const [one, other] = [new CallCounts(store.calls, failed), new CallCounts(store.calls, failed)]
  for (let i = 0; i < 3; i++) one.record(call(NOW))
  one.record(call(NOW, 403))
  one.record(call(NOW + 3_600_000))
  other.record(call(NOW + 1_000))
  await Promise.all([one.flush(), other.flush()])
  // Nothing is written twice.
  await one.flush()
  const hour = Date.parse('2027-03-10T10:00:00Z') / 1000
  const counts = await store.calls.list({ api: 'people', since: 0 })
  expect(counts.map(({ hour, status, calls }) => [hour, status, calls]).sort()).toEqual(
    [
      [hour, 200, 4],
      [hour, 403, 1],
      [hour + 3_600, 200, 1],
    ].sort(),
  )
  expect(failed).not.toHaveBeenCalled()
})

test('they are written by themselves, and what can’t be written is reported', async () => {
  vi.useFakeTimers()
  const failed = vi.fn()
  const broken = new Error('disk full')
  const counts = new CallCounts({ ...store.calls, add: () => Promise.reject(broken) }, failed)
  counts.record(call(NOW))
  await vi.advanceTimersByTimeAsync(5_000)
  expect(failed).toHaveBeenCalledWith(broken)
})

test('decisions about calls and tokens stay for so many days, and everything else that is audited for longer', async () => {
  const now = NOW / 1000
  const counts = new CallCounts(store.calls, () => {})
  for (const days of [40, 8, 6, 0]) counts.record(call(NOW - days * DAY * 1000))
  await counts.flush()
  vi.useFakeTimers({ toFake: ['Date'] })
  for (const days of [40, 8, 6, 0]) {
    vi.setSystemTime(NOW - days * DAY * 1000)
    for (const action of ['token.issued', 'token.denied', 'token.refreshed', 'client.registered'])
      await store.audit.append({ action, target: 'app' })
  }
  vi.useRealTimers()
  await store.sweep(now, 7)
  const kept = await store.calls.list({ api: 'people', since: 0 })
  expect(kept.map(({ hour }) => Math.round((now - hour) / DAY))).toEqual([6, 0])
  const actions = (await store.audit.list({ target: 'app', limit: 100 })).map(({ action }) => action)
  expect(actions.filter((action) => action.startsWith('token.'))).toHaveLength(6)
  expect(actions.filter((action) => action === 'client.registered')).toHaveLength(4)
})
