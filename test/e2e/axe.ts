import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly unknown[] }[]
}

const VIEWS = [
  ['light', 1440],
  ['dark', 1440],
  ['light', 375],
] as const

/** The page as it is now, in both themes and on a phone: nothing that axe finds (what WCAG 2.2 added is off unless one asks), and nothing to scroll sideways for. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const [colorScheme, width] of VIEWS) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run({ rules: { "target-size": { enabled: true } } })')) as {
      violations: Violation[]
    }
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    await page.screenshot({
      fullPage: true,
    })
    const fits = await page.evaluate('document.documentElement.scrollWidth <= innerWidth')
    expect({ found, fits }, `${page.url()}, ${colorScheme}, ${width} px`).toEqual({ found: [], fits: true })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}
