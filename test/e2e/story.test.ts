import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { hasPostgresql, startPostgresql } from '../store/postgresql.ts'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { signInAs } from './steps.ts'

let portal: Portal
let browser: Awaited<ReturnType<typeof launchBrowser>>
let postgresql: Awaited<ReturnType<typeof startPostgresql>> | undefined

beforeAll(async () => {
  browser = await launchBrowser()
  if (hasPostgresql()) postgresql = await startPostgresql()
})
afterEach(() => portal?.destroy())
afterAll(async () => {
  await browser?.close()
  postgresql?.stop()
})

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
  readonly error?: string
}

/** What the product is for, through the doors that everyone has: registration, browser, token endpoint, console, API. */
test.each(hasPostgresql() ? ['SQLite', 'PostgreSQL'] : ['SQLite'])(
  'on %s: api:write only for an editor on the desktop app; out of the group, the next refresh has lost it; revoked, the next call is 401',
  async (engine) => {
    portal = await Portal.start(engine === 'SQLite' ? {} : { DATABASE_URL: postgresql?.url ?? '' })
    const redirectUri = 'http://127.0.0.1/callback'
    const register = async (name: string, ...vouched: string[]): Promise<string> => {
      const token = await portal.command('apps', 'token', '--api', 'publishing', ...vouched)
      const response = await fetch(`${portal.url}/oauth/reg`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        // What an app says of itself opens nothing: both say that they are the desktop app.
        body: JSON.stringify({
          client_name: name,
          sallyport_kind: 'native',
          software_id: 'publishing-desktop',
          redirect_uris: [redirectUri],
        }),
      })
      return (await response.json()).client_id
    }
    const token = async (form: Record<string, string>): Promise<Tokens> =>
      (await fetch(`${portal.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })).json()

    async function signIn(clientId: string, name: string): Promise<Tokens> {
      const page = await openPage(browser)
      let back = new URL(redirectUri)
      await page.route(`${redirectUri}**`, (route) => {
        back = new URL(route.request().url())
        return route.fulfill({ body: 'Back in the app.' })
      })
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid api:read api:write',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      })
      await page.goto(`${portal.url}/oauth/auth?${query}`)
      await page.getByRole('button', { name: `Continue as ${name}` }).click()
      await page.getByRole('button', { name: 'Allow' }).or(page.getByText('Back in the app.')).waitFor()
      if (back.searchParams.size === 0) await page.getByRole('button', { name: 'Allow' }).click()
      await page.getByText('Back in the app.').waitFor()
      await page.context().close()
      return token({
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: redirectUri,
        code: back.searchParams.get('code') ?? '',
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      })
    }
    const call = async (method: 'GET' | 'POST', { access_token }: Tokens) => {
      const response = await fetch(`${portal.url}/sandbox/publishing/articles`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
        ...(method === 'POST' && { body: JSON.stringify({ title: 'From the desk', author: { name: 'Kim Adeyemi' } }) }),
      })
      return { status: response.status, challenge: response.headers.get('www-authenticate') ?? '' }
    }

    const desktop = await register('Publishing desktop', '--software-id', 'publishing-desktop')
    const impostor = await register('Publishing desktop too')
    expect((await signIn(impostor, 'Kim')).scope).not.toContain('api:write')
    expect((await signIn(desktop, 'Dev')).scope).not.toContain('api:write')
    const first = await signIn(desktop, 'Kim')
    expect(first.scope).toContain('api:write')
    expect((await call('POST', first)).status).toBe(201)

    const rosa = await openPage(browser)
    await signInAs(rosa, portal, 'Rosa Lindqvist')
    await rosa.goto(`${portal.url}/console/people`)
    const kim = rosa.getByRole('listitem').filter({ hasText: 'kim@northwind.example' }).first()
    await kim.getByRole('button', { name: /remove Kim Adeyemi from/i }).click()
    await rosa.waitForLoadState('networkidle')

    // What the token says of the group is no longer true: at the next call.
    expect((await call('GET', first)).status).toBe(401)
    const next = await token({ grant_type: 'refresh_token', client_id: desktop, refresh_token: first.refresh_token })
    expect(next.scope.split(' ')).toContain('api:read')
    expect(next.scope).not.toContain('api:write')
    expect((await call('GET', next)).status).toBe(200)
    const denied = await call('POST', next)
    expect(denied.status).toBe(403)
    expect(denied.challenge).toMatch(/error="insufficient_scope".*scope="api:write"/)

    await rosa.goto(`${portal.url}/console/apps`)
    const row = rosa.locator(`#app-${desktop}`)
    expect(await row.getByRole('button', { name: 'Revoke all tokens' }).isVisible()).toBe(false)
    await row.getByText('Revoke tokens…').click()
    await row.getByRole('button', { name: 'Revoke all tokens' }).click()
    await rosa.waitForLoadState('networkidle')
    const refused = await call('GET', next)
    expect(refused.status).toBe(401)
    expect(refused.challenge).toContain('error="invalid_token"')
    const over = await token({ grant_type: 'refresh_token', client_id: desktop, refresh_token: next.refresh_token })
    expect(over.error).toBe('invalid_grant')
    expect(rosa.faults).toEqual([])
  },
)
