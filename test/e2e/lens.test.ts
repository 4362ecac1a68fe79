import { SignJWT } from 'jose'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { register, registerService, signInAs } from './steps.ts'

const OPERATION = '/apis/people/operations/getEmployee'

describe('the lens', () => {
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

  const tokenWith = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('of another issuer'))

  test('a token is read in the browser: its scopes reach the address, and nothing else leaves the page', async () => {
    const token = await tokenWith({ scope: 'employees:read unknown:scope', sub: 'somebody' })
    for (const [claim, value] of [
      ['scope', token],
      ['scp', await tokenWith({ scp: ['employees:read'] })],
    ] as const) {
      const page = await openPage(browser)
      const sent: string[] = []
      page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')))
      await page.goto(portal.url + OPERATION)
      await page.getByLabel('Viewing as').selectOption('a token…')
      const field = page.getByLabel('A token of yours, as JWT')
      await field.fill('not a token')
      await expect.poll(() => page.locator('[data-token] [role=status]').innerText()).toMatch(/no JWT with scopes/)
      await field.fill(value)
      await page.waitForURL((url) => decodeURIComponent(url.search) === '?as=scopes&scope=employees:read')
      expect(await page.locator('.verdict').innerText(), claim).toMatch(
        /^A token with these scopes can call this\. It won’t see .*salary/,
      )
      expect(sent.filter((address) => address.includes(value.split('.')[1] ?? ''))).toEqual([])
      expect(
        await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])'),
      ).not.toContain('eyJ')
      expect(page.faults).toEqual([])
    }
  })

  test('a token that is refused whatever its scopes says why, and can be looked through all the same', async () => {
    const page = await openPage(browser)
    await page.goto(portal.url + OPERATION)
    await page.getByLabel('Viewing as').selectOption('a token…')
    const field = page.getByLabel('A token of yours, as JWT')
    const status = page.locator('[data-token] [role=status]')
    const of = (api: string) => ({ iss: `${portal.url}/oauth`, aud: `${portal.url}/sandbox/${api}` })
    const scope = 'employees:read'
    await field.fill(await tokenWith({ scope, ...of('publishing'), exp: 4e9 }))
    await expect.poll(() => status.innerText()).toMatch(/refused here: it is for .*\/sandbox\/publishing/)
    await field.fill(await tokenWith({ scope, ...of('people'), exp: 1e9 }))
    await expect.poll(() => status.innerText()).toMatch(/refused everywhere: it expired on .*2001/)
    expect(new URL(page.url()).search).toBe('')
    await status.getByRole('link', { name: 'View with its scopes' }).click()
    await page.waitForURL((url) => decodeURIComponent(url.search) === '?as=scopes&scope=employees:read')
    await page.getByLabel('Viewing as').selectOption('a token…')
    await field.fill(await tokenWith({ scope: '', ...of('people'), exp: 4e9 }))
    await page.waitForURL((url) => url.search === '?as=scopes')
    expect(page.faults).toEqual([])
  })

  test('without JavaScript it is a form, and its address is the view', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${portal.url}/apis/people/operations/getPayslip`)
    await page.locator('.strip summary').click()
    await page.locator('input[name=scope][value="payroll:read"]').check()
    await page.getByRole('button', { name: 'View with these scopes' }).click()
    expect(page.url()).toBe(`${portal.url}/apis/people/operations/getPayslip?as=scopes&scope=payroll:read`)
    expect(await page.locator('.verdict').innerText()).toContain('It lacks compensation:read.')
    // The view goes along to every page of the API.
    await page.getByRole('navigation', { name: 'People' }).getByRole('link', { name: 'Scopes' }).click()
    expect(page.url()).toBe(`${portal.url}/apis/people/scopes?as=scopes&scope=payroll:read`)
    await page.getByRole('button', { name: 'Filter' }).click()
    expect(new URL(page.url()).searchParams.getAll('scope')).toEqual(['payroll:read'])
    await context.close()
  })

  test('Markdown says on top as whom it is seen, and where to ask for what is missing', async () => {
    const text = async (path: string) =>
      (await fetch(`${portal.url}${path}?as=scopes&scope=timeoff:read&scope=x`)).text()
    for (const page of [
      '',
      '/operations/getEmployee',
      '/schemas/Employee',
      '/scopes',
      '/sdks',
      '/guides/getting-started',
    ])
      expect(await text(`/apis/people${page}.md`), page).toMatch(
        /^> Viewing as: A token with these scopes \(timeoff:read and x\)\. x is no scope of People\. \d of 23 callable · /,
      )
    expect(await text(`${OPERATION}.md`)).toContain(
      '[Ask for `employees:read`](/apps/new?api=people&scope=employees:read)',
    )
    expect(await (await fetch(`${portal.url}${OPERATION}.md`)).text()).toMatch(/^# /)
  })

  test('the catalog keeps the view, from the way there to each card', async () => {
    const page = await openPage(browser)
    await page.goto(`${portal.url}${OPERATION}?as=scopes&scope=employees:read`)
    await page.getByRole('banner').getByRole('link', { name: 'APIs', exact: true }).click()
    await page.waitForURL(`${portal.url}/apis?as=scopes&scope=employees:read`)
    const main = page.getByRole('main')
    expect(await main.innerText()).toMatch(/As seen by a token with employees:read\. As nobody.*\d of 23 callable/s)
    await page.getByRole('button', { name: 'Filter' }).click()
    expect(new URL(page.url()).searchParams.getAll('scope')).toEqual(['employees:read'])
    await main.getByRole('link', { name: 'People', exact: true }).click()
    await page.waitForURL(`${portal.url}/apis/people?as=scopes&scope=employees:read`)
    await page.goto(`${portal.url}/apis?tag=Employees&as=app:mine`)
    expect(await main.innerText()).toMatch(/the app mine, which isn’t one of yours/)
    await page.goto(`${portal.url}/apis?tag=Employees&as=anyone`)
    await main.getByRole('link', { name: 'As nobody in particular' }).click()
    await page.waitForURL(`${portal.url}/apis?tag=Employees`)
    // What an app is to be given isn't what a page is seen with.
    await signInAs(page, portal, 'Dev Anand')
    await page.goto(`${portal.url}/apps/new?api=people&scope=employees:read`)
    expect(await page.locator('.search-link').getAttribute('href')).toBe('/search')
    expect(page.faults).toEqual([])
  })

  test('webhooks are a place in the navigation, where there are any, and keep the view', async () => {
    const page = await openPage(browser)
    await page.goto(`${portal.url}/apis/publishing/webhooks/articlePublished?as=anyone`)
    const link = page.getByRole('navigation', { name: 'Publishing' }).getByRole('link', { name: 'Webhooks' })
    expect(await link.getAttribute('aria-current')).toBe('true')
    await link.click()
    await page.waitForURL(`${portal.url}/apis/publishing?as=anyone#webhooks`)
    expect(await page.locator(':target').innerText()).toMatch(
      /^Webhooks\s+An article was published\s+POST articlePublished/,
    )
    expect(await link.getAttribute('aria-current')).toBeNull()
    await page.goto(`${portal.url}/apis/people`)
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Webhooks' }).count()).toBe(0)
    expect(page.faults).toEqual([])
  })

  test('a deny leads to the app’s page, with what is missing filled in; a person is part of the verdict', async () => {
    const page = await openPage(browser)
    await signInAs(page, portal, 'Dev Anand')
    const { clientId } = await registerService(page, portal, 'Headcount', 'people', ['employees:read'])
    await page.goto(`${portal.url}/apis/people/operations/getPayslip?as=app:${clientId}`)
    expect(await page.locator('.verdict').innerText()).toContain('Headcount can’t call this. It lacks')
    await page
      .locator('.verdict')
      .getByRole('link', { name: /Ask for/ })
      .click()
    await page.waitForURL(new RegExp(`/apps/${clientId}/request\\?`))
    const asked = await page
      .locator('input[name=scope]:checked')
      .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('value')))
    expect(asked.sort()).toEqual(['compensation:read', 'payroll:read'])
    expect(page.faults).toEqual([])
  })

  test('an app that is limited to some people says so, as the authorization server would', async () => {
    const page = await openPage(browser)
    await signInAs(page, portal, 'Dev Anand')
    const { clientId } = await register(page, portal, {
      ...{ name: 'Board book', api: 'people', scopes: ['employees:read'], kind: 'Web app' },
      redirectUri: 'https://board.example/callback',
    })
    const address = `${portal.url}${OPERATION}?as=app:${clientId}`
    await page.goto(address)
    expect(await page.locator('.verdict').innerText()).toContain('Board book with Dev Anand signed in can call this.')
    const limitTo = async (group: string): Promise<void> => {
      await page.goto(`${portal.url}/apps/${clientId}`)
      await page.getByText('Limit who may use it').click()
      await page.getByRole('textbox', { name: 'Groups' }).fill(group)
      await page.locator('form', { hasText: 'Only these people' }).getByRole('button', { name: 'Save' }).click()
      await page.waitForURL(/done=saved/)
      await page.goto(address)
    }
    await limitTo('hr')
    expect(await page.locator('.verdict').innerText()).toContain('The app is limited to some people')
    expect(await page.locator('nav.operations').innerText()).toContain('denied: not assigned')
    await limitTo('developers')
    expect(await page.locator('.verdict').innerText()).toContain('can call this.')
    expect(page.faults).toEqual([])
  })

  test('a view that isn’t the reader’s is said to be none, whether or not someone else has it', async () => {
    const page = await openPage(browser)
    await signInAs(page, portal, 'Dev Anand')
    const { clientId } = await registerService(page, portal, 'Secret project', 'people', ['employees:read'])
    const reader = await openPage(browser)
    await signInAs(reader, portal, 'Kim Adeyemi')
    const nobodys = clientId.replaceAll(/[0-9a-f]/g, '0')
    const pages = [OPERATION, '/apis/people', '/apis/people/scopes', '/search?q=employee', `${OPERATION}.md`]
    for (const path of pages) {
      const seen = async (app: string): Promise<string> => {
        const query = new URLSearchParams({ as: `app:${app}` })
        await reader.goto(`${portal.url}${path}${path.includes('?') ? '&' : '?'}${query}`)
        return (await reader.content()).replaceAll(app, 'ID')
      }
      const others = await seen(clientId)
      expect(others, path).toMatch(/view of the app (<code[^>]*>)?ID(<\/code>)?, which isn’t one of yours/)
      expect(others, path).not.toContain('Secret project')
      expect(others, path).toBe(await seen(nobodys))
    }
    expect(reader.faults).toEqual([])
  })

  test('a view that nobody knows says so, and what is shown instead', async () => {
    const page = await openPage(browser)
    for (const path of [OPERATION, '/apis/people', '/search?q=employee']) {
      await page.goto(`${portal.url}${path}${path.includes('?') ? '&' : '?'}as=employees:read`)
      const note = page.getByText('The address asks for the view employees:read, which isn’t known here.')
      expect(await note.innerText(), path).toContain('Everything is shown instead.')
    }
    // Whoever has the app comes to it by signing in.
    await page.goto(`${portal.url}${OPERATION}?as=app:mine`)
    await page.locator('.sum').getByRole('link', { name: 'Sign in' }).click()
    expect(new URL(page.url()).pathname).toMatch(/^\/sign-in/)
    await page.goto(`${portal.url}${OPERATION}?as=scopes&scope=employes:read`)
    expect(await page.locator('.sum').innerText()).toMatch(/^employes:read is no scope of People\. .*callable/)
    expect(page.faults).toEqual([])
  })
})
