import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'

const OPERATION = '/apis/people/operations/createEmployee'

/** What has the focus, in few words; it must be seen to have it. */
const FOCUSED = `(() => {
  const element = document.activeElement
  const shown = element.matches('input[type=radio]') ? element.closest('label') : element
  const { outlineStyle, outlineWidth } = getComputedStyle(shown)
  const box = shown.getBoundingClientRect()
  return {
    name: (element.getAttribute('aria-label') ?? shown.innerText ?? '').trim().split('\\n')[0],
    tag: element.localName,
    place: element.closest('header, nav.operations, .strip, .samples, main')?.className.split(' ')[0] ?? '',
    visible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  }
})()`

interface Focused {
  readonly name: string
  readonly tag: string
  readonly place: string
  readonly visible: boolean
}

describe('by keyboard alone', () => {
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

  const focused = (page: Page): Promise<Focused> => page.evaluate(FOCUSED)

  test('through an operation’s page, in the order of reading, with the focus in sight', async () => {
    const page = await openPage(browser)
    // Else the page is still on its way to where the focus is.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(portal.url + OPERATION)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatchObject({ name: 'Skip to content', visible: true })
    const stops: Focused[] = []
    for (let stop = 0; stop < 150; stop++) {
      await page.keyboard.press('Tab')
      const now = await focused(page)
      if (now.tag === 'body') break
      stops.push(now)
    }
    expect(stops.filter(({ visible }) => !visible)).toEqual([])
    const names = stops.map(({ name }) => name)
    // What is beside the contract comes after the verdict, as it does on a narrow screen.
    const reference = ['TypeScript', 'Try it', 'NewEmployee', 'name']
    const order = ['APIs', 'Search', 'Sign in', 'Apply', 'Scopes', 'List employees', ...reference]
    expect(order.filter((name) => names.some((stop) => stop.startsWith(name)))).toEqual(order)
    const places = order.map((name) => names.findIndex((stop) => stop.startsWith(name)))
    expect(places).toEqual(places.toSorted((a, b) => a - b))

    // The skip link leads past all of it.
    await page.goto(portal.url + OPERATION)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect((await focused(page)).place).not.toMatch(/^(site|strip|operations)$/)
    expect(page.faults).toEqual([])
  })

  test('the lens, samples, trees and Try it', async () => {
    const page = await openPage(browser)
    await page.goto(portal.url + OPERATION)
    await page.getByLabel('Viewing as').focus()
    await page.keyboard.type('any')
    await page.waitForURL('**/createEmployee?as=anyone')

    await page.locator('.strip summary').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    const scope = await page.locator('input[name=scope]:checked').getAttribute('value')
    await page.getByRole('button', { name: 'View with these scopes' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.searchParams.get('scope') === scope)

    await page.getByRole('radio', { name: 'TypeScript' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('radio', { name: 'curl' }).isChecked()).toBe(true)
    expect(await page.locator('pre[data-sample]:visible').innerText()).toMatch(/^curl /)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await page.getByRole('radio', { name: 'C#' }).isChecked()).toBe(true)

    const tree = page.locator('details.below').first()
    await tree.locator('> summary').focus()
    await page.keyboard.press('Enter')
    expect(await tree.getAttribute('open')).not.toBeNull()
    await page.keyboard.press('Tab')
    expect(await tree.evaluate((element) => element.contains(document.activeElement))).toBe(true)

    await page.getByRole('link', { name: 'Try it' }).first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/try=1/)
    expect(page.faults).toEqual([])
  })

  test('a field’s name is a link to it, and copies its address', async () => {
    const page = await openPage(browser)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: portal.url })
    await page.goto(`${portal.url}${OPERATION}?as=anyone`)
    for (const [name, fragment] of [
      ['Idempotency-Key', '#header.idempotency-key'],
      ['email', '#body.email'],
    ] as const) {
      const link = page.locator('a.anchor', { hasText: name }).first()
      await link.focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(page.url())
      expect(page.url().toLowerCase()).toBe(`${portal.url}${OPERATION}?as=anyone${fragment}`.toLowerCase())
      expect(await page.getByRole('status').filter({ hasText: 'Link copied' }).count()).toBe(1)
      const row = page.locator('.row:target')
      expect(await row.locator('a.anchor').first().innerText()).toContain(name)
    }
    // A field in a tree that is folded opens for whoever comes by the link.
    const inner = await page.locator('details.below a.anchor').first().getAttribute('href')
    await page.goto('about:blank')
    await page.goto(`${portal.url}${OPERATION}${inner}`)
    expect(await page.locator('.row:target').isVisible()).toBe(true)
    expect(page.faults).toEqual([])
  })
})
