import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Portal } from './portal.ts'

const COPIED = ['src', 'sdk-templates', 'dist', 'specs/people', 'package.json', 'package-lock.json', 'tsconfig.json']

/** The sources of a running portal become those of another version of it. */
describe('an upgrade', () => {
  let root: string
  let portal: Portal

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sallyport-sources-'))
    for (const name of [...COPIED, 'astro.config.mjs']) await cp(name, join(root, name), { recursive: true })
    await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'))
    portal = await Portal.start({}, root)
  })

  afterAll(async () => {
    await portal?.destroy()
    await rm(root, { recursive: true, force: true })
  })

  test('leaves a running server its pages, tells who reads all of an API again that it is worded otherwise, and removes what no document is compiled to any more', async () => {
    const everything = `${portal.url}/apis/people/llms-full.txt`
    const etag = (await fetch(everything)).headers.get('etag') ?? ''
    const wording = join(root, 'src/wording/english/docs.ts')
    const said = await readFile(wording, 'utf8')
    await writeFile(wording, said.replace('lead: (api: string) => `What each scope', '$&, and no other,'))
    await promisify(execFile)('npm', ['run', 'build'], { cwd: root })

    const catalog = await fetch(`${portal.url}/apis`)
    expect(catalog.status).toBe(200)
    const [, stylesheet = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(await catalog.text()) ?? []
    expect((await fetch(portal.url + stylesheet)).status).toBe(200)
    expect((await fetch(everything, { headers: { 'if-none-match': etag } })).status).toBe(304)

    await portal.stop()
    const cache = join(portal.dataDir, 'cache')
    const own = (await readdir(cache)).filter((name) => name.endsWith('.json'))
    await writeFile(join(cache, 'before.model.json'), '{}')
    const lastWeek = new Date(Date.now() - 7 * 24 * 60 * 60_000)
    for (const name of [...own, 'before.model.json']) await utimes(join(cache, name), lastWeek, lastWeek)
    await portal.launch()
    expect((await readdir(cache)).filter((name) => name.endsWith('.json'))).toEqual(own)
    expect((await fetch(everything, { headers: { 'if-none-match': etag } })).status).toBe(200)
    expect(await (await fetch(`${portal.url}/apis/people/scopes`)).text()).toContain('What each scope, and no other,')
  })
})
