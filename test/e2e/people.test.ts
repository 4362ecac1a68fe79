import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionCookie } from '../../src/server/sign-in.ts'
import { openStore } from '../../src/store/store.ts'
import { expectAccessible } from './axe.ts'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { register as registerInPortal, signInAs } from './steps.ts'

type Page = Awaited<ReturnType<typeof openPage>>

/** What people meet who have no app of their own: links for passwords, signing in and out, agreeing, devices. */
describe('people', () => {
  let portal: Portal
  let browser: Browser
  let pipeline: string

  beforeAll(async () => {
    portal = await Portal.start()
    browser = await launchBrowser()
    pipeline = await portal.command('apps', 'token')
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
  })

  async function register(metadata: object): Promise<{ client_id: string }> {
    const response = await fetch(`${portal.url}/oauth/reg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${pipeline}`, 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    })
    expect(response.status).toBe(201)
    return response.json()
  }

  /** What an app of this kind asks for in an authorization request, once it is registered. */
  async function requestOf(name: string, kind: string, { redirectUri, scope }: { redirectUri: string; scope: string }) {
    const { client_id } = await register({
      client_name: name,
      sallyport_kind: kind,
      sallyport_apis: ['people'],
      redirect_uris: [redirectUri],
    })
    return {
      client_id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }
  }

  async function ask(path: string, form: Record<string, string>) {
    const response = await fetch(`${portal.url}/oauth/${path}`, { method: 'POST', body: new URLSearchParams(form) })
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }

  async function signIn(page: Page, email: string, password: string): Promise<void> {
    await page.goto(`${portal.url}/auth/sign-in`)
    await page.getByRole('textbox', { name: 'Email' }).fill(email)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  test('an invitation: a password is chosen by a link that is good once', async () => {
    const page = await openPage(browser)
    const email = 'mina@northwind.example'
    const link = await portal.command('users', 'add', email, '--name', 'Mina Sato', '--group', 'hr', '--invite')
    await page.goto(link)
    await page.getByText('Mina Sato, you will sign in').waitFor()
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Password' }).fill('short')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText(/^Error: /).waitFor()
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Password' }).fill('four words in a row')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByRole('heading', { name: 'Password set' }).waitFor()
    expect((await page.goto(link))?.status()).toBe(410)
    await page.getByText('This link has expired').first().waitFor()
    await expectAccessible(page)

    // Someone at the same address tries until nobody new may; whoever had the link isn't kept out.
    const stranger = await openPage(browser)
    for (let guess = 0; guess < 11; guess++) {
      await signIn(stranger, email, `guess ${guess}`)
      await stranger.getByRole('alert').waitFor()
    }
    await stranger.getByText('Too many attempts from here. Try again in 2 minutes').first().waitFor()
    await expectAccessible(stranger)
    await signIn(page, email, 'four words in a line')
    await page.getByText('This email address and password don’t go together.').first().waitFor()
    expect(await page.getByRole('textbox', { name: 'Password' }).evaluate((it) => it === document.activeElement)).toBe(
      true,
    )
    await expectAccessible(page)
    await signIn(page, email, 'four words in a row')
    await page.waitForURL(`${portal.url}/`)
    await page.goto(`${portal.url}/account`)
    expect(await page.locator('dl.facts').innerText()).toMatch(/mina@northwind\.example[\s\S]*hr/)

    // A reset: the old password and the session that it opened are over.
    const reset = await portal.command('users', 'reset', email)
    const elsewhere = await openPage(browser)
    await elsewhere.goto(reset)
    await elsewhere.getByRole('textbox', { name: 'Password' }).fill('five other words for mina')
    await elsewhere.getByRole('button', { name: 'Set the password' }).click()
    await elsewhere.getByRole('heading', { name: 'Password set' }).waitFor()
    await page.goto(`${portal.url}/account`)
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    await signIn(elsewhere, email, 'four words in a row')
    await elsewhere.getByRole('alert').waitFor()
    await signIn(elsewhere, email, 'five other words for mina')
    await elsewhere.waitForURL(`${portal.url}/`)
    const administrator = await openPage(browser)
    await signInAs(administrator, portal, 'Rosa')
    await administrator.goto(`${portal.url}/console/audit?action=person.password-set`)
    expect(await administrator.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringContaining('127.0.0.1'),
      expect.stringContaining('127.0.0.1'),
    ])
    expect([...page.faults, ...elsewhere.faults]).toEqual([])
  })

  test('consent, scope by scope; what was agreed to, and taking it back', async () => {
    const page = await openPage(browser)
    const redirectUri = 'http://127.0.0.1/callback'
    const scope = 'openid email employees:read compensation:read timeoff:write departments:write'
    const request = await requestOf('Time sheets', 'native', { redirectUri, scope })
    const { client_id } = request
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const authorize = `${portal.url}/oauth/auth?${new URLSearchParams({ ...request, state: 'xyz' })}`
    let back = new URL(redirectUri)
    await page.route(`${redirectUri}**`, (route) => {
      back = new URL(route.request().url())
      return route.fulfill({ body: 'Back in the app.' })
    })

    await page.goto(authorize)
    await page.getByText('to go on to Time sheets').waitFor()
    await page.getByRole('button', { name: 'Continue as Noor' }).click()
    await page.getByRole('heading', { name: 'Allow Time sheets?' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Refuse' }).click()
    await page.getByText('Back in the app.').waitFor()
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 'xyz' })

    await page.goto(authorize)
    await page.getByRole('checkbox', { name: /Request and decide time off/ }).uncheck()
    // What is required can't be left out: it comes with saying yes.
    expect(await page.getByRole('checkbox', { name: /See salaries/ }).count()).toBe(0)
    await page.getByText('See salaries and bonuses').waitFor()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('Back in the app.').waitFor()
    const { body } = await ask('token', {
      grant_type: 'authorization_code',
      client_id,
      redirect_uri: redirectUri,
      code: back.searchParams.get('code') ?? '',
      code_verifier: verifier,
    })
    expect(body.scope?.split(' ').sort()).toEqual(['compensation:read', 'departments:write', 'employees:read'])
    const call = () =>
      fetch(`${portal.url}/sandbox/people/employees`, { headers: { authorization: `Bearer ${body.access_token}` } })
    expect((await call()).status).toBe(200)
    // What it asks for besides stands apart from what it was allowed.
    await page.goto(authorize.replace('departments%3Awrite', 'departments%3Awrite+payroll%3Aread'))
    await page.getByText('It asks to do more in your name').waitFor()
    expect(await page.getByText('See salaries and bonuses').isVisible()).toBe(false)
    await page.getByText('See bank accounts and payslips').waitFor()
    await page.getByText('What you allowed before: 4 scopes').click()
    await page.getByText('See salaries and bonuses').waitFor()
    await expectAccessible(page)
    // Used, expired or nobody's: the page says so.
    await page.goto(`${portal.url}/consent/nothing`)
    await page.getByRole('heading', { name: 'This page has expired' }).waitFor()
    await expectAccessible(page)

    await page.goto(`${portal.url}/account/consents`)
    await page.getByRole('heading', { name: 'Time sheets' }).waitFor()
    expect(await page.getByText('timeoff:write').count()).toBe(0)
    await page.getByText('Take it back…').click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Take it back from Time sheets' }).click()
    await page.getByText('Taken back.').waitFor()
    await page.getByText('No app may do anything in your name.').waitFor()
    await expectAccessible(page)
    expect((await call()).status).toBe(401)
    expect(
      (await ask('token', { grant_type: 'refresh_token', client_id, refresh_token: body.refresh_token ?? '' })).body
        .error,
    ).toBe('invalid_grant')
    expect(page.faults).toEqual([])
  })

  test('a request that can’t be answered to the app, and signing out', async () => {
    const page = await openPage(browser)
    await signInAs(page, portal, 'Noor')
    await page.goto(`${portal.url}/oauth/auth?client_id=nobody`)
    await page.getByRole('heading', { name: 'That didn’t work' }).waitFor()
    await expectAccessible(page)
    // Whoever makes the app is led to it; nobody else learns anything of it.
    const maker = await openPage(browser)
    await signInAs(maker, portal, 'Dev')
    const { clientId } = await registerInPortal(maker, portal, {
      name: 'Mine',
      kind: 'Single-page app',
      api: 'people',
      scopes: ['employees:read'],
      redirectUri: 'https://mine.example/',
    })
    const mine = `${portal.url}/oauth/auth?client_id=${clientId}&redirect_uri=https%3A%2F%2Fother.example%2F`
    await page.goto(mine)
    await page.getByText('invalid_redirect_uri').waitFor()
    expect(await page.getByText('Mine').count()).toBe(0)
    await maker.goto(mine)
    await maker.getByText('invalid_redirect_uri').waitFor()
    await expectAccessible(maker)
    await maker.getByRole('link', { name: 'Mine' }).click()
    await maker.getByRole('heading', { name: 'Mine' }).waitFor()
    // The issuer is an address, too, to which people go by hand.
    expect((await page.goto(`${portal.url}/oauth`))?.status()).toBe(404)
    await page.getByRole('link', { name: 'See all APIs' }).waitFor()
    await page.goto(`${portal.url}/oauth/session/end`)
    await page.getByRole('heading', { name: 'Sign out?' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click()
    await page.getByRole('heading', { name: 'Signed out' }).waitFor()
    await expectAccessible(page)
    await signInAs(page, portal, 'Noor')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
    await page.goto(`${portal.url}/account`)
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    expect(page.faults).toEqual([])
  })

  test('an app that nobody vouches for: whoever is sent on by it has read where to', async () => {
    const page = await openPage(browser)
    const redirectUri = 'https://figures.example/callback'
    const request = await requestOf('Figures', 'single-page', { redirectUri, scope: 'openid' })
    const visit = (more: Record<string, string>) =>
      page.goto(`${portal.url}/oauth/auth?${new URLSearchParams({ ...request, ...more })}`)
    let posted: string | null = null
    await page.route(`${redirectUri}**`, (route) => {
      posted = route.request().postData()
      return route.fulfill({ body: 'Back in the app.' })
    })
    await visit({ scope: 'nonsense', state: 'x' })
    await page.getByText('Figures asked for something that can’t be done.').waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Go to figures.example' }).click()
    await page.getByText('Back in the app.').waitFor()
    expect(new URL(page.url()).searchParams.get('error')).toBe('invalid_scope')
    await visit({ scope: 'nonsense', state: 'x', response_mode: 'form_post' })
    await page.getByRole('button', { name: 'Go to figures.example' }).click()
    await page.getByText('Back in the app.').waitFor()
    expect(Object.fromEntries(new URLSearchParams(posted ?? ''))).toMatchObject({ error: 'invalid_scope', state: 'x' })
    // Signed in already, and asked for nothing that needs consent: still, the first time they see who it is.
    await signInAs(page, portal, 'Noor')
    await visit({})
    await page.getByText('If you allow it, you go on to https://figures.example').waitFor()
    await page.getByRole('button', { name: 'Refuse' }).click()
    await page.getByText('Figures gets nothing.').waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Go to figures.example' }).click()
    await page.getByText('Back in the app.').waitFor()
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
    expect(page.faults).toEqual([])
  })

  test('an app may post its request: whoever is signed in stays so, though the form is of another site', async () => {
    const page = await openPage(browser)
    await signInAs(page, portal, 'Noor')
    const redirectUri = 'https://poster.example/callback'
    const request = await requestOf('Poster', 'single-page', { redirectUri, scope: 'openid profile' })
    const fields = Object.entries(request).map(([name, value]) => `<input name="${name}" value="${value}">`)
    const form = `<form method="post" action="${portal.url}/oauth/auth">${fields.join('')}<button>Sign in</button></form>`
    await page.route('https://poster.example/', (route) => route.fulfill({ contentType: 'text/html', body: form }))
    await page.goto('https://poster.example/')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('You are Noor').waitFor()
    await page.getByText('Not Noor').getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign out?' }).waitFor()
    expect(page.faults).toEqual([])
  })

  test('pages where people sign in and agree can’t be framed, nor do they tell elsewhere where one comes from', async () => {
    const page = await openPage(browser)
    await page.route('https://evil.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe src="${portal.url}/oauth/device"></iframe><iframe src="${portal.url}/account"></iframe>`,
      }),
    )
    await page.goto('https://evil.example/', { waitUntil: 'load' })
    expect(page.frames().length).toBe(3)
    for (const frame of page.frames().slice(1)) expect(frame.url()).not.toContain(portal.url)
    for (const path of ['/oauth/device', '/sign-in/x', '/consent/x', '/password/x', '/account/consents']) {
      const { headers } = await fetch(portal.url + path, { redirect: 'manual' })
      expect([path, headers.get('x-frame-options')]).toEqual([path, 'DENY'])
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('referrer-policy')).toMatch(/^(same-origin|no-referrer)$/)
    }
  })

  test('a device: its code is typed, compared and agreed to', async () => {
    const { client_id } = await register({
      client_name: 'Wall clock',
      sallyport_kind: 'device',
      sallyport_apis: ['publishing'],
    })
    const page = await openPage(browser)
    const start = async () => (await ask('device/auth', { client_id, scope: 'api:read' })).body
    const poll = async ({ device_code = '' }) =>
      (await ask('token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id, device_code })).body
    const type = async (code: string) => {
      await page.getByRole('textbox', { name: 'Code' }).fill(code)
      await page.getByRole('button', { name: 'Continue' }).click()
    }

    const first = await start()
    await page.goto(String(first.verification_uri))
    await page.getByRole('heading', { name: 'Connect a device' }).waitFor()
    await expectAccessible(page)
    await type('BBBB-BBBB')
    await page.getByText('No device shows this code.').waitFor()
    await expectAccessible(page)
    await type(String(first.user_code))
    await page.getByRole('heading', { name: 'Is this your device?' }).waitFor()
    expect(await page.getByText(String(first.user_code)).count()).toBe(1)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Refuse' }).click()
    await page.getByText('Nothing was connected.').waitFor()
    await expectAccessible(page)
    expect((await poll(first)).error).toBe('access_denied')

    // By the link that has the code in it; still, it is compared.
    const second = await start()
    await page.goto(String(second.verification_uri_complete))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'It shows this code' }).click()
    await page.getByRole('button', { name: 'Continue as Kim' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Device connected' }).waitFor()
    await expectAccessible(page)
    expect(await poll(second)).toMatchObject({ scope: 'api:read' })
    await page.goto(String(second.verification_uri))
    await type(String(second.user_code))
    await page.getByText('This code was used already.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Code' }).inputValue()).toBe('')
    expect(page.faults).toEqual([])
  })

  test('an administrator sets what policies may ask of a person, and the log says so', async () => {
    const page = await openPage(browser)
    await signInAs(page, portal, 'Rosa')
    await page.goto(`${portal.url}/console/people`)
    const noor = page.getByRole('listitem').filter({ hasText: 'noor@northwind.example' }).first()
    const set = async (attribute: string, value: string) => {
      await noor.getByLabel('Attribute of Noor').fill(attribute)
      await noor.getByLabel('Its value for Noor').fill(value)
      await noor.getByRole('button', { name: 'Set' }).click()
    }
    await set('<b>', 'x')
    await noor.getByText('An attribute is named by letters').waitFor()
    await page.getByRole('alert').getByRole('link').click()
    expect(await noor.getByLabel('Attribute of Noor').evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await noor.getByLabel('Attribute of Noor').inputValue()).toBe('<b>')
    await expectAccessible(page)
    await noor.getByLabel('Group to add Noor').fill('/')
    await noor.getByRole('button', { name: 'Add', exact: true }).click()
    await noor.getByText('A group is named by letters').waitFor()
    expect(await noor.getByLabel('Group to add Noor').getAttribute('aria-invalid')).toBe('true')
    expect(await noor.getByLabel('Attribute of Noor').getAttribute('aria-invalid')).toBeNull()
    await expectAccessible(page)
    await set('department', 'finance')
    await noor.getByText('department: finance').waitFor()
    await set('desk', 'night')
    await noor.getByText('desk: night').waitFor()
    expect(await portal.command('users', 'profile', 'noor@northwind.example')).toBe('department\tfinance\ndesk\tnight')
    await noor.getByRole('button', { name: 'remove desk of Noor' }).click()
    await noor.getByText('desk: night').waitFor({ state: 'detached' })

    await page.goto(`${portal.url}/console/audit?action=person.profile`)
    await page.getByLabel('To whom').fill('noor@northwind.example')
    await page.getByRole('button', { name: 'Filter' }).click()
    const rows = page.locator('tbody tr')
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringContaining('attribute: desk, before: night'),
      expect.stringContaining('attribute: desk, after: night'),
      expect.stringContaining('attribute: department, before: people, after: finance'),
    ])
    const file = await page.request.get(
      new URL((await page.getByText('JSON Lines').getAttribute('href')) ?? '', portal.url).href,
    )
    expect((await file.text()).trim().split('\n')).toHaveLength(3)
    expect(page.faults).toEqual([])
  })

  test('who signs in elsewhere is told when that fails', async () => {
    const elsewhere = await Portal.start({
      SIGN_IN_ISSUER: 'http://127.0.0.1:9',
      SIGN_IN_CLIENT_ID: 'portal',
      SIGN_IN_CLIENT_SECRET: 'secret',
      SALLYPORT_DEMO: 'false',
    })
    try {
      const page = await openPage(browser)
      await page.goto(`${elsewhere.url}/apps`)
      expect(await page.getByRole('textbox', { name: 'Password' }).count()).toBe(0)
      await page.getByRole('link', { name: 'Continue at 127.0.0.1:9' }).click()
      await page.getByText('can’t be reached right now').waitFor()
      await expectAccessible(page)

      // What the place says of people is told, and can't be said here.
      const store = await openStore({ dataDir: elsewhere.dataDir })
      const profile = { department: 'it' }
      const person = { email: 'ada@example.com', name: 'Ada', groups: ['administrators'], profile }
      const { id: personId } = await store.people.add(person)
      const expiresAt = Math.floor(Date.now() / 1000) + 600
      const value = await store.portalSessions.start({ personId, data: {}, expiresAt })
      await store.close()
      await page.context().addCookies([{ name: sessionCookie(elsewhere.url), value, url: elsewhere.url }])
      await page.goto(`${elsewhere.url}/console/people`)
      await page.getByText('People sign in at 127.0.0.1:9, which says what their profile holds.').waitFor()
      await page.getByText('department: it').waitFor()
      expect(await page.getByRole('button', { name: 'Set' }).count()).toBe(0)
      await expectAccessible(page)
      const form = { person: personId, do: 'set', attribute: 'department', value: 'news' }
      const headers = { 'sec-fetch-site': 'same-origin' }
      const refused = await page.request.post(`${elsewhere.url}/console/people`, { form, headers })
      expect(refused.status()).toBe(422)
      expect(await refused.text()).toContain('says who they are, at each sign-in')
      expect(page.faults).toEqual([])
    } finally {
      await elsewhere.destroy()
    }
  })
})
