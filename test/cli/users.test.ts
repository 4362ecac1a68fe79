import { afterEach, describe, expect, it, vi } from 'vitest'
import { openStore, type Store } from '../../src/store/store.ts'
import { ownDatabase } from '../store/own-database.ts'
import { folder, sallyport } from './command-line.ts'

const EMAIL = 'kim@example.com'

async function withKim<T>(work: (store: Store) => Promise<T>, dataDir: string): Promise<T> {
  const databaseUrl = process.env.DATABASE_URL
  const store = await openStore({ dataDir, ...(databaseUrl && { databaseUrl }) })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** An empty server's `DATA_DIR` with Kim in its directory. */
async function directory(): Promise<string> {
  const dataDir = await folder({})
  vi.stubEnv('DATA_DIR', dataDir)
  vi.stubEnv('DATABASE_URL', await ownDatabase())
  vi.stubEnv('SPECS_DIR', await folder({}))
  await withKim((store) => store.people.add({ email: EMAIL, name: 'Kim', groups: ['editors'] }), dataDir)
  return dataDir
}
afterEach(() => vi.unstubAllEnvs())

const profile = (...options: string[]) => sallyport('users', 'profile', EMAIL, ...options)

describe('sallyport users profile', () => {
  it('sets, shows and takes away attributes, and writes down what was before', async () => {
    const dataDir = await directory()
    expect(await profile('--set', 'department=news', 'desk=a', 'desk=b=c')).toEqual({
      code: 0,
      out: 'department\tnews\ndesk\ta, b=c\n',
      err: '',
    })
    expect((await profile('--set', 'department=news', '--json')).out).toBe('{"desk":["a","b=c"],"department":"news"}\n')
    expect((await profile('--set', 'department=sport', '--unset', 'desk')).out).toBe('department\tsport\n')
    const entries = await withKim(({ audit }) => audit.list({ action: 'person.profile' }), dataDir)
    expect(entries.map(({ actor, detail }) => [actor, detail])).toEqual([
      ['command line', { email: EMAIL, attribute: 'department', before: ['news'], after: ['sport'] }],
      ['command line', { email: EMAIL, attribute: 'desk', before: ['a', 'b=c'] }],
      ['command line', { email: EMAIL, attribute: 'desk', after: ['a', 'b=c'] }],
      ['command line', { email: EMAIL, attribute: 'department', after: ['news'] }],
    ])
  })

  it.each([
    ['no value', ['--set', 'department'], 'takes attribute=value'],
    ['a value of two lines', ['--set', 'department=a\nb'], 'A value is one line'],
    ['a name that is none', ['--set', '<b>=news'], 'An attribute is named by'],
    ['too many values', Array.from({ length: 21 }, (_, i) => [`--set`, `desk=${i}`]).flat(), 'an attribute 20 values'],
  ])('refuses %s', async (_, options, why) => {
    const dataDir = await directory()
    expect(await profile(...options)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(why) })
    expect((await withKim(({ people }) => people.byEmail(EMAIL), dataDir))?.profile).toEqual({})
  })

  it('changes nothing where a provider says who people are, but shows it', async () => {
    await directory()
    await profile('--set', 'department=news')
    vi.stubEnv('SIGN_IN_ISSUER', 'https://login.example.com')
    vi.stubEnv('SIGN_IN_CLIENT_ID', 'sallyport')
    expect(await profile('--set', 'department=sport')).toMatchObject({
      code: 2,
      err: expect.stringContaining('says who they are, at each sign-in'),
    })
    expect(await profile()).toMatchObject({ code: 0, out: 'department\tnews\n' })
  })
})

describe('sallyport users remove', () => {
  it('leaves the apps, and says whose they are now', async () => {
    const dataDir = await directory()
    await withKim(async ({ clients, people }) => {
      const ownerId = (await people.byEmail(EMAIL))?.id ?? ''
      const more = { kind: 'web', apis: [], payload: {}, verified: false, anonymous: false, createdAt: 1, ownerId }
      await clients.add({ id: 'desk', name: 'Desk', ...more, team: 'editors' })
      await clients.add({ id: 'own', name: 'Own', ...more })
    }, dataDir)
    expect(await sallyport('users', 'remove', EMAIL)).toEqual({
      code: 0,
      out: "desk\tDesk\twith the team editors\nown\tOwn\tnobody's: hand it over on its page\n",
      err: `${EMAIL} is removed.\n`,
    })
    expect((await sallyport('users', 'list')).out).toBe('')
    expect(await withKim(({ clients }) => clients.get('desk'), dataDir)).toMatchObject({ team: 'editors' })
    expect((await sallyport('users', 'remove', EMAIL)).code).toBe(2)
  })
})
