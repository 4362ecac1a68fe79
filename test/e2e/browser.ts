import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? EXECUTABLES.find((path) => existsSync(path))
  if (executablePath === undefined)
    throw new Error('No Chromium. Install the package chromium, or set CHROMIUM to its path.')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page that fails the test on what no user should meet: an exception, or something that the content policy blocked. */
export async function openPage(browser: Browser): Promise<Page & { readonly faults: string[] }> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('console', (entry) => {
    if (entry.type() === 'error' && /Content Security Policy|Refused/.test(entry.text())) faults.push(entry.text())
  })
  return Object.assign(page, { faults })
}
