import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'

const OPERATION = '/apis/people/operations/getEmployee'
const GROUND = { light: 'rgb(243, 244, 241)', dark: 'rgb(16, 20, 19)' }

/** What a reader has a choice of, beside what the lens shows. */
describe('reading', () => {
  let portal: Portal
  let browser: Browser

  beforeAll(async () => {
    portal = await Portal.start()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
  })

  test('a theme is chosen beside try it, whose service worker passes the choice on', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${portal.url + OPERATION}?try=1`)
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true)
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('button', { name: 'Dark' }).click()
    await expect.poll(() => page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(GROUND.dark)
    expect(page.url()).toBe(`${portal.url + OPERATION}?try=1`)
    await context.close()
  })

  test('a theme is chosen without a script, and is that of every page from its first byte on', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'light' })
    const page = await context.newPage()
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const choose = async (theme: string) => {
      await page.getByRole('button', { name: 'Theme' }).click()
      await page.getByRole('button', { name: theme }).click()
    }
    await page.goto(`${portal.url + OPERATION}?as=anyone`)
    expect(await ground()).toBe(GROUND.light)
    await choose('Dark')
    expect(page.url()).toBe(`${portal.url + OPERATION}?as=anyone`)
    expect(await ground()).toBe(GROUND.dark)
    await page.goto(portal.url)
    expect(await ground()).toBe(GROUND.dark)
    await page.getByRole('button', { name: 'Theme' }).click()
    expect(await page.locator('[aria-pressed=true]').innerText()).toBe('Dark')

    // What is kept for one reader isn't sent to another, nor taken for unchanged.
    const get = (cookie: string, etag = '') =>
      fetch(portal.url + OPERATION, { headers: { cookie, 'if-none-match': etag } })
    const scheme = async (cookie: string) =>
      /name="color-scheme" content="([^"]+)"/.exec(await (await get(cookie)).text())
    for (const [cookie, content] of [
      ['theme=dark', 'dark'],
      ['', 'light dark'],
      ['theme=light', 'light'],
      ['theme=%22%3E', 'light dark'],
    ] as const)
      expect((await scheme(cookie))?.[1]).toBe(content)
    const dark = await get('theme=dark')
    expect(dark.headers.get('vary')).toContain('Cookie')
    expect((await get('theme=light', dark.headers.get('etag') ?? '')).status).toBe(200)

    // It leads back to this site alone.
    const body = new URLSearchParams({ theme: 'dark', to: '//elsewhere.example/' })
    const strayed = await fetch(`${portal.url}/theme`, {
      ...{ method: 'POST', body, redirect: 'manual', headers: { origin: portal.url } },
    })
    expect([strayed.status, strayed.headers.get('location')]).toEqual([303, '/'])

    await page.keyboard.press('Escape')
    await choose('As the system')
    expect(await ground()).toBe(GROUND.light)
    expect(await context.cookies()).toEqual([])
    await context.close()
  })

  test('where there is more to open, one key opens all of it, and closes it', async () => {
    const page = await openPage(browser)
    await page.goto(portal.url + OPERATION)
    const responses = page.locator('section', { has: page.getByRole('heading', { name: 'Responses' }) })
    const closed = () => responses.locator('details:not([open])').count()
    expect(await closed()).toBeGreaterThan(5)
    // There is nothing to open among the parameters.
    expect(await page.getByRole('button', { name: 'Expand all' }).count()).toBe(1)
    await responses.getByRole('button', { name: 'Expand all' }).focus()
    await page.keyboard.press('Enter')
    expect(await closed()).toBe(0)
    await expectAccessible(page)
    await page.keyboard.press('Space')
    expect(await responses.locator('details[open]').count()).toBe(0)
    await responses.getByRole('button', { name: 'Expand all' }).waitFor()
    // Without a script there is none.
    const context = await browser.newContext({ javaScriptEnabled: false })
    const plain = await context.newPage()
    await plain.goto(portal.url + OPERATION)
    expect(await plain.getByRole('button', { name: 'Expand all' }).count()).toBe(0)
    expect(page.faults).toEqual([])
  })

  test('the navigation that was opened over the page stands beside it once there is room', async () => {
    const page = await openPage(browser)
    await page.setViewportSize({ width: 1000, height: 800 })
    await page.goto(portal.url + OPERATION)
    await page.getByRole('button', { name: 'People: all operations' }).click()
    const left = (selector: string) =>
      page.locator(selector).evaluate((element) => element.getBoundingClientRect().left)
    expect(await left('#main')).toBeLessThan(256)
    await page.setViewportSize({ width: 1300, height: 800 })
    await expect.poll(() => left('#main')).toBe(256)
    expect(await page.locator('#operations').isVisible()).toBe(true)
    expect(page.faults).toEqual([])
  })

  test('the navigation stays beside the page, at where one is', async () => {
    const page = await openPage(browser)
    await page.setViewportSize({ width: 1300, height: 500 })
    await page.goto(`${portal.url}/apis/people/operations/getPayslip`, { waitUntil: 'networkidle' })
    const current = page.locator('#operations [aria-current]')
    const seen = () =>
      current.evaluate((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return top > 0 && bottom < innerHeight
      })
    expect(await seen()).toBe(true)
    expect(await page.evaluate('scrollY')).toBe(0)
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    expect(await page.evaluate('scrollY')).toBeGreaterThan(200)
    expect(await seen()).toBe(true)
    // Opened over the page, too.
    await page.setViewportSize({ width: 700, height: 500 })
    await page.getByRole('button', { name: 'People: all operations' }).click()
    await expect.poll(seen).toBe(true)
    expect(page.faults).toEqual([])
  })

  test('errors stand apart from what went well', async () => {
    const page = await openPage(browser)
    await page.goto(portal.url + OPERATION)
    const order = await page.locator('.response > summary > .status, section > h3').allInnerTexts()
    expect(order).toEqual(['200', 'Errors', '400', '401', '403', '404', '429'])
  })
})
