import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { registerService, signInAs } from './steps.ts'

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
    ['catalog, filtered', () => '/apis?tag=Articles&lifecycle=stable&mine=1'],
    ['catalog without a match', () => '/apis?lifecycle=retired'],
    ['API', () => '/apis/people'],
    ['operation', () => '/apis/people/operations/getEmployee'],
    ['operation through the lens', () => '/apis/publishing/operations/createArticle?as=scopes&scope=api%3Aread'],
    ['webhook', () => '/apis/publishing/webhooks/articlePublished'],
    ['schema', () => '/apis/people/schemas/Employee'],
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
    ['console: apps', () => '/console/apps'],
    ['console: audit', () => '/console/audit'],
    ['console: a proposal', () => '/console/proposals/people'],
    ['not found', () => '/nothing'],
  ])('%s', async (_, path) => {
    await page.goto(portal.url + path(), { waitUntil: 'networkidle' })
    await expectAccessible(page)
    expect(page.faults).toEqual([])
  })

  test.each([
    '/',
    '/apis',
    '/apis/people',
    '/apis/people/operations/getEmployee',
    '/apis/people/scopes',
    '/search?q=pay',
  ])('%s: 320 px, very wide, on paper, without motion', async (path) => {
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark', reducedMotion: 'reduce' })
    for (const width of [320, 2560]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(portal.url + path)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${width} px`).toBe(true)
    }
    expect(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior')).toBe('auto')
    expect(await page.evaluate('document.getAnimations().length')).toBe(0)
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true)
    for (const gone of ['.search-link', '.strip form', '.skip', 'nav.operations', '.try-bar', '.expand'])
      for (const part of await page.locator(gone).all()) expect(await part.isVisible(), gone).toBe(false)
    // Ink on paper, whatever the theme of the screen.
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toMatch(
      /rgb\(255, 255, 255\)|rgba\(0, 0, 0, 0\)/,
    )
    await page.emulateMedia({ media: 'screen', reducedMotion: 'no-preference' })
  })

  test('on paper, an operation shows what a reader could open, and one sample with its language', async () => {
    await page.goto(`${portal.url}/apis/publishing/operations/createArticle`)
    await page.getByText('Python', { exact: true }).click()
    const closed = page.locator('details:not([open]) :is(.ledger, pre)')
    const seen = () => closed.evaluateAll((parts) => parts.filter((part) => part.checkVisibility()).length)
    const all = await closed.count()
    expect([all > 10, await seen()]).toEqual([true, 0])
    await page.emulateMedia({ media: 'print' })
    expect(await seen()).toBe(all)
    expect(await page.locator('.samples label:visible').allInnerTexts()).toEqual(['Python'])
    expect(await page.locator('.sample:visible').count()).toBe(1)
    expect(await page.locator('summary:visible', { hasText: /^\d+ fields?/ }).count()).toBe(0)
    await page.emulateMedia({ media: 'screen' })
  })

  test('what can’t be taken back takes a second click', async () => {
    await page.goto(`${portal.url}/console/apps`)
    await page.getByText('Disable…').first().click()
    await expectAccessible(page)
  })

  test('signed out: not found', async () => {
    const stranger = await openPage(browser)
    await stranger.goto(`${portal.url}/nothing?of=all`)
    const link = stranger.getByRole('main').getByRole('link', { name: 'Sign in' })
    expect(await link.getAttribute('href')).toBe('/auth/sign-in?to=%2Fnothing%3Fof%3Dall')
    await expectAccessible(stranger)
  })

  test.each([
    ['console: audit', () => '/console/audit', 'Audit entries'],
    ['activity of an app', () => `/apps/${app}`, 'Activity'],
  ])(
    '%s: on a phone, rows are read without scrolling sideways, and are a table all the same',
    async (_, path, label) => {
      await page.setViewportSize({ width: 390, height: 900 })
      await page.goto(portal.url + path())
      for (const summary of await page.locator('summary', { hasText: label }).all()) await summary.click()
      const region = page.getByRole('region', { name: label })
      expect(await region.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true)
      const session = await page.context().newCDPSession(page)
      const { nodes } = await session.send('Accessibility.getFullAXTree')
      const number = (role: string) => nodes.filter((node) => node.role?.value === role).length
      const rows = await region.locator('tbody tr').count()
      const columns = await region.locator('th').count()
      const table = {
        tables: number('table'),
        rows: number('row'),
        columns: number('columnheader'),
        cells: number('cell'),
      }
      const empty = await region.locator('td:empty').count()
      expect(table).toEqual({ tables: 1, rows: rows + 1, columns, cells: rows * columns - empty })
      await expectAccessible(page)
    },
  )

  test('search dialog', async () => {
    await page.goto(`${portal.url}/apis/people?as=anyone`)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('employee')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await expectAccessible(page)
  })
})
