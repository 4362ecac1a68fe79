import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { registerService, signInAs } from './steps.ts'

describe('samples', () => {
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

  const operation = (id: string, api = 'people'): string => `${portal.url}/apis/${api}/operations/${id}`

  test('the chosen language is remembered, by the server and for every sample', async () => {
    const page = await openPage(browser)
    await page.goto(operation('getEmployee'))
    expect(await page.getByRole('radio', { name: 'TypeScript' }).isChecked()).toBe(true)
    await page.getByText('Python', { exact: true }).click()
    for (const address of [operation('listEmployees'), operation('listArticles', 'publishing'), `${portal.url}/`]) {
      await page.goto(address)
      expect(await page.getByRole('radio', { name: 'Python' }).isChecked(), address).toBe(true)
      expect(await page.locator('.sample pre:visible').innerText(), address).toContain('requests.get(')
    }
    expect(page.faults).toEqual([])
  })

  test('values that someone fills in stand in the samples of every operation that takes them, without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const sample = async (id: string, language = 'curl', api = 'people'): Promise<string> => {
      await page.goto(operation(id, api))
      return (await page.locator(`[data-sample=${language}]`).textContent()) ?? ''
    }
    // Rendered for everyone, and kept as such.
    const before = await sample('getEmployee')
    await page.goto(`${operation('getEmployee')}?as=anyone`)
    await page.getByText('Your own values').click()
    await page.getByLabel('id', { exact: true }).fill('e-4711')
    await page.getByRole('button', { name: 'Use these' }).click()
    expect(page.url()).toBe(`${operation('getEmployee')}?as=anyone#samples`)
    expect(await page.locator('[data-sample=typescript]').textContent()).toContain(".get('e-4711')")
    expect(await page.locator('.own-values summary').innerText()).toBe('Your values: id e-4711')

    for (const id of ['getEmployee', 'updateEmployee', 'listEmployeeNotes'])
      for (const language of ['typescript', 'curl', 'python', 'go', 'java', 'csharp'])
        expect(await sample(id, language), `${id} ${language}`).toContain('e-4711')
    // Another thing's id, and another API's.
    expect(await sample('getDepartment')).not.toContain('e-4711')
    expect(await sample('getArticle', 'curl', 'publishing')).not.toContain('e-4711')
    // Nobody else's page, and nothing for a cache to hand on.
    expect(await (await fetch(operation('getEmployee'))).text()).not.toContain('e-4711')
    const [cookie] = await context.cookies(`${portal.url}/apis/people`)
    expect(cookie).toMatchObject({ name: 'values', path: '/apis/people', httpOnly: true, sameSite: 'Lax' })
    const own = await fetch(operation('getEmployee'), { headers: { cookie: `values=${cookie?.value}` } })
    expect([own.headers.get('cache-control'), (await own.text()).includes('e-4711')]).toEqual([
      'private, no-cache',
      true,
    ])

    await page.goto(operation('updateEmployee'))
    await page.locator('.own-values summary').click()
    await page.getByRole('button', { name: 'Forget all' }).click()
    expect(await sample('getEmployee')).toBe(before)
    expect(await context.cookies(`${portal.url}/apis/people`)).toEqual([])
    await context.close()
  })

  test('what is typed in try it stands in other samples, and begins the next call; what a link brings doesn’t', async () => {
    const page = await openPage(browser)
    const remembered = () => page.context().cookies(`${portal.url}/apis/people`)
    const sample = async (id: string): Promise<string> => {
      await page.goto(operation(id))
      return (await page.locator('[data-sample=curl]').textContent()) ?? ''
    }
    const given = Buffer.from(JSON.stringify({ parameters: { 'path id': 'e-from-a-link' }, media: 0 })).toString(
      'base64',
    )
    await page.goto(`${operation('getEmployee')}?try=1#try=${given}`, { waitUntil: 'networkidle' })
    await page.locator('[data-sample=curl]', { hasText: 'e-from-a-link' }).waitFor({ state: 'attached' })
    expect(await remembered()).toEqual([])

    await page.locator('.try').getByRole('textbox', { name: /^id\b/ }).fill('e-0815')
    await page.locator('[data-sample=curl]', { hasText: 'e-0815' }).waitFor({ state: 'attached' })
    await expect.poll(remembered).toHaveLength(1)
    expect(await sample('updateEmployee')).toContain('/employees/e-0815')
    await page.goto(`${operation('listEmployeeNotes')}?try=1`, { waitUntil: 'networkidle' })
    expect(await page.locator('.try').getByRole('textbox', { name: /^id\b/ }).inputValue()).toBe('e-0815')
    expect(page.faults).toEqual([])
  })

  test('a signed-in developer’s own client id stands in them, also while they follow try it', async () => {
    const page = await openPage(browser)
    await signInAs(page, portal, 'Dev Anand')
    const { clientId } = await registerService(page, portal, 'Badge printer', 'people', ['employees:read'])
    await page.goto(`${operation('getEmployee')}?try=1`, { waitUntil: 'networkidle' })
    await page.locator('.try').getByRole('textbox', { name: /^id\b/ }).fill('e-1')
    const typescript = page.locator('[data-sample=typescript]', { hasText: "get('e-1')" })
    await typescript.waitFor({ state: 'attached' })
    expect(await typescript.textContent()).toContain(`clientId: '${clientId}'`)
    await page.goto(`${portal.url}/apis/people/sdks`)
    expect(await page.getByRole('group', { name: 'First program' }).innerText()).toContain(`clientId: '${clientId}'`)
    expect(page.faults).toEqual([])
  })

  test('the form for values is accessible', async () => {
    const page = await openPage(browser)
    await page.goto(operation('getEmployee'))
    await page.locator('.own-values summary').click()
    await expectAccessible(page)
  })
})
