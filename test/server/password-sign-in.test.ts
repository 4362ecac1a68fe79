import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Directory } from '../../src/authorization-server/directory.ts'
import { PASSWORDS, PASSWORDS_OF_ADDRESS, PASSWORDS_OF_NETWORK } from '../../src/authorization-server/limits.ts'
import { passwordSignIn } from '../../src/server/password-sign-in.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { ownDatabase } from '../store/own-database.ts'

const OFFICE = '203.0.113.7'
const HOME = '198.51.100.20'
/** Nobody waits for the whole time. */
const stopped = { wait: expect.toSatisfy((seconds: number) => seconds > 0 && seconds <= 90) }

describe('passwords may be tried so often', () => {
  let dataDir: string
  let store: Store
  let signIn: ReturnType<typeof passwordSignIn>
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'sallyport-password-'))
    const databaseUrl = await ownDatabase()
    store = await openStore({ dataDir, ...(databaseUrl && { databaseUrl }) })
    for (const name of ['Kim', 'Robin']) await store.people.add({ email: `${name}@example.com`, name })
    // What argon2 does is tested elsewhere, and takes its time.
    const directory: Pick<Directory, 'authenticate'> = {
      authenticate: async (email, password) => (password === 'right' ? store.people.byEmail(email) : undefined),
    }
    signIn = passwordSignIn({ store, directory })
  })
  afterEach(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const attempt = (email: string, password: string, address = OFFICE, device?: string) =>
    signIn({ email, password, address, device })
  const signedIn = { person: expect.objectContaining({ status: 'active' }), device: expect.any(String) }

  const deviceOf = (result: Awaited<ReturnType<typeof attempt>>) => {
    if (typeof result === 'string' || 'wait' in result) throw new Error('Nobody signed in.')
    return result.device
  }

  /** Someone in the office tries passwords until they are stopped. */
  async function attack(email: string): Promise<void> {
    for (let i = 0; i < PASSWORDS.times; i++) expect(await attempt(email, 'guess')).toBe('wrong')
    expect(await attempt(email, 'guess')).toEqual(stopped)
  }
  async function attackEveryone(): Promise<void> {
    for (let i = 0; i < PASSWORDS_OF_ADDRESS.times; i++) await attempt(`p${i}@example.com`, 'guess')
    expect(await attempt('another@example.com', 'guess')).toEqual(stopped)
  }

  it('from one address, not from another: nobody elsewhere is locked out', async () => {
    await attack('kim@example.com')
    expect(await attempt('kim@example.com', 'right')).toEqual(stopped)
    expect(await attempt('Kim@Example.com', 'right', HOME)).toEqual(signedIn)
  })

  it('and a colleague behind the same address, who has signed in in this browser before, isn’t either', async () => {
    const before = await attempt('kim@example.com', 'right')
    const device = deviceOf(before)
    await attack('kim@example.com')
    await attackEveryone()
    expect(await attempt('kim@example.com', 'right', OFFICE, device)).toEqual(signedIn)
    // In it, too, no more than that may be tried.
    for (let i = 0; i < PASSWORDS.times; i++)
      expect(await attempt('kim@example.com', 'guess', OFFICE, device)).toBe('wrong')
    expect(await attempt('kim@example.com', 'right', OFFICE, device)).toEqual(stopped)
  })

  it('what one’s browser was given opens no other account, and can’t be made up', async () => {
    const own = await attempt('robin@example.com', 'right')
    const device = deviceOf(own)
    await attack('kim@example.com')
    for (const made of [device, `${device}x`, 'x.y', '.', ''])
      expect(await attempt('kim@example.com', 'right', OFFICE, made)).toEqual(stopped)
  })

  it('a colleague in a new browser waits for a moment, not for a quarter of an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await attack('kim@example.com')
    const result = await attempt('kim@example.com', 'right')
    const { wait } = typeof result === 'object' && 'wait' in result ? result : { wait: 0 }
    expect(wait).toBeLessThanOrEqual(90)
    vi.setSystemTime(Date.now() + wait * 1000)
    expect(await attempt('kim@example.com', 'right')).toEqual(signedIn)
    vi.useRealTimers()
  })

  it('nor longer for whoever tries again and again while they are stopped', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await attack('kim@example.com')
    for (let i = 0; i < 500; i++) expect(await attempt('kim@example.com', 'guess')).toEqual(stopped)
    vi.setSystemTime(Date.now() + 90_000)
    expect(await attempt('kim@example.com', 'right')).toEqual(signedIn)
    expect(await attempt('robin@example.com', 'right')).toEqual(signedIn)
    vi.useRealTimers()
  })

  it('from one guest of an IPv6 network, not from another; from all that one could make up, a few times as many', async () => {
    const guest = (number: number) => `2001:db8:1:2::${number.toString(16)}`
    for (let i = 0; i < PASSWORDS.times; i++) await attempt('kim@example.com', 'guess', guest(1))
    expect(await attempt('kim@example.com', 'right', guest(1))).toEqual(stopped)
    expect(await attempt('kim@example.com', 'right', guest(2))).toEqual(signedIn)
    let wrong = 0
    for (let i = 3; i < 200; i++) if ((await attempt('kim@example.com', 'guess', guest(i))) === 'wrong') wrong++
    expect(wrong).toBe(PASSWORDS_OF_NETWORK.times - PASSWORDS.times)
    expect(await attempt('kim@example.com', 'right', '2001:db8:1:3::1')).toEqual(signedIn)
  })

  it('of many at once none is overlooked', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => attempt('kim@example.com', 'guess')))
    expect(results.filter((result) => result === 'wrong')).toHaveLength(PASSWORDS.times)
  })

  it('right ones count for nothing, however many people share the address', async () => {
    for (let i = 0; i < PASSWORDS_OF_ADDRESS.times + 10; i++)
      expect(await attempt(i % 2 === 0 ? 'kim@example.com' : 'robin@example.com', 'right')).toEqual(signedIn)
  })
})
