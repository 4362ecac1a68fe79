import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { registerService, signInAs } from './steps.ts'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly unknown[] }[]
}

/** One page of every kind, in both themes and on a phone. */
describe('accessibility', () => {
  let portal: Portal
  let browser: Browser
  let page: Awaited<ReturnType<typeof openPage>>
  let app: string

  beforeAll(async () => {
    portal = await Portal.start()
    browser = await launchBrowser()
    page = await openPage(browser)
    await signInAs(page, portal, 'Rosa Lindqvist')
    app = (await registerService(page, portal, 'Audit', 'people', ['employees:read'])).clientId
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
  })

  test.each([
    ['home', () => '/'],
    ['home as Payroll', () => '/?as=payroll'],
    ['catalog', () => '/apis'],
    ['API', () => '/apis/people'],
    ['operation', () => '/apis/people/operations/getEmployee'],
    ['operation through the lens', () => '/apis/publishing/operations/createArticle?as=scopes&scope=api%3Aread'],
    ['recursive schema', () => '/apis/publishing/schemas/Comment'],
    ['try it', () => '/apis/people/operations/createEmployee?try=1'],
    ['scopes', () => '/apis/people/scopes?as=scopes&scope=employees:read&by=employees:read'],
    ['guide', () => '/apis/people/guides/getting-started'],
    ['search', () => '/search?q=salary&as=anyone'],
    ['search without a match', () => '/search?q=zzyzx'],
    ['SDKs', () => '/apis/people/sdks'],
    ['apps', () => '/apps'],
    ['registration', () => '/apps/new?api=people'],
    ['app', () => `/apps/${app}`],
    ['editing an app', () => `/apps/${app}/edit`],
    ['token preview', () => `/apps/${app}/preview?scope=employees:read`],
    ['asking for scopes', () => `/apps/${app}/request?scopes=employees:write`],
    ['requests', () => '/apps/requests'],
    ['tokens for pipelines', () => '/apps/tokens'],
    ['account', () => '/account'],
    ['console', () => '/console'],
    ['console: people', () => '/console/people'],
    ['console: policies', () => `/console/policies?api=people&app=${app}`],
    ['console: audit', () => '/console/audit'],
    ['not found', () => '/nothing'],
  ])('%s', async (_, path) => {
    for (const [colorScheme, width] of [
      ['light', 1440],
      ['dark', 1440],
      ['light', 375],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      await page.goto(portal.url + path(), { waitUntil: 'networkidle' })
      await page.evaluate(axe.source)
      const { violations } = (await page.evaluate('axe.run()')) as { violations: Violation[] }
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      )
      expect(found, `${colorScheme}, ${width} px`).toEqual([])
      expect(
        await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
        `no sideways scroll at ${width} px`,
      ).toBe(true)
    }
    expect(page.faults).toEqual([])
  })

  test('search dialog', async () => {
    await page.goto(`${portal.url}/apis/people?as=anyone`)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('employee')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as { violations: Violation[] }
    expect(violations.map(({ id }) => id)).toEqual([])
  })
})
