import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Project } from './developer.ts'
import { Portal } from './portal.ts'
import { npmEnvironment } from './registry.ts'
import { type Registered, registerService, signInAs } from './steps.ts'

/** Browse, register, install the SDK, call the sandbox: what everything else is for. */
describe('the main job', () => {
  let portal: Portal
  let browser: Browser
  let page: Awaited<ReturnType<typeof openPage>>
  let project: Project
  let app: Registered

  beforeAll(async () => {
    portal = await Portal.start()
    browser = await launchBrowser()
    page = await openPage(browser)
    project = await Project.create()
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
    await project?.destroy()
  })

  test('browse: catalog, API, operation with its requirement and its gated fields', async () => {
    await page.goto(portal.url)
    await page.getByRole('link', { name: 'See all APIs' }).click()
    await page.getByRole('link', { name: 'People', exact: true }).first().click()
    await page
      .getByRole('link', { name: /Get an employee/ })
      .first()
      .click()
    await expect(page.getByRole('heading', { level: 1 }).innerText()).resolves.toMatch(/GET\s+\/employees\/\{id\}/)
    const main = await page.locator('main').innerText()
    // Alternatives and conjunctions kept apart.
    expect(main).toMatch(/employees:read\s+or\s+.*directory:admin and audit:write, with the header X-Audit-Reason/s)
    expect(main).toMatch(/salary[\s\S]*compensation:read/)
  })

  test('the same page as someone who holds one scope: a sentence, struck fields, and 401 for no one', async () => {
    await page.goto(`${portal.url}/apis/people/operations/getEmployee?as=scopes&scope=employees%3Aread`)
    const main = await page.locator('main').innerText()
    expect(main).toMatch(/can call this\. It won’t see bankAccount, bonus and salary\./)
    await page.goto(`${portal.url}/apis/people/operations/getEmployee?as=anyone`)
    expect(await page.locator('body').innerText()).toMatch(/401/)
  })

  test('the centre of the home page: one switch, one URL', async () => {
    await page.goto(portal.url)
    expect(await page.locator('main').innerText()).toMatch(/Org chart can call this\. It won’t see/)
    await page.locator('#seen').getByRole('link', { name: 'Payroll' }).click()
    expect(page.url()).toContain('as=payroll')
    const main = await page.locator('main').innerText()
    expect(main).toMatch(/Payroll can call this\./)
    expect(main).toMatch(/"salary": \{/)
    expect(main).toMatch(/scopes: \[[^\]]*'compensation:read'/)
  })

  test('a wrong redirect URI is told at its field, and nothing typed is lost', async () => {
    await signInAs(page, portal, 'Dev Anand')
    await page.goto(`${portal.url}/apps/new?api=people`)
    await page.getByRole('textbox', { name: 'Name' }).fill('Wrong')
    await page.getByRole('radio', { name: 'Web app' }).check()
    await page.getByRole('textbox', { name: /Redirect/ }).fill('https://app.example/cb#fragment')
    await page.getByRole('button', { name: 'Register' }).click()
    const field = page.getByRole('textbox', { name: /Redirect/ })
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.inputValue()).toBe('https://app.example/cb#fragment')
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Wrong')
    expect(await page.locator('main').innerText()).toMatch(/fragment/)
  })

  test('register: the secret is shown once', async () => {
    app = await registerService(page, portal, 'My reports', 'people', ['employees:read'])
    expect(app.clientId).toMatch(/^[0-9a-f]{20}$/)
    expect(app.clientSecret.length).toBeGreaterThan(30)
    expect(await page.locator('main').innerText()).toContain('Waiting for your first call…')
    const again = await page.context().newPage()
    await again.goto(page.url())
    expect(await again.content()).not.toContain(app.clientSecret)
    await again.close()
  })

  test('the secret and each file are copied as they are', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const copied = async (what: string): Promise<string> => {
      await page.getByRole('button', { name: `Copy ${what}`, exact: true }).click()
      await page.getByRole('button', { name: `Copied ${what}`, exact: true }).waitFor()
      return page.evaluate(() => navigator.clipboard.readText())
    }
    expect(await copied('secret')).toBe(app.clientSecret)
    expect(await copied('.env')).toBe(app.code['.env'])
    expect(await copied('first-call.mts')).toBe(app.code['first-call.mts'])
  })

  test('kill -9: after the restart the app is there, its secret works, and the session, too', async () => {
    await portal.stop('SIGKILL')
    await portal.launch()
    const token = await fetch(`${portal.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${app.clientId}:${app.clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    expect(token.status).toBe(200)
    const list = await page.context().newPage()
    await list.goto(`${portal.url}/apps`)
    expect(await list.locator('main').innerText()).toContain('My reports')
    await list.close()
  })

  test('install the SDK made for the app, and run the program as shown: 200, seen by the page', async () => {
    const install = app.code.Terminal ?? ''
    expect(install).toContain(`@sallyport/people@app-${app.clientId}`)
    const installed = await project.shell(install, await npmEnvironment())
    expect(installed.output).toMatch(/added 2 packages/)
    await project.write('.env', app.code['.env'] ?? '')
    await project.write('first-call.mts', app.code['first-call.mts'] ?? '')
    expect(await project.compile('first-call.mts')).toEqual({ code: 0, output: '' })
    const ran = await project.run('first-call.mts')
    expect(ran.output).toContain('emp_4k2m81xq0p7d')
    expect(ran.output).not.toMatch(/salary|bankAccount/)
    expect(ran.code).toBe(0)
    await page.getByText(/Last call: 200/).waitFor({ timeout: 15_000 })
  })

  test('a call outside the scopes does not compile, and the compiler says which is missing', async () => {
    await project.write(
      'outside.mts',
      `import { People } from '@sallyport/people'
const people = new People({ clientId: 'x' })
await people.payslips.list()
const employee = await people.employees.get('emp_4k2m81xq0p7d')
console.log(employee.salary)
`,
    )
    const { code, output } = await project.compile('outside.mts')
    expect(code).not.toBe(0)
    expect(output).toMatch(/outside\.mts\(3,\d+\).*Needs<.*payroll:read/s)
    expect(output).toMatch(/outside\.mts\(5,\d+\).*'salary' does not exist/)
  })

  test('forced, it gets a 403 as a typed error', async () => {
    await project.write(
      'forced.mts',
      `import { InsufficientScopeError, People } from '@sallyport/people'
const people = new People({ clientId: process.env['SALLYPORT_CLIENT_ID'], clientSecret: process.env['SALLYPORT_CLIENT_SECRET'] })
try {
  // @ts-expect-error the compiler is right
  await people.payslips.list()
} catch (error) {
  if (error instanceof InsufficientScopeError) console.log(error.status, 'missing', error.missing.join(' '))
  else throw error
}
`,
    )
    expect(await project.compile('forced.mts')).toEqual({ code: 0, output: '' })
    expect((await project.run('forced.mts')).output).toBe('403 missing compensation:read payroll:read\n')
  })

  test('a tarball for a browser or curl: by app, by scopes, and never for what is not there', async () => {
    const at = (query: string) => fetch(`${portal.url}/apis/people/sdks/typescript.tgz${query}`)
    const [whole, own, narrowed] = await Promise.all([
      at(''),
      at(`?client_id=${app.clientId}`),
      at('?scopes=employees:read'),
    ])
    expect([whole.status, own.status, narrowed.status]).toEqual([200, 200, 200])
    expect(Buffer.from(await own.arrayBuffer())).toEqual(Buffer.from(await narrowed.arrayBuffer()))
    expect(own.headers.get('content-disposition')).not.toBe(whole.headers.get('content-disposition'))
    expect((await at('?scopes=no:such')).status).toBe(400)
    expect((await fetch(`${portal.url}/apis/none/sdks/typescript.tgz`)).status).toBe(404)
  })

  test('try it: 200 with what is withheld, then 403 with what is missing, and the trace', async () => {
    await page.goto(`${portal.url}/apis/people/operations/getEmployee?try=1`)
    await page.getByRole('button', { name: 'Send' }).click()
    const bench = page.locator('.outcome')
    await bench.getByText('200', { exact: true }).waitFor()
    expect(await bench.innerText()).toMatch(/"salary"\s+withheld/)
    await page.goto(`${portal.url}/apis/people/operations/listPayslips?try=1`)
    for (const scope of ['payroll:read', 'compensation:read']) {
      const box = page.getByRole('checkbox', { name: scope })
      if (await box.isChecked()) await box.uncheck()
    }
    await page.getByRole('button', { name: 'Send' }).click()
    await bench.getByText('403', { exact: true }).waitFor()
    expect(await bench.innerText()).toMatch(/compensation:read/)
    expect(await bench.locator('ol').innerText()).toMatch(/alternative 1/)
  })

  test('nothing that a person met broke the content policy or threw', () => {
    expect(page.faults).toEqual([])
  })

  test('SIGTERM ends it with 0', async () => {
    expect(await portal.stop()).toBe(0)
  })
})
