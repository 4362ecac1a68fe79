import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { PolicyConflict } from '../../src/store/policies.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { ownDatabase } from './own-database.ts'

const databaseUrl = await ownDatabase()

describe('the store', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-store-'))
  const options = { dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) }
  let store: Store
  /** Opened with `store`, at once: two instances that start together. */
  let other: Store
  beforeAll(async () => {
    ;[store, other] = await Promise.all([openStore(options), openStore(options)])
  })
  afterAll(async () => {
    await Promise.all([store.close(), other.close()])
    rmSync(dataDir, { recursive: true, force: true })
  })
  const later = () => Math.floor(Date.now() / 1000) + 60

  it('keeps people and their groups', async () => {
    const kim = await store.people.add({ email: 'Kim@Example.com', name: 'Kim', groups: ['staff', 'editors'] })
    expect(kim).toMatchObject({ email: 'kim@example.com', groups: ['editors', 'staff'], status: 'active' })
    await store.people.leaveGroup(kim.id, 'editors')
    expect((await other.people.byEmail('KIM@example.com'))?.groups).toEqual(['staff'])
    await store.people.setGroups(kim.id, ['editors'])
    await store.people.setProfile(kim.id, { department: 'news' })
    expect(await other.people.get(kim.id)).toMatchObject({ groups: ['editors'], profile: { department: 'news' } })
    expect(await store.people.groups()).toEqual(['editors', 'staff'])
    await expect(store.people.add({ email: 'kim@example.com', name: 'Another' })).rejects.toThrow()
  })

  it('rolls a failed transaction back as a whole', async () => {
    const before = await store.people.list()
    await expect(store.people.add({ email: 'kim@example.com', name: 'Again', groups: ['ghosts'] })).rejects.toThrow()
    expect(await store.people.list()).toEqual(before)
    expect(await store.people.groups()).not.toContain('ghosts')
  })

  it('lets one of many use up a payload, on any instance', async () => {
    await store.payloads.put({ model: 'RefreshToken', id: 'r', payload: { a: 1 }, grantId: 'g', expiresAt: later() })
    const won = await Promise.all(
      Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? store : other).payloads.consume('RefreshToken', 'r')),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await store.payloads.get('RefreshToken', 'r')).toMatchObject({
      payload: { a: 1 },
      consumedAt: expect.any(Number),
    })
    await store.payloads.removeByGrant('RefreshToken', 'g')
    expect(await store.payloads.get('RefreshToken', 'r')).toBeUndefined()
  })

  it('keeps transactions and single queries apart when they come together', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        Promise.all([
          store.people.add({ email: `p${index}@example.com`, name: `P${index}`, groups: ['crowd', `g${index}`] }),
          store.audit.append({ action: 'test.crowd', target: `${index}` }),
        ]),
      ),
    )
    expect((await store.people.list()).filter(({ groups }) => groups.includes('crowd'))).toHaveLength(20)
    expect(await other.audit.list({ action: 'test.crowd' })).toHaveLength(20)
  })

  it('removes a client with everything that was issued to it', async () => {
    const kim = await store.people.byEmail('kim@example.com')
    const client = { id: 'c', name: 'C', kind: 'service', apis: ['people'], payload: { client_name: 'C' } }
    await store.clients.add({
      ...client,
      verified: false,
      anonymous: false,
      createdAt: 1,
      ...(kim ? { ownerId: kim.id } : {}),
    })
    await store.payloads.put({ model: 'RefreshToken', id: 'x', payload: {}, clientId: 'c', expiresAt: later() })
    if (kim) await store.consents.add({ personId: kim.id, clientId: 'c', api: 'people', scopes: ['a'] })
    if (kim) await store.consents.add({ personId: kim.id, clientId: 'c', api: 'people', scopes: ['b'] })
    expect((await store.consents.list({ personId: kim?.id ?? '' }))[0]?.scopes).toEqual(['a', 'b'])
    const call = { at: 5, api: 'people', method: 'GET', path: '/employees', status: 200 }
    await store.clients.recordCall('c', call)
    expect(await store.clients.get('c')).toMatchObject({ ...client, ownerId: kim?.id, lastCall: call, disabled: false })
    await store.clients.remove('c')
    expect(await store.clients.get('c')).toBeUndefined()
    expect(await store.payloads.get('RefreshToken', 'x')).toBeUndefined()
    expect(await store.consents.list({ personId: kim?.id ?? '' })).toEqual([])
  })

  it('counts what may not be done too often, on all instances together', async () => {
    const limit = { times: 3, seconds: 60 }
    const taken = [store, other, store, other].map(({ limits }) => limits.take('crowd', limit))
    expect((await Promise.all(taken)).filter(Boolean)).toHaveLength(3)
    expect(await store.limits.wait('crowd', limit)).toBeGreaterThan(15)
    expect(await store.limits.wait('crowd', limit)).toBeLessThanOrEqual(20)
    expect(await store.limits.wait('elsewhere', limit)).toBe(0)
    await store.limits.giveBack('crowd', limit)
    expect(await Promise.all([store, other].map(({ limits }) => limits.take('crowd', limit)))).toContain(true)
    expect(await other.limits.take('crowd', limit)).toBe(false)
    await other.limits.forget('crowd')
    expect(await store.limits.take('crowd', limit)).toBe(true)
    await store.sweep(Math.floor(Date.now() / 1000) + 61)
    expect(await store.limits.wait('crowd', { times: 1, seconds: 60 })).toBe(0)
  })

  it('gives back one after the other, however often one asks meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const limit = { times: 3, seconds: 60 }
    const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
    const taken = async () => {
      let times = 0
      for (let i = 0; i < 10; i++) if (await store.limits.take('patient', limit)) times++
      return times
    }
    expect(await taken()).toBe(3)
    later(19)
    expect(await taken()).toBe(0)
    later(1)
    expect(await taken()).toBe(1)
    later(40)
    expect(await taken()).toBe(2)
    later(1000)
    expect(await taken()).toBe(3)
    vi.useRealTimers()
  })

  it('revokes what was issued before, and not after', async () => {
    const token = { jti: 'j', clientId: 'c', grantId: 'g', personId: 'p', issuedAt: Math.floor(Date.now() / 1000) }
    expect(await store.denylist.revocation(token)).toBeUndefined()
    await store.denylist.add('client', 'c', later())
    expect(await other.denylist.revocation(token)).toBe('client')
    expect(await store.denylist.revocation({ ...token, issuedAt: token.issuedAt + 10 })).toBeUndefined()
    await store.denylist.add('jti', 'j', later())
    expect(await store.denylist.revocation({ ...token, issuedAt: token.issuedAt + 10 })).toBe('jti')
    // Another instance keeps what it read, for a moment.
    const fresh = { ...token, issuedAt: token.issuedAt + 10 }
    await expect.poll(() => other.denylist.revocation(fresh), { timeout: 10_000, interval: 200 }).toBe('jti')
  })

  it('establishes one value of a setting, whoever asks first', async () => {
    const make = (value: number) => () => ({ value })
    const values = await Promise.all([
      store.settings.establish('key', make(1)),
      other.settings.establish('key', make(2)),
    ])
    expect(values[0]).toEqual(values[1])
  })

  it('never changes a published package', async () => {
    const version = { name: '@sallyport/people', version: '1.0.0-abc', integrity: 'sha512-one' }
    await store.packages.publish(version, new Uint8Array([1, 2, 3]))
    expect(await other.packages.publish({ ...version, integrity: 'sha512-two' }, new Uint8Array([9]))).toMatchObject(
      version,
    )
    expect([...((await other.packages.tarball(version.name, version.version)) ?? [])]).toEqual([1, 2, 3])
    expect(await store.packages.versions(version.name)).toHaveLength(1)
    expect(await store.packages.size(version.name, version.version)).toBe(3)
    expect(await store.packages.size(version.name, '9.9.9')).toBeUndefined()
  })

  it('keeps published packages for as long as they are downloaded', async () => {
    const now = Math.floor(Date.now() / 1000)
    const publish = (name: string, version: string) =>
      store.packages.publish({ name, version, integrity: 'sha512-x' }, new Uint8Array([1]))
    await publish('@sallyport/old', '1.0.0')
    await publish('@sallyport/old', '2.0.0')
    await other.packages.tarball('@sallyport/old', '1.0.0', now + 300 * 86_400)
    await store.sweep(now + 401 * 86_400)
    expect((await store.packages.versions('@sallyport/old')).map(({ version }) => version)).toEqual(['1.0.0'])
    await store.sweep(now + 701 * 86_400)
    expect(await store.packages.versions('@sallyport/old')).toEqual([])
  })

  it('keeps so many versions of a package, and first of all those that were installed again', async () => {
    const now = Math.floor(Date.now() / 1000)
    const name = '@sallyport/many'
    const publish = (version: string) =>
      store.packages.publish({ name, version, integrity: 'sha512-x' }, new Uint8Array([1]))
    await publish('1.0.0')
    await store.packages.tarball(name, '1.0.0', now + 2 * 86_400)
    for (let patch = 0; patch < 505; patch++) await publish(`2.0.${patch}`)
    const versions = (await store.packages.versions(name)).map(({ version }) => version)
    expect(versions).toHaveLength(500)
    expect(versions).toEqual(expect.arrayContaining(['1.0.0', '2.0.504']))
  })

  it('seeds policies once and counts revisions', async () => {
    await store.policies.seed('people', [{ name: 'one' }])
    await other.policies.seed('people', [{ name: 'two' }])
    expect(await store.policies.get('people')).toMatchObject({
      policies: [{ name: 'one' }],
      source: 'file',
      revision: 1,
    })
    await store.policies.apply([{ api: 'people', revision: 2, policies: [{ name: 'three' }], actor: 'ada' }])
    expect(await other.policies.get('people')).toMatchObject({ source: 'administrator', revision: 2, actor: 'ada' })
    expect(await other.policies.revisions(['people', 'nothing'])).toEqual([2, 0])
    expect((await other.policies.history('people')).map(({ revision }) => revision)).toEqual([2, 1])
    expect(await other.policies.at('people', 1)).toMatchObject({ policies: [{ name: 'one' }] })
  })

  it('changes policies as a whole or not at all, and never over another change', async () => {
    const before = await store.policies.get('people')
    const changes = [
      { api: 'publishing', revision: 1, policies: [] },
      { api: 'people', revision: before?.revision ?? 0, policies: [] },
    ]
    await expect(store.policies.apply(changes)).rejects.toThrow(PolicyConflict)
    expect(await store.policies.get('publishing')).toBeUndefined()
    expect(await store.policies.get('people')).toEqual(before)
    const revision = (before?.revision ?? 0) + 1
    const both = [store, other].map(({ policies }, index) =>
      policies.apply([{ api: 'people', revision, policies: [{ name: `by ${index}` }] }]),
    )
    expect((await Promise.allSettled(both)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('filters the audit log, and sweeps decisions about tokens alone', async () => {
    for (const action of ['token.issued', 'token.denied', 'consent.withdrawn'])
      await store.audit.append({ action, actor: 'ada', target: 'swept' })
    const actions = async (filter: Parameters<typeof store.audit.list>[0]) =>
      (await other.audit.list({ target: 'swept', ...filter })).map(({ action }) => action)
    expect(await actions({})).toEqual(['consent.withdrawn', 'token.denied', 'token.issued'])
    expect(await actions({ action: 'token.' })).toEqual(['token.denied', 'token.issued'])
    expect(await actions({ actor: 'kim' })).toEqual([])
    const [, denied] = await store.audit.list({ target: 'swept' })
    expect(await actions(denied && { after: denied })).toEqual(['token.issued'])
    expect(await actions(denied && { since: denied.at })).toEqual(['consent.withdrawn', 'token.denied'])
    expect(await actions(denied && { until: denied.at })).toEqual(['token.issued'])
    await store.sweep(Math.floor(Date.now() / 1000) + 8 * 86_400, 7)
    expect(await actions({})).toEqual(['consent.withdrawn'])
  })

  it('counts calls by hour, whoever counts, and sweeps them', async () => {
    const count = { api: 'counted', clientId: 'c', operation: 'listEmployees', status: 200, calls: 2 }
    await Promise.all([
      store.calls.add([{ hour: 7_200, ...count }]),
      other.calls.add([
        { hour: 7_200, ...count, calls: 3 },
        { hour: 7_200, ...count, status: 403 },
      ]),
    ])
    const listed = await store.calls.list({ api: 'counted', since: 7_200 })
    expect(listed.map(({ status, calls }) => [status, calls]).sort()).toEqual([
      [200, 5],
      [403, 2],
    ])
    await store.sweep(7_200 + 2 * 86_400, 1)
    expect(await store.calls.list({ api: 'counted', since: 0 })).toEqual([])
  })

  it('keeps portal sessions and initial access tokens by digest', async () => {
    const kim = await store.people.byEmail('kim@example.com')
    if (kim === undefined) throw new Error('Kim is gone.')
    const cookie = await store.portalSessions.start({ personId: kim.id, data: { theme: 'dark' }, expiresAt: later() })
    expect(await other.portalSessions.get(cookie)).toMatchObject({ personId: kim.id, data: { theme: 'dark' } })
    await store.portalSessions.end(cookie)
    expect(await other.portalSessions.get(cookie)).toBeUndefined()
    const token = await store.initialAccessTokens.mint({ name: 'CI', apis: ['people'], expiresAt: later() })
    expect(await other.initialAccessTokens.get(token)).toMatchObject({ name: 'CI', apis: ['people'] })
    expect(await other.initialAccessTokens.get(`${token}x`)).toBeUndefined()
  })

  it('sweeps what has expired', async () => {
    await store.payloads.put({ model: 'Session', id: 'old', payload: {}, expiresAt: 10 })
    await store.payloads.put({ model: 'Session', id: 'new', payload: {}, expiresAt: later() })
    expect(await store.payloads.get('Session', 'old')).toBeUndefined()
    expect(await store.sweep()).toBe(1)
    expect(await store.payloads.get('Session', 'new')).toBeDefined()
  })

  it('finds everything again after a restart', async () => {
    await store.close()
    store = await openStore(options)
    expect((await store.people.byEmail('kim@example.com'))?.groups).toEqual(['editors'])
  })
})

it('keeps the embedded database from everybody else', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-store-'))
  const store = await openStore({ dataDir })
  await store.settings.write('key', 'secret')
  const files = readdirSync(dataDir)
  expect(files).toContain('sallyport.db-wal')
  for (const name of files) expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600)
  await store.close()
  rmSync(dataDir, { recursive: true })
})
