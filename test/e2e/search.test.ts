import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { signInAs } from './steps.ts'

const SECRET = `openapi: 3.1.0
info: { title: Submarines, version: "1" }
paths:
  /submarines: { get: { summary: List submarines, responses: { "200": { description: OK } } } }
`

describe('search', () => {
  let specs: string
  let portal: Portal
  let browser: Browser

  beforeAll(async () => {
    specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
    await cp(fileURLToPath(new URL('../../specs/people', import.meta.url)), join(specs, 'people'), { recursive: true })
    await cp(fileURLToPath(new URL('../../specs/people', import.meta.url)), join(specs, 'secret'), { recursive: true })
    await writeFile(join(specs, 'secret/openapi.yaml'), SECRET)
    await writeFile(join(specs, 'secret/access.yaml'), 'visibility: signed-in\n')
    portal = await Portal.start({ SPECS_DIR: specs })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
    await rm(specs, { recursive: true, force: true })
  })

  test('by keyboard alone: open, type with a slip, choose, arrive', async () => {
    const page = await openPage(browser)
    await page.goto(`${portal.url}/apis/people?as=scopes&scope=employees:read`)
    await page.keyboard.press('Control+k')
    const box = page.getByRole('combobox', { name: /Search operations/ })
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.type('paysilp')
    const option = page.getByRole('option', { name: /Get a payslip/ })
    await option.waitFor()
    expect(await option.innerText()).toContain('It lacks compensation:read and payroll:read')
    await page.keyboard.press('ArrowDown')
    expect(await box.getAttribute('aria-activedescendant')).toBe(
      await page.locator('[role=option][aria-selected=true]').getAttribute('id'),
    )
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('/')
    await page.keyboard.type('payslip method:get')
    // Once the answer is there, the best result is what Enter takes.
    await page.locator('[data-combobox-option-default]', { hasText: 'Get a payslip' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/operations/getPayslip?as=scopes&scope=employees:read')
    expect(page.faults).toEqual([])
  })

  test('without JavaScript there is a results page, with the nearest where nothing matches', async () => {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await page.goto(portal.url)
    await page.getByRole('link', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('salary')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/search?q=salary')
    expect(await page.locator('#found').innerText()).toMatch(/salary[\s\S]*needs compensation:read/)
    await page
      .locator('#found')
      .getByRole('link', { name: /^salary Employee / })
      .click()
    expect(page.url()).toBe(`${portal.url}/apis/people/schemas/Employee#field.salary`)
    expect(await page.locator(':target').innerText()).toContain('salary')
    await page.goto(`${portal.url}/search?q=conpemstaion`)
    expect(await page.locator('#found').innerText()).toMatch(/Nothing matches\. Nearest:[\s\S]*compensation:read/)
    await page.goto(`${portal.url}/search?q=zzyzx`)
    expect(await page.locator('#found').innerText()).toBe('Nothing matches. See all APIs')
    await page.getByRole('link', { name: 'See all APIs' }).click()
    await page.waitForURL('**/apis')
  })

  test('JSON holds what the reader may see, and no more', async () => {
    const page = await openPage(browser)
    const titles = async (): Promise<string[]> => {
      const response = await page.request.get(`${portal.url}/search?q=submarines`, {
        headers: { accept: 'application/json' },
      })
      expect(response.headers()['content-type']).toBe('application/json')
      const { results, nearest } = await response.json()
      return [...results, ...nearest].map(({ title }: { title: string }) => title)
    }
    expect((await titles()).filter((title) => /submarine/i.test(title))).toEqual([])
    await signInAs(page, portal, 'Rosa Lindqvist')
    expect(await titles()).toContain('List submarines')
  })

  test('what machines read has the same limits', async () => {
    for (const path of ['/llms.txt', '/apis.md', '/sitemap.xml']) {
      const text = await (await fetch(portal.url + path)).text()
      expect(text).toContain('/apis/people')
      expect(text).not.toMatch(/secret|submarine/i)
    }
    for (const path of ['', '.md', '/llms-full.txt', '/sitemap.xml', '/scopes.md', '/guides/getting-started.md']) {
      expect((await fetch(`${portal.url}/apis/people${path}`)).status, path).toBe(200)
      expect((await fetch(`${portal.url}/apis/secret${path}`)).status, path).toBe(404)
    }
    const operation = await fetch(`${portal.url}/apis/people/operations/getEmployee`)
    expect(operation.headers.get('link')).toContain('</apis/people/openapi.json>; rel="service-desc"')
    expect(operation.headers.get('cache-control')).toBe('public, no-cache')
  })
})
