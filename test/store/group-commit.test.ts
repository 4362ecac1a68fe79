import { mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { GroupCommit } from '../../src/store/group-commit.ts'
import { openStore } from '../../src/store/store.ts'
import { Running } from '../authorization-server/running.ts'
import { ask, basic, serviceApp } from '../conformance/apps.ts'

/** What has come to an end, in order. */
function log() {
  const events: string[] = []
  const note = (event: string) => () => void events.push(event)
  return { events, note }
}

describe('when to commit', () => {
  it('those who write at the same time share a commit, and none goes on before it', async () => {
    const { events, note } = log()
    const disk = Promise.withResolvers<void>()
    const group = new GroupCommit(async () => {
      events.push('commit')
      await disk.promise
    })
    const write = (name: string) => group.together(async () => group.wrote()).then(note(name))
    const all = [write('one'), write('two'), write('three')]
    await vi.waitFor(() => expect(events).toEqual(['commit']))
    disk.resolve()
    await Promise.all(all)
    expect(events).toEqual(['commit', 'one', 'two', 'three'])
  })

  it('in a series no write waits by itself, and whoever writes after a commit has begun waits for the next', async () => {
    const { events, note } = log()
    const disks: PromiseWithResolvers<void>[] = []
    const group = new GroupCommit(() => {
      const disk = Promise.withResolvers<void>()
      disks.push(disk)
      return disk.promise
    })
    const one = group
      .together(async () => {
        await group.wrote()
        await group.wrote()
        events.push('written')
      })
      .then(note('one'))
    await vi.waitFor(() => expect(disks).toHaveLength(1))
    const two = group.wrote().then(note('two'))
    disks[0]?.resolve()
    await one
    await vi.waitFor(() => expect(disks).toHaveLength(2))
    expect(events).toEqual(['written', 'one'])
    disks[1]?.resolve()
    await two
  })

  it('whoever has written does not wait for one who still writes', async () => {
    const { events, note } = log()
    const group = new GroupCommit(async () => void events.push('commit'))
    const slow = Promise.withResolvers<void>()
    const hanging = group.together(() => slow.promise).then(note('slow'))
    await group.together(() => group.wrote()).then(note('quick'))
    slow.resolve()
    await hanging
    expect(events).toEqual(['commit', 'quick', 'slow'])
  })

  it('what a series leaves running waits for itself', async () => {
    const { events, note } = log()
    const group = new GroupCommit(async () => void events.push('commit'))
    const later = Promise.withResolvers<void>()
    let background: Promise<void> | undefined
    await group.together(async () => {
      background = later.promise.then(() => group.wrote()).then(note('background'))
    })
    later.resolve()
    await background
    expect(events).toEqual(['commit', 'background'])
  })

  it('a commit that fails fails for all who wrote', async () => {
    const group = new GroupCommit(() => Promise.reject(new Error('disk')))
    const results = await Promise.allSettled([group.together(() => group.wrote()), group.wrote()])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

describe('commits of SQLite', () => {
  const folders: string[] = []
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'sallyport-commit-'))
    folders.push(made)
    return made
  }
  afterEach(() => {
    for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
  })

  /** The disk refuses, so many times. */
  function refuseCommits(times: number) {
    const { exec } = DatabaseSync.prototype
    let left = times
    return vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
      if (sql === 'commit' && left-- > 0) throw new Error('disk I/O error')
      return exec.call(this, sql)
    })
  }

  /** What the disk says when it is asked to confirm. */
  async function disk(confirm: () => Promise<void>) {
    const handle = await open(import.meta.filename)
    const prototype: FileHandle = Object.getPrototypeOf(handle)
    await handle.close()
    return vi.spyOn(prototype, 'datasync').mockImplementation(confirm)
  }

  it('nobody hears of anything before the disk has confirmed it', async () => {
    const store = await openStore({ dataDir: folder() })
    const confirmed = Promise.withResolvers<void>()
    const { events, note } = log()
    const spy = await disk(() => confirmed.promise.then(note('confirmed')))
    const written = store.together(() => store.audit.append({ action: 'one' })).then(note('told'))
    await vi.waitFor(() => expect(spy).toHaveBeenCalled())
    await new Promise((resolve) => setTimeout(resolve, 20))
    confirmed.resolve()
    await written
    expect(events).toEqual(['confirmed', 'told'])
    await store.close()
  })

  it('once the disk has failed, nothing is written before a restart', async () => {
    const dataDir = folder()
    const store = await openStore({ dataDir })
    await store.audit.append({ action: 'before' })
    const spy = await disk(() => Promise.reject(new Error('EIO')))
    await expect(store.audit.append({ action: 'one' })).rejects.toThrow('EIO')
    spy.mockRestore()
    await expect(store.audit.append({ action: 'two' })).rejects.toThrow('before a restart')
    await store.close()
    const after = await openStore({ dataDir })
    await after.audit.append({ action: 'after' })
    expect((await after.audit.list()).map(({ action }) => action)).toEqual(expect.arrayContaining(['before', 'after']))
    await after.close()
  })

  it('what one process committed another sees, and nothing before', async () => {
    const dataDir = folder()
    const one = await openStore({ dataDir })
    const two = await openStore({ dataDir })
    const { id } = await one.people.add({ email: 'kim@example.com', name: 'Kim' })
    expect((await two.people.get(id))?.groups).toEqual([])
    await one.together(async () => {
      await one.people.joinGroup(id, 'editors')
      expect((await one.people.get(id))?.groups).toEqual(['editors'])
      expect((await two.people.get(id))?.groups).toEqual([])
    })
    expect((await two.people.get(id))?.groups).toEqual(['editors'])
    await two.people.leaveGroup(id, 'editors')
    expect((await one.people.get(id))?.groups).toEqual([])
    await Promise.all([one.close(), two.close()])
  })

  it('what was remembered of writes that were lost is forgotten', async () => {
    const store = await openStore({ dataDir: folder() })
    const { id } = await store.people.add({ email: 'kim@example.com', name: 'Kim' })
    refuseCommits(1)
    const lost = store.together(async () => {
      await store.people.joinGroup(id, 'editors')
      expect((await store.people.get(id))?.groups).toEqual(['editors'])
    })
    await expect(lost).rejects.toThrow('disk I/O error')
    expect((await store.people.get(id))?.groups).toEqual([])
    await store.close()
  })

  it('a transaction that fails takes nothing of the others with it', async () => {
    const store = await openStore({ dataDir: folder() })
    const results = await Promise.allSettled([
      store.people.add({ email: 'kim@example.com', name: 'Kim', groups: ['editors'] }),
      store.people.add({ email: 'kim@example.com', name: 'Another', groups: ['others'] }),
      store.audit.append({ action: 'sign-in.succeeded' }),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await store.people.groups()).toEqual(['editors'])
    expect(await store.audit.list()).toHaveLength(1)
    await store.close()
  })

  it('when SQLite itself gives up the transaction, whoever wrote in it hears of it', async () => {
    const dataDir = folder()
    const store = await openStore({ dataDir })
    const { exec } = DatabaseSync.prototype
    const databases = new Set<DatabaseSync>()
    vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
      databases.add(this)
      return exec.call(this, sql)
    })
    const lost = store.together(async () => {
      await store.limits.take('one', { times: 1, seconds: 60 })
      for (const database of databases) exec.call(database, 'rollback')
      await store.audit.append({ action: 'two' })
    })
    await expect(lost).rejects.toThrow('rolled back')
    await store.audit.append({ action: 'three' })
    expect((await store.audit.list()).map(({ action }) => action)).toEqual(['three'])
    await store.close()
  })

  it('a token that could not be written down is not given', async () => {
    const running = await new Running().start()
    const { client, secret } = await serviceApp(running)
    const parameters = { resource: running.resource('people'), scope: 'employees:read' }
    refuseCommits(1)
    const form = { grant_type: 'client_credentials', ...parameters }
    const { status, body } = await ask(running, '/oauth/token', { form, headers: basic(client) })
    expect([status, body]).toEqual([500, { error: 'server_error' }])
    expect(running.faults.map(({ message }) => message)).toEqual(['disk I/O error'])
    const issued = { action: 'token.issued' }
    expect(await running.store.audit.list(issued)).toEqual([])
    expect((await running.clientCredentials(client, secret, parameters)).scope).toBe('employees:read')
    expect(await running.store.audit.list(issued)).toHaveLength(1)
    await running.stop()
  })
})
