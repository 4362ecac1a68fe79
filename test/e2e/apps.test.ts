import { readFile } from 'node:fs/promises'
import { importJWK, SignJWT } from 'jose'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { register, registerService, signInAs } from './steps.ts'

describe('apps and their policies, in a browser', () => {
  let portal: Portal
  let browser: Browser
  let developer: Awaited<ReturnType<typeof openPage>>
  let administrator: Awaited<ReturnType<typeof openPage>>
  let desk: string

  beforeAll(async () => {
    portal = await Portal.start()
    browser = await launchBrowser()
    developer = await openPage(browser)
    administrator = await openPage(browser)
    await signInAs(developer, portal, 'Dev Anand')
    await signInAs(administrator, portal, 'Rosa Lindqvist')
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
  })

  test('the form says what the policies grant, before anything is registered', async () => {
    await developer.goto(`${portal.url}/apps/new?api=publishing&kind=native&scope=api%3Aread`)
    const scopes = developer.getByRole('group', { name: 'What it may ask for: Publishing' })
    await scopes.getByText('Granted by policy “Editors write”, rule “Everyone reads”.').waitFor()
    await scopes.getByText('Needs the group reviewers').waitFor()
    // What is the same for all is said once.
    await developer.goto(`${portal.url}/apps/new?api=people&kind=service`)
    await developer.getByText("Each of them: Granted by policy “Northwind's own apps”").waitFor()
    expect(await developer.getByText('Granted by policy').count()).toBe(1)
    await developer.goto(`${portal.url}/apps/new?api=publishing&kind=native&scope=api%3Aread`)
    await developer.getByRole('textbox', { name: 'Name' }).fill('Desk')
    const redirects = developer.getByRole('textbox', { name: 'Redirect URIs' })
    await redirects.fill('http://desk.example/callback')
    await redirects.blur()
    await developer.getByText('http://desk.example/callback uses http').waitFor()
    await redirects.fill('http://127.0.0.1/callback')
    await developer.getByRole('button', { name: 'Register' }).click()
    await developer.getByRole('heading', { name: 'Get started' }).waitFor()
    desk = await developer.locator('dl.facts code').first().innerText()
  })

  test('a denied scope is asked for, approved, and the preview traces why it is still denied', async () => {
    await developer.goto(`${portal.url}/apps/${desk}/request?scopes=api%3Awrite`)
    expect(await developer.getByRole('checkbox', { name: /Write the journal/ }).isChecked()).toBe(true)
    await developer.getByRole('textbox', { name: 'What for' }).fill('Editors write at their desks.')
    await developer.getByRole('button', { name: 'Ask for them' }).click()
    await developer.getByText('waits for an answer').waitFor()

    await administrator.goto(`${portal.url}/apps/requests`)
    await administrator.getByText('Editors write at their desks.').waitFor()
    await administrator.getByText('Desk asks for api:write of Publishing').waitFor()
    // Whoever ends a line has decided nothing.
    await administrator.getByRole('textbox', { name: 'Answer' }).fill('No, not')
    await administrator.keyboard.press('Enter')
    await administrator.reload()
    await administrator.getByRole('button', { name: 'Approve Desk' }).click()
    await administrator.getByText('Approved: the app may ask').waitFor()

    await developer.goto(`${portal.url}/apps/${desk}/preview?scope=api%3Awrite`)
    await developer.getByRole('heading', { name: 'No token' }).waitFor()
    const steps = developer.getByRole('list', { name: 'How the policies decide' }).getByRole('listitem')
    expect(await steps.first().innerText()).toContain('needs the software publishing-desktop; needs the group editors')
    await developer.goto(`${portal.url}/apps/${desk}/preview?scope=api%3Aread`)
    const claims = JSON.parse(await developer.getByRole('group', { name: 'Claims of the access token' }).innerText())
    expect(claims).toMatchObject({ client_id: desk, scope: 'api:read', aud: `${portal.url}/sandbox/publishing` })
  })

  test('an administrator is told in full, for whoever may be signed in', async () => {
    await administrator.goto(`${portal.url}/console/policies?api=publishing`)
    await administrator.getByText('name: Editors on the desktop app').waitFor()
    await administrator.getByRole('combobox', { name: 'App' }).selectOption(desk)
    await administrator.getByRole('checkbox', { name: /Write the journal/ }).check()
    await administrator.getByRole('button', { name: 'Explain' }).click()
    const steps = administrator.getByRole('list', { name: 'How the policies decide' })
    await steps.getByText('Nearest: rule Editors on the desktop app').waitFor()
    expect(await steps.getByRole('listitem').first().innerText()).toContain('group editors: not a member')
  })

  test('a verified app says before it is changed that another host costs it that, and afterwards that it did', async () => {
    const redirectUri = 'https://badge.example/callback'
    const scopes = ['employees:read']
    const kind = 'Web app'
    const app = await register(developer, portal, { name: 'Badge office', api: 'people', kind, redirectUri, scopes })
    await administrator.goto(`${portal.url}/console/apps`)
    const row = administrator.locator(`#app-${app.clientId}`)
    await row.getByText(`leads to ${redirectUri}`).waitFor()
    // Meanwhile it is changed: nobody vouches for what they haven't seen.
    await developer.goto(`${portal.url}/apps/${app.clientId}/edit`)
    await developer.getByRole('textbox', { name: 'Name' }).fill('The badge office')
    await developer.getByRole('button', { name: 'Save' }).click()
    await row.getByRole('button', { name: /^Verify/ }).click()
    await row.getByText('Not verified: it was changed').waitFor()
    await row.getByText('The badge office', { exact: true }).waitFor()
    await expectAccessible(administrator)
    await row.getByRole('button', { name: /^Verify/ }).click()
    await row.getByRole('button', { name: /^Take back verification/ }).waitFor()

    await developer.goto(`${portal.url}/apps/${app.clientId}/edit`)
    await developer.getByText('Another host, or another scheme, makes it unverified').waitFor()
    await expectAccessible(developer)
    const redirects = developer.getByRole('textbox', { name: 'Redirect URIs' })
    const save = developer.getByRole('button', { name: 'Save' })
    await redirects.fill('https://badge.example/back')
    await save.click()
    await developer.getByText('Web app, verified').waitFor()
    await developer.goto(`${portal.url}/apps/${app.clientId}/edit`)
    await redirects.fill('https://badge.example/back\nhttps://elsewhere.example/')
    await save.click()
    await developer.getByText('It leads to a place that nobody has checked').waitFor()
    await developer.getByText('Web app, unverified').waitFor()
    await developer.getByText('Activity', { exact: true }).click()
    const entry = developer.getByRole('row').filter({ hasText: 'client.unverified' })
    expect(await entry.innerText()).toContain('https://elsewhere.example')
    await developer.goto(`${portal.url}/apps/${app.clientId}/edit`)
    expect(await developer.getByText('Another host, or another scheme').count()).toBe(0)
  })

  test('it says the like of whose it is; who hands it over entirely is told that it is gone', async () => {
    const { clientId } = await registerService(developer, portal, 'Vouched for', 'people', ['employees:read'])
    await administrator.goto(`${portal.url}/console/apps`)
    await administrator
      .locator(`#app-${clientId}`)
      .getByRole('button', { name: /^Verify/ })
      .click()
    await administrator.goto(`${portal.url}/apps/${clientId}`)
    await administrator.getByText('Share or hand over…').click()
    await administrator.getByText('It stays verified').waitFor()
    await administrator.getByRole('combobox', { name: 'Team' }).selectOption('reviewers')

    await developer.goto(`${portal.url}/apps/${clientId}`)
    await developer.getByText('Share or hand over…').click()
    await developer.getByText('Another owner, or another team, makes it unverified').waitFor()
    await developer.getByRole('combobox', { name: 'Team' }).selectOption('developers')
    const save = developer.locator('form', { hasText: 'Team' }).getByRole('button', { name: 'Save' })
    await save.click()
    await developer.getByText('Nobody has checked whose it is now').waitFor()
    await developer.getByText('Activity', { exact: true }).click()
    const entry = developer.getByRole('row').filter({ hasText: 'client.unverified' })
    expect(await entry.innerText()).toContain('dev@northwind.example, developers')
    await developer.getByText('Service, unverified').waitFor()
    await developer.getByText('Share or hand over…').click()
    expect(await developer.getByText('Another owner, or another team').count()).toBe(0)
    await developer.getByRole('combobox', { name: 'Team' }).selectOption('none')
    await developer.getByRole('textbox', { name: 'Owner’s email address' }).fill('rosa@northwind.example')
    await save.click()
    await developer.getByText('no longer yours to manage').waitFor()
    expect(await developer.getByRole('link', { name: 'Vouched for' }).count()).toBe(0)
  })

  test('a page that shows a secret once offers nothing in its frame or its first steps that would lose it', async () => {
    const theme = developer.getByRole('button', { name: 'Theme' })
    const again = developer.getByRole('link', { name: 'Check again' })
    await developer.goto(`${portal.url}/apps/new?api=people&api=publishing&kind=service&scope=employees%3Aread`)
    await theme.waitFor()
    await developer.getByRole('textbox', { name: 'Name' }).fill('Careful')
    await developer.getByRole('button', { name: 'Register' }).click()
    await developer.getByText('Copy the secret now').waitFor()
    const others = developer.getByText('Or with Publishing')
    expect([await theme.count(), await others.count(), await again.count()]).toEqual([0, 0, 0])
    const clientId = await developer.locator('dl.facts code').first().innerText()
    await developer.goto(`${portal.url}/apps/${clientId}`)
    await theme.waitFor()
    await others.waitFor()
  })

  test('without scripts, too, a developer sees the first call as soon as they look again', async () => {
    const { clientId, clientSecret } = await registerService(developer, portal, 'Slow', 'people', ['employees:read'])
    const options = { javaScriptEnabled: false, storageState: await developer.context().storageState() }
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(`${portal.url}/apps/${clientId}`)
    await page.getByText('Waiting for your first call').waitFor()
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    const answer = await fetch(`${portal.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
    const { access_token } = (await answer.json()) as { access_token: string }
    const headers = { authorization: `Bearer ${access_token}` }
    expect((await fetch(`${portal.url}/sandbox/people/employees`, { headers })).status).toBe(200)
    const look = () => page.getByRole('link', { name: 'Check again' }).click()
    await expect
      .poll(() => look().then(() => page.locator('.call').innerText()), { timeout: 10_000 })
      .toContain('Last call: 200')
    await page.context().close()
  })

  test('a key pair is made in the browser, and its private half stays there', async () => {
    await developer.goto(`${portal.url}/apps/new?api=people&kind=service`)
    await developer.getByRole('textbox', { name: 'Name' }).fill('Signing')
    const [download] = await Promise.all([
      developer.waitForEvent('download'),
      developer.getByRole('button', { name: 'Make a key pair here' }).click(),
    ])
    const privateKey = JSON.parse(await readFile(await download.path(), 'utf8'))
    expect(privateKey).toMatchObject({ kty: 'EC', crv: 'P-256', d: expect.any(String) })
    const sent: string[] = []
    developer.on('request', (request) => sent.push(request.postData() ?? ''))
    await developer.getByRole('button', { name: 'Register' }).click()
    await developer.getByText('Registered.', { exact: true }).waitFor()
    expect(sent.join()).toContain(privateKey.x)
    expect(sent.join()).not.toContain(privateKey.d)
    expect(await developer.getByText('Copy the secret now').count()).toBe(0)
  })

  test('an app turns from its secret to a key pair, and a pipeline may manage it', async () => {
    const { clientId, clientSecret } = await registerService(developer, portal, 'Turns', 'people', ['employees:read'])
    await developer.goto(`${portal.url}/apps/${clientId}/edit`)
    await developer.getByRole('textbox', { name: 'Public keys' }).fill('http://keys.example/set')
    await developer.getByRole('button', { name: 'Save' }).click()
    await developer.getByText(/^Error: .*isn't https/).waitFor()
    await expectAccessible(developer)
    const [download] = await Promise.all([
      developer.waitForEvent('download'),
      developer.getByRole('button', { name: 'Make a key pair here' }).click(),
    ])
    const jwk = JSON.parse(await readFile(await download.path(), 'utf8'))
    await developer.getByRole('button', { name: 'Save' }).click()
    await developer.getByText('It signs').waitFor()
    await developer.getByText(jwk.kid).waitFor()
    await expectAccessible(developer)
    const now = Math.floor(Date.now() / 1000)
    const assertion = await new SignJWT({ iss: clientId, sub: clientId, jti: crypto.randomUUID(), exp: now + 60 })
      .setAudience(`${portal.url}/oauth`)
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
      .sign(await importJWK(jwk, 'ES256'))
    const token = async (form: Record<string, string>) => {
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, ...form })
      return (await fetch(`${portal.url}/oauth/token`, { method: 'POST', body })).status
    }
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    expect(await token({ client_assertion: assertion, client_assertion_type })).toBe(200)
    expect(await token({ client_secret: clientSecret })).toBe(401)

    await developer.getByText('Let a pipeline manage it…').click()
    await developer.getByRole('button', { name: 'Make a registration token' }).click()
    const registrationToken = await developer.locator('[data-secret]').innerText()
    await expectAccessible(developer)
    const managed = await fetch(`${portal.url}/oauth/reg/${clientId}`, {
      headers: { authorization: `Bearer ${registrationToken}` },
    })
    expect(await managed.json()).toMatchObject({ client_id: clientId, token_endpoint_auth_method: 'private_key_jwt' })
    // Shown once.
    await developer.goto(`${portal.url}/apps/${clientId}`)
    expect(await developer.content()).not.toContain(registrationToken)

    // And back.
    await developer.getByText('Give it a secret instead of its keys…').click()
    await developer.getByRole('button', { name: 'Make a secret' }).click()
    await developer.getByText('Copy the secret now').waitFor()
    await expectAccessible(developer)
    const another = await developer.locator('[data-secret]').innerText()
    expect(await token({ client_secret: another })).toBe(200)
    await developer.goto(`${portal.url}/apps/${clientId}`)
    expect(await developer.content()).not.toContain(another)
    expect(await developer.getByText('It signs').count()).toBe(0)
    await developer.getByText('Secrets…').click()
    await developer.getByRole('link', { name: 'have it sign' }).click()
    await developer.waitForURL(/\/edit#jwks$/)
  })

  test('two secrets, a token for pipelines, a team; all of it in the audit log', async () => {
    const { clientId, clientSecret } = await registerService(developer, portal, 'Export', 'people', ['employees:read'])
    await developer.goto(`${portal.url}/apps/${clientId}`)
    await developer.getByText('Secrets…').click()
    await developer.getByRole('button', { name: 'Make a second secret' }).click()
    const second = await developer.locator('[data-secret]').innerText()
    await developer.getByText('Secrets…').click()
    await developer.getByText('the older').waitFor()
    await expectAccessible(developer)
    for (const secret of [clientSecret, second]) {
      const response = await fetch(`${portal.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
      expect(response.status).toBe(200)
    }
    await developer.goto(`${portal.url}/apps/${clientId}`)
    await developer.getByText('Share or hand over…').click()
    await developer.getByRole('combobox', { name: 'Team' }).selectOption('developers')
    const owner = developer.getByRole('textbox', { name: 'Owner’s email address' })
    await owner.fill('nobody@northwind.example')
    await developer.locator('form', { hasText: 'Team' }).getByRole('button', { name: 'Save' }).click()
    await developer.getByRole('link', { name: 'Nobody who can sign in has the address' }).click()
    // What was typed is still there, in the form that is open.
    expect(await owner.inputValue()).toBe('nobody@northwind.example')
    expect(await developer.getByRole('combobox', { name: 'Team' }).inputValue()).toBe('developers')
    await expectAccessible(developer)
    await owner.fill('dev@northwind.example')
    await developer.locator('form', { hasText: 'Team' }).getByRole('button', { name: 'Save' }).click()
    await developer.getByText('Dev Anand, with the team developers').waitFor()
    await administrator.goto(`${portal.url}/console/apps`)
    expect(await administrator.locator(`#app-${clientId}`).innerText()).toContain('with the team developers')
    await developer.goto(`${portal.url}/apps/${clientId}`)
    await developer.getByText('Disable it…').click()
    await developer.getByRole('button', { name: 'Disable Export' }).click()
    await developer.getByText('It gets no tokens, and those it has are refused.').waitFor()
    await developer.getByText('Activity', { exact: true }).click()
    await developer.getByText('client.disabled').waitFor()
    await developer.goto(`${portal.url}/apps/tokens`)
    await developer.getByRole('textbox', { name: 'Name' }).fill('CI')
    await developer.getByRole('button', { name: 'Make a token' }).click()
    const token = await developer.locator('[data-secret]').innerText()
    expect(await developer.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('')
    await developer.getByRole('button', { name: 'Make a token' }).evaluate((button: HTMLButtonElement) => {
      if (button.form !== null) button.form.noValidate = true
    })
    await developer.getByRole('button', { name: 'Make a token' }).click()
    await developer.getByRole('alert').getByText('Name it after what uses it.').waitFor()
    await developer.getByText('Revoke…').click()
    await expectAccessible(developer)
    await developer.getByRole('button', { name: 'Revoke CI' }).click()
    await developer.getByText('The token is revoked.').waitFor()

    await administrator.goto(`${portal.url}/console/audit?action=client.`)
    await administrator.getByText('client.secret-added').waitFor()
    for (const [format, first] of [
      ['jsonl', /^\{"id":/],
      ['csv', /^at,action,actor,target,ip,detail\r\n/],
    ] as const) {
      const response = await administrator.request.get(`${portal.url}/console/audit.${format}`)
      const text = await response.text()
      expect(text).toMatch(first)
      expect(text).toContain('initial-access-token.minted')
      for (const secret of [clientSecret, second, token]) expect(text).not.toContain(secret)
    }
    expect((await developer.request.get(`${portal.url}/console/audit.csv`)).status()).toBe(404)
    expect([...developer.faults, ...administrator.faults]).toEqual([])
  })
})
