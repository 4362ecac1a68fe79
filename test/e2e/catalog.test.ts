import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { registerService, signInAs } from './steps.ts'

const AREAS = ['Billing', 'Identity', 'Logistics', 'Payments', 'People']
const LIFECYCLES = ['stable', 'draft', 'deprecated', 'retired']

/** 200 APIs of five areas, 10 of them versions of one. */
async function manyApis(folder: string): Promise<void> {
  for (let index = 0; index < 200; index++) {
    const area = AREAS[index % AREAS.length] ?? ''
    const family = index % 20 === 0 ? 'family: one\n' : ''
    const document = `openapi: 3.1.0
info: { title: ${area} ${index}, version: 1.${index}.0, description: "> What **${area}** needs, ${'and more, '.repeat(12)}" }
tags: [{ name: ${area} }, { name: Common }]
components:
  securitySchemes: { o: { type: oauth2, flows: { clientCredentials: { tokenUrl: https://x.example, scopes: { read: Read } } } } }
paths:
  /things: { get: { operationId: list, tags: [${area}, Common], security: [{ o: [read] }], responses: { "200": { description: OK } } } }
`
    await mkdir(join(folder, `api-${index}`))
    await writeFile(join(folder, `api-${index}/openapi.yaml`), document)
    await writeFile(
      join(folder, `api-${index}/access.yaml`),
      `${family}lifecycle: ${LIFECYCLES[index % LIFECYCLES.length]}\nowner: { name: ${area} team }\n`,
    )
  }
}

/** A portal with the documents that `write` puts into its folder. */
function portalOf(write: (specs: string) => Promise<void>) {
  const running: { portal?: Portal; browser?: Browser } = {}
  let specs: string
  beforeAll(async () => {
    specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
    await write(specs)
    running.portal = await Portal.start({ SPECS_DIR: specs })
    running.browser = await launchBrowser()
  })
  afterAll(async () => {
    await running.browser?.close()
    await running.portal?.destroy()
    await rm(specs, { recursive: true, force: true })
  })
  return async () => {
    if (running.browser === undefined || running.portal === undefined) throw new Error('It didn’t start.')
    return { page: await openPage(running.browser), portal: running.portal }
  }
}

describe('a catalog without APIs', () => {
  const open = portalOf(async () => undefined)

  test('says how to get one', async () => {
    const { page, portal } = await open()
    for (const path of ['/', '/apis', '/search?q=x']) {
      await page.goto(portal.url + path)
      await expectAccessible(page)
    }
    await page.goto(`${portal.url}/apis`)
    expect(await page.locator('main').innerText()).toMatch(/No APIs yet\.\s+Put a folder with an openapi\.yaml/)
    expect(await page.locator('form.filters').count()).toBe(0)
    for (const path of ['/apis.md', '/llms.txt', '/sitemap.xml'])
      expect((await page.request.get(portal.url + path)).status(), path).toBe(200)
    expect(page.faults).toEqual([])
  })
})

describe('a catalog of 200 APIs', () => {
  const open = portalOf(manyApis)

  test('is one page of a sane size, and filters work together', async () => {
    const { page, portal } = await open()
    const response = await page.goto(`${portal.url}/apis`)
    const html = (await response?.body()) ?? Buffer.of()
    expect(html.byteLength).toBeLessThan(250_000)
    expect(gzipSync(html).byteLength).toBeLessThan(20_000)
    await expectAccessible(page)
    const cards = page.locator('.cards > li')
    expect(await cards.count()).toBe(191)
    expect(await cards.filter({ hasText: 'Billing 180' }).locator('.versions li').count()).toBe(10)
    // Markdown leaves no marks.
    expect(await cards.first().locator('.summary').innerText()).toMatch(/^What Billing needs, /)

    await cards.first().getByRole('link', { name: 'Billing', exact: true }).click()
    expect(new URL(page.url()).search).toBe('?tag=Billing')
    await page.getByLabel('Lifecycle').selectOption('deprecated')
    await page.getByRole('button', { name: 'Filter' }).click()
    expect(await page.locator('form.filters').innerText()).toContain('10 of 200 APIs')
    expect(await cards.count()).toBe(10)
    expect((await cards.allInnerTexts()).join(' ')).not.toMatch(/Identity|stable ·/)

    await page.goto(portal.url)
    expect(await cards.count()).toBe(12)
    await page.getByRole('link', { name: 'See all 200 APIs' }).click()
    expect(new URL(page.url()).pathname).toBe('/apis')

    await signInAs(page, portal, 'Dev Anand')
    await registerService(page, portal, 'Reader', 'api-12', ['read'])
    await page.goto(`${portal.url}/apis`)
    await page.getByLabel('my apps can call').check()
    await page.getByRole('button', { name: 'Filter' }).click()
    expect(await cards.getByRole('heading').allInnerTexts()).toEqual(['Logistics 12'])
    expect(page.faults).toEqual([])
  })
})

