import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Registry, startRegistry } from '../registry.ts'

const run = promisify(execFile)
let registry: Registry
let folder: string

beforeAll(async () => {
  registry = await startRegistry()
  folder = await mkdtemp(join(tmpdir(), 'sallyport-registry-'))
})

afterAll(async () => {
  await registry.close()
  await rm(folder, { recursive: true, force: true })
})

test('npm installs a package from it, with nothing in its cache and nowhere else to go', async () => {
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const nowhere = 'http://127.0.0.1:9'
  await run('npm', ['install', 'oauth4webapi', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      npm_config_cache: join(folder, 'cache'),
      npm_config_registry: registry.url,
      npm_config_proxy: nowhere,
      npm_config_https_proxy: nowhere,
      npm_config_noproxy: '127.0.0.1',
      npm_config_update_notifier: 'false',
    },
  })
  const ours = await readFile('node_modules/oauth4webapi/package.json', 'utf8')
  expect(await readFile(join(folder, 'node_modules/oauth4webapi/package.json'), 'utf8')).toBe(ours)
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'))
  expect(lock.packages['node_modules/oauth4webapi'].resolved).toContain(registry.url)
  const program = "import('oauth4webapi').then(({ None }) => console.log(typeof None))"
  const { stdout } = await run(process.execPath, ['--eval', program], { cwd: folder })
  expect(stdout.trim()).toBe('function')
})

test.each(['no-such-package', '@types%2Fno-such', '..%2F..%2Fpackage.json', '%2e%2e/x', '-/npm/v1/security'])(
  '%s is not there',
  async (path) => {
    expect((await fetch(registry.url + path)).status).toBe(404)
  },
)

test('a scoped package is served with its slash encoded or not', async () => {
  const encoded = await fetch(`${registry.url}@types%2fpg`)
  const plain = await fetch(`${registry.url}@types/pg`)
  expect(await encoded.json()).toEqual(await plain.json())
})
