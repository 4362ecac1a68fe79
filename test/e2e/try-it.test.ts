import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { registerService, signInAs } from './steps.ts'

/** Calling an operation from its page, in the browser's sandbox and in the server's. */
describe('try it', () => {
  let portal: Portal
  let browser: Browser
  let page: Awaited<ReturnType<typeof openPage>>

  beforeAll(async () => {
    portal = await Portal.start()
    browser = await launchBrowser()
    page = await openPage(browser)
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
  })

  const open = async (operation: string, api = 'people'): Promise<void> => {
    await page.goto(`${portal.url}/apis/${api}/operations/${operation}?try=1`, { waitUntil: 'networkidle' })
  }
  const send = async (): Promise<string> => {
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    return outcome(page)
  }

  test('a form from the schema: what is required is there, the rest is added, and what is gated says so', async () => {
    await open('createEmployee')
    const body = page.getByRole('region', { name: 'Body' })
    await body.getByRole('textbox', { name: 'name', exact: true }).fill('Ada')
    expect(await body.getByLabel('startDate').getAttribute('type')).toBe('date')
    await body.getByRole('button', { name: 'salary', exact: true }).click()
    expect(await body.innerText()).toMatch(/salary\s+optional, needs compensation:write/)
    expect(await send()).toMatch(/403/)
    await body.getByRole('button', { name: 'Remove salary' }).click()
    expect(await send()).toMatch(/201[\s\S]*"name": "Ada"/)
  })

  test('the same body as JSON, with what the schema says against it', async () => {
    await open('createEmployee')
    await page.getByRole('button', { name: 'As JSON' }).click()
    const editor = page.getByRole('textbox', { name: 'Body' })
    await editor.fill('{ "name": 1 ')
    await page.getByText(/This isn’t JSON/).waitFor()
    expect(await editor.getAttribute('aria-invalid')).toBe('true')
    await editor.fill('{ "name": 1 }')
    await page.getByText('/name ').waitFor()
    await page.getByRole('button', { name: 'As a form' }).click()
    expect(await page.getByRole('region', { name: 'Body' }).getByLabel('name', { exact: true }).inputValue()).toBe('1')
  })

  test('the samples say what the form says', async () => {
    await open('createEmployee')
    await page
      .getByRole('region', { name: 'Body' })
      .getByRole('textbox', { name: 'name', exact: true })
      .fill('Grace H.')
    await page.locator('[data-sample=curl]', { hasText: 'Grace H.' }).waitFor({ state: 'attached' })
    expect(await page.locator('[data-sample=typescript]').textContent()).toContain("name: 'Grace H.'")
  })

  test('what is filled in is copied as curl and as a call of the SDK', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const copied = async (what: string): Promise<string> => {
      await page.getByRole('button', { name: `Copy ${what}` }).click()
      await page.getByText(`Copied ${what}.`).waitFor()
      return page.evaluate(() => navigator.clipboard.readText())
    }
    expect(await copied('as curl')).toMatch(/^curl [\s\S]*Grace H\./)
    expect(await copied('as an SDK call')).toContain('people.employees.create(')
  })

  test('reading loads at most 6 KB of script, opening it at most 100 KB, the first call at most 85 KB more', async () => {
    const scripts = new Map<string, number>()
    const other = await page.context().newPage()
    other.on('response', async (response) => {
      if (response.request().resourceType() !== 'script') return
      const body = await response.body().catch(() => undefined)
      if (body !== undefined) scripts.set(response.url(), gzipSync(body).length)
    })
    const total = (): number => [...scripts.values()].reduce((sum, size) => sum + size, 0)
    await other.goto(`${portal.url}/apis/people/operations/createEmployee`, { waitUntil: 'networkidle' })
    expect(total()).toBeGreaterThan(2_000)
    expect(total()).toBeLessThanOrEqual(6_000)
    await other.goto(`${portal.url}/apis/people/operations/createEmployee?try=1`, { waitUntil: 'networkidle' })
    const opened = total()
    await other.getByRole('button', { name: 'Send', exact: true }).click()
    await other.locator('.outcome').waitFor()
    await other.waitForLoadState('networkidle')
    expect(opened).toBeGreaterThan(50_000)
    expect(opened).toBeLessThanOrEqual(100_000)
    expect(total() - opened).toBeGreaterThan(30_000)
    expect(total() - opened).toBeLessThanOrEqual(85_000)
    await other.close()
  })

  test('the answer is in sight, however long the form is', async () => {
    const other = await browser.newPage({ viewport: { width: 1366, height: 768 } })
    await other.goto(`${portal.url}/apis/people/operations/createEmployee?try=1`, { waitUntil: 'networkidle' })
    await other.getByRole('button', { name: 'Send', exact: true }).click()
    const status = other.locator('.outcome .bar')
    await status.waitFor()
    await expect.poll(() => status.evaluate((bar) => bar.getBoundingClientRect().bottom < innerHeight - 100)).toBe(true)
    expect(await other.getByRole('button', { name: 'Send', exact: true }).isVisible()).toBe(true)
    await other.close()
  })

  test('withheld fields name their scope, and one click asks for it', async () => {
    await open('getEmployee')
    expect(await send()).toMatch(/"salary"\s+withheld: needs compensation:read/)
    await page.getByRole('button', { name: /Ask for compensation:read/ }).click()
    await page.locator('.outcome', { hasText: '"salary": {' }).waitFor()
  })

  test('the token in hand can lose a scope, run out, and be revoked', async () => {
    await open('getEmployee')
    await send()
    const token = page.getByRole('region', { name: 'Token in hand' })
    await token.getByRole('button', { name: 'Drop employees:read' }).click()
    expect(await send()).toMatch(/403/)
    await token.getByRole('button', { name: 'New token' }).click()
    expect(await send()).toMatch(/200/)
    await token.getByRole('button', { name: 'Expire it' }).click()
    expect(await send()).toMatch(/401[\s\S]*expired/)
    await token.getByRole('button', { name: 'New token' }).click()
    expect(await send()).toMatch(/200/)
    await token.getByRole('button', { name: 'Revoke it' }).click()
    expect(await send()).toMatch(/401[\s\S]*revoked/)
  })

  test('faults on demand, the log that tells of them, and a sandbox as it was', async () => {
    await open('createEmployee')
    expect(await send()).toMatch(/201/)
    await page.getByText('Log of the sandbox').click()
    await page.getByLabel('The sandbox is to').selectOption({ label: 'fail: too many requests' })
    expect(await send()).toMatch(/429[\s\S]*retry-after/)
    const log = page.locator('details', { hasText: 'Log of the sandbox' })
    await log.locator('li', { hasText: '429' }).waitFor()
    await page.getByLabel('The sandbox is to').selectOption({ label: 'drop the connection' })
    expect(await send()).toMatch(/could not be made/)
    await page.getByRole('button', { name: 'Reset the sandbox' }).click()
    await page.getByText('The sandbox is as it was.').waitFor()
  })

  test('a persona gets what the policies in force give', async () => {
    await open('createArticle', 'publishing')
    await page.getByRole('radio', { name: /the policies decide/ }).check()
    await page.getByLabel('Person', { exact: true }).selectOption({ label: 'Kim Adeyemi (editors)' })
    await page.locator('.casting', { hasText: 'No token. Needs' }).waitFor()
    await page.getByRole('checkbox', { name: 'api:read' }).check()
    await page.locator('.casting', { hasText: 'Everyone reads grants api:read' }).waitFor()
    expect(await send()).toMatch(/403[\s\S]*api:write/)
    await page.getByLabel('App', { exact: true }).selectOption('native')
    await page.getByRole('checkbox', { name: 'verified by an administrator' }).check()
    await page.getByLabel(/Software id/).fill('publishing-desktop')
    await page.locator('.casting', { hasText: 'Editors on the desktop app grants' }).waitFor()
    expect(await send()).toMatch(/201/)
  })

  test('a link fills in the same, without keys or tokens; calls of the tab come back', async () => {
    await open('listEmployees')
    const [parameter] = await page.getByLabel(/^limit/).all()
    await parameter?.fill('3')
    await send()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Copied the link.').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/#try=[\w-]+=*$/)
    const other = await page.context().newPage()
    await other.goto(link, { waitUntil: 'networkidle' })
    expect(await other.getByLabel(/^limit/).inputValue()).toBe('3')
    await other.close()
    await page.reload({ waitUntil: 'networkidle' })
    await page.getByText('Calls in this tab: 1').click()
    await page.getByRole('button', { name: '/employees?limit=3' }).click()
    expect(await page.getByLabel(/^limit/).inputValue()).toBe('3')
  })

  test('on the server, as my service: a real token for its secret, which stays in memory', async () => {
    await signInAs(page, portal, 'Dev Anand')
    const app = await registerService(page, portal, 'Reports', 'people', ['employees:read'])
    await open('listEmployees')
    await page.getByRole('radio', { name: 'on the server' }).check()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Fill in the app’s secret.').waitFor()
    await page.getByLabel(/Client secret/).fill(app.clientSecret)
    const streams: (string | null)[] = []
    page.on('response', async (response) => {
      if (response.url().includes('/-/calls')) streams.push(response.headers()['content-type'] ?? null)
    })
    await page.getByText('Log of the sandbox').click()
    expect(await send()).toMatch(/200[\s\S]*emp_/)
    const log = page.locator('details', { hasText: 'Log of the sandbox' })
    await log.locator('li', { hasText: '200' }).first().waitFor()
    await send()
    await log.locator('li', { hasText: '200' }).nth(1).waitFor()
    // One stream told of both.
    expect(streams).toEqual(['text/event-stream'])
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href]))
    expect(kept).not.toMatch(/eyJ/)
    expect(kept).not.toContain(app.clientSecret)
    expect(await page.content()).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
    await page.getByRole('button', { name: 'Revoke it' }).click()
    await page.getByText('revoked: the next call is refused').waitFor()
    expect(await send()).toMatch(/401/)
    // The registration covers one scope: what lies beyond is refused by the authorization server, in its words.
    await page.getByRole('checkbox', { name: 'compensation:read' }).check()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText(/invalid_scope/).waitFor()
  })

  test('as my single-page app: authorization code with PKCE in a window of its own', async () => {
    await page.goto(`${portal.url}/apps/new?api=people`)
    await page.getByRole('textbox', { name: 'Name' }).fill('Directory')
    await page.getByRole('radio', { name: 'Single-page app' }).check()
    await page.getByRole('textbox', { name: /Redirect/ }).fill(`${portal.url}/try/callback`)
    await page.locator('input[name=scope][value="employees:read"]').check()
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('heading', { name: 'Get started' }).waitFor()
    await open('listEmployees')
    await page.getByRole('radio', { name: 'on the server' }).check()
    await page.getByRole('radio', { name: 'my app Directory' }).check()
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Send', exact: true }).click(),
    ])
    await popup.getByRole('button', { name: /Allow/ }).click()
    expect(await outcome(page)).toMatch(/200[\s\S]*emp_/)
    expect(popup.isClosed()).toBe(true)
    await page.getByRole('region', { name: 'Token in hand' }).getByText('employees:read').waitFor()
  })

  test('nothing that a person met broke the content policy or threw', () => {
    expect(page.faults).toEqual([])
  })
})

/** What came back, once it is there and no call is under way. */
async function outcome(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor({ timeout: 20_000 })
  const shown = page.locator('.outcome')
  await shown.or(page.getByRole('alert')).first().waitFor({ timeout: 20_000 })
  if (await page.getByRole('alert').isVisible()) return page.getByRole('alert').innerText()
  // Not `innerText`: a long body is only laid out where it is in sight.
  return (await shown.textContent()) ?? ''
}