const LONG = '/organizations/{organization}/memberships/{membership}/invitations/{invitation}/acknowledgements'

/** One operation, of which the document says nothing but where it is; and a document without scopes. */
const wordless = async (folder: string) => {
  await writeFile(
    join(folder, 'scopeless.yaml'),
    `openapi: 3.1.0
info: { title: Scopeless, version: "1" }
paths:
  ${LONG}: { get: { responses: { "200": { description: OK } } }, put: { responses: { "200": { description: OK } } } }
`,
  )
  await writeFile(
    join(folder, 'wordless.yaml'),
    `openapi: 3.1.0
info: { title: Wordless, version: "1" }
components:
  securitySchemes: { o: { type: oauth2, flows: { clientCredentials: { tokenUrl: https://x.example, scopes: { read: Read } } } } }
paths:
  ${LONG}: { get: { operationId: acknowledge, security: [{ o: [read] }], responses: { "200": { description: OK } } } }
`,
  )
}

/** In the browser: with what each line of the path begins, and what is before it. */
const LINES = `
  const [walker, starts] = [document.createTreeWalker(element, NodeFilter.SHOW_TEXT), []]
  let [before, bottom] = ['', Infinity]
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (let at = 0; at < node.data.length; at++) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      const [box] = range.getClientRects()
      if (box === undefined || box.width === 0) continue
      if (box.top >= bottom) starts.push(before + node.data[at])
      before = node.data[at]
      bottom = box.bottom - 1
    }
  return starts`

describe('an API of which the document says little', () => {
  const open = portalOf(wordless)

  test('shows paths that break between their parts', async () => {
    const { page, portal } = await open()
    const look = async (path: string, width: number, selector: string): Promise<void> => {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(portal.url + path)
      const shown = page.locator(selector).filter({ hasText: LONG })
      expect(await shown.count(), path + selector).toBeGreaterThan(0)
      for (const element of await shown.all()) {
        const starts: string[] = await element.evaluate(new Function('element', LINES) as () => string[])
        expect(starts.length, `${path} ${selector}`).toBeGreaterThan(0)
        for (const start of starts) expect(start, `${path} ${selector}`).toMatch(/\/$|^ /)
      }
    }
    await look('/apis/wordless/operations/acknowledge', 1280, 'nav .title')
    await look('/apis/wordless/operations/acknowledge', 390, 'h1')
    await look('/apis/wordless', 390, '.paths .title')
    await look('/apis/wordless', 390, '.paths code')
    await look('/apis/wordless/scopes', 390, 'tbody code')
    await look('/search?q=acknowledgements', 390, '#found .title')
    await signInAs(page, portal, 'Dev Anand')
    const { clientId } = await registerService(page, portal, 'Reader', 'wordless', ['read'])
    await look(`/apps/${clientId}`, 390, 'li > code')
    await look(`/apps/${clientId}`, 390, 'li a')
    expect(page.faults).toEqual([])
  })

  test('has its proposed scopes read on a phone without scrolling sideways', async () => {
    const { page, portal } = await open()
    await signInAs(page, portal, 'Rosa Lindqvist')
    await page.setViewportSize({ width: 390, height: 900 })
    await page.goto(`${portal.url}/console/proposals/scopeless`)
    const region = page.getByRole('region').filter({ hasText: LONG })
    expect(await region.getByRole('row').count()).toBe(3)
    expect(await region.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true)
    await expectAccessible(page)
  })
})
