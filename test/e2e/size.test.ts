import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { Portal } from './portal.ts'

const require = createRequire(import.meta.url)
const FIGMA = join(dirname(require.resolve('@figma/rest-api-spec/package.json')), 'openapi/openapi.yaml')

/** KB (1,000 bytes). What isn't the page itself is as large for every operation, of GitHub's and Stripe's documents, too. */
const PAGE = 60
const BESIDE_THE_HTML = 34
const SCRIPTS = 6

describe('what a page loads, gzipped, by a browser that knows nothing yet', () => {
  let specs: string
  let portal: Portal
  let browser: Browser

  beforeAll(async () => {
    specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
    await cp('specs/people', join(specs, 'people'), { recursive: true })
    await mkdir(join(specs, 'figma'))
    await cp(FIGMA, join(specs, 'figma/openapi.yaml'))
    portal = await Portal.start({ SPECS_DIR: specs })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
    await rm(specs, { recursive: true, force: true })
  })

  test.each(['people/operations/getEmployee', 'people/operations/createEmployee', 'figma/operations/getFile'])(
    '%s',
    async (path) => {
      const loaded = await load(`${portal.url}/apis/${path}`)
      const sum = (type?: string) =>
        loaded.reduce((total, each) => total + (type === undefined || each.type === type ? each.bytes : 0), 0) / 1000
      expect(sum('Document')).toBeGreaterThan(1)
      expect(sum('Font')).toBeGreaterThan(1)
      expect(sum('Script')).toBeGreaterThan(1)
      expect(sum('Script')).toBeLessThanOrEqual(SCRIPTS)
      expect(sum() - sum('Document')).toBeLessThanOrEqual(BESIDE_THE_HTML)
      expect(sum()).toBeLessThanOrEqual(PAGE)
    },
  )

  test.each([
    '/',
    '/apis',
    '/apis/people',
    '/apis/people/operations/getEmployee',
    '/apis/people/operations/getEmployee?try=1',
    '/apis/people/schemas/Employee',
    '/apis/people/scopes',
    '/search?q=employees',
    '/nowhere',
  ])('%s waits for one stylesheet', async (path) => {
    const response = await fetch(portal.url + path)
    const asked = [...(await response.text()).matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(
      ([, href]) => href,
    )
    expect(asked).toHaveLength(1)
  })

  /** Everything that crosses the wire, with its headers, until nothing more is asked for. */
  async function load(url: string): Promise<{ type: string; bytes: number }[]> {
    const context = await browser.newContext({ extraHTTPHeaders: { 'accept-encoding': 'gzip' } })
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    const types = new Map<string, string>()
    const loaded: { type: string; bytes: number }[] = []
    session.on('Network.requestWillBeSent', ({ requestId, type = 'Other' }) => types.set(requestId, type))
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
      loaded.push({ type: types.get(requestId) ?? 'Other', bytes: encodedDataLength }),
    )
    await page.goto(url, { waitUntil: 'networkidle' })
    await context.close()
    return loaded
  }
})
