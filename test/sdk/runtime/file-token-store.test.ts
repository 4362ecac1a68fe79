import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileTokenStore } from '../../../sdk-templates/typescript/runtime/auth/file-token-store.ts'
import { refreshToken } from '../../../sdk-templates/typescript/runtime/auth/index.ts'
import type { StoredTokens } from '../../../sdk-templates/typescript/runtime/auth/token-store.ts'
import { ConfigurationError } from '../../../sdk-templates/typescript/runtime/errors.ts'
import { HostileServer } from './hostile-server.ts'
import { Robot, thrown } from './robot.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-store-'))
  file = join(folder, 'my-tool', 'tokens.json')
})
afterEach(() => rm(folder, { recursive: true }))

const tokens = (generation: number): StoredTokens => ({ accessToken: `a${generation}`, issuedAt: 0, generation })

test('what one store keeps, the next has', async () => {
  expect(await new FileTokenStore(file).get('key')).toBeUndefined()
  expect(await new FileTokenStore(file).set('key', tokens(1), undefined)).toBe(true)
  expect(await new FileTokenStore(file).get('key')).toEqual(tokens(1))
  expect(await new FileTokenStore(file).get('__proto__')).toBeUndefined()
})

test('only the user may read it, whatever was there before', async () => {
  const store = new FileTokenStore(file)
  await store.set('key', tokens(1), undefined)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'my-tool'))).mode & 0o777).toBe(0o700)
  await chmod(file, 0o644)
  await store.set('key', tokens(2), 1)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('compares before it sets, forgets what is set to nothing, and leaves others alone', async () => {
  const store = new FileTokenStore(file)
  await store.set('key', tokens(1), undefined)
  await store.set('other', tokens(5), undefined)
  expect(await store.set('key', tokens(2), undefined)).toBe(false)
  expect(await store.set('key', tokens(2), 7)).toBe(false)
  expect(await store.set('key', tokens(2), 1)).toBe(true)
  expect(await store.set('key', undefined, 2)).toBe(true)
  expect(await store.get('key')).toBeUndefined()
  expect(await store.get('other')).toEqual(tokens(5))
})

test('of many that set at once, one wins, and the file is whole', async () => {
  const store = new FileTokenStore(file)
  const written = await Promise.all(
    Array.from({ length: 20 }, (_, index) => store.set('key', tokens(index), undefined)),
  )
  expect(written.filter(Boolean)).toHaveLength(1)
  expect(Object.keys(JSON.parse(await readFile(file, 'utf8')))).toEqual(['key'])
  expect(await readdir(join(folder, 'my-tool'))).toEqual(['tokens.json'])
})

test('a file that holds something else is neither read nor overwritten, nor shown', async () => {
  const other = join(folder, 'profile')
  await writeFile(other, 'export SECRET=hush')
  const store = new FileTokenStore(other)
  const errors = [await thrown(store.get('key')), await thrown(store.set('key', tokens(1), undefined))]
  for (const error of errors) {
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(String(error)).toContain(other)
    expect(String(error)).not.toContain('hush')
  }
  expect(await readFile(other, 'utf8')).toBe('export SECRET=hush')
})

test('a place where nothing can be written is an error that names it', async () => {
  await writeFile(join(folder, 'my-tool'), '')
  expect(await thrown(new FileTokenStore(file).set('key', tokens(1), undefined))).toMatchObject({
    name: 'ConfigurationError',
    message: `Tokens can't be kept in ${file} (ENOTDIR)`,
  })
})

test('whoever signed in stays so in the next run', async () => {
  const server = await new HostileServer().start()
  try {
    const options = { clientId: server.client.id, issuer: server.origin }
    const first = { accessToken: 'spent', refreshToken: server.issueRefreshToken(), expiresAt: 1 }
    for (const given of [first, { accessToken: 'none', expiresAt: 1 }]) {
      const auth = refreshToken({ ...options, tokens: given, store: new FileTokenStore(file) })
      await new Robot({ auth, baseUrl: server.origin }).call()
    }
    expect(server.tokenRequests).toHaveLength(1)
    expect(server.apiRequests.every(({ scopes }) => scopes !== undefined)).toBe(true)
  } finally {
    await server.stop()
  }
})
