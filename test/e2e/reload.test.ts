import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { signInAs } from './steps.ts'

const orders = (title: string, path: string, scope: string) =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title, version: '1' },
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: 'https://example.com/token', scopes: { [scope]: 'See orders' } } },
        },
      },
    },
    paths: {
      [path]: {
        get: { operationId: 'list', security: [{ oauth: [scope] }], responses: { 200: { description: 'OK' } } },
      },
    },
  })

/** A document is edited under a running portal. */
describe('reload', () => {
  let specs: string
  let portal: Portal
  let browser: Browser
  let page: Awaited<ReturnType<typeof openPage>>

  beforeAll(async () => {
    specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
    await writeFile(join(specs, 'orders.json'), orders('Orders', '/orders', 'orders:read'))
    portal = await Portal.start({ SPECS_DIR: specs })
    browser = await launchBrowser()
    page = await openPage(browser)
    await signInAs(page, portal, 'Rosa Lindqvist')
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
    await rm(specs, { recursive: true, force: true })
  })

  /** Reloads the page until it says so. */
  async function shows(path: string, words: RegExp): Promise<void> {
    await expect
      .poll(
        async () => {
          await page.goto(portal.url + path)
          return page.locator('main').innerText()
        },
        { timeout: 60_000 },
      )
      .toMatch(words)
  }

  const scopesSupported = async (path: string): Promise<string[]> =>
    (await (await fetch(portal.url + path)).json()).scopes_supported

  test('pages, sandbox and both discovery documents follow', async () => {
    expect((await fetch(`${portal.url}/sandbox/orders/orders`)).status).toBe(401)
    await writeFile(join(specs, 'orders.json'), orders('Orders, anew', '/parcels', 'parcels:read'))
    await shows('/apis/orders', /Orders, anew/)
    await shows('/apis/orders/operations/list', /parcels:read/)
    expect((await fetch(`${portal.url}/sandbox/orders/orders`)).status).toBe(404)
    expect((await fetch(`${portal.url}/sandbox/orders/parcels`)).status).toBe(401)
    expect(await scopesSupported('/.well-known/oauth-authorization-server/oauth')).toContain('parcels:read')
    expect(await scopesSupported('/.well-known/oauth-protected-resource/sandbox/orders')).toEqual(['parcels:read'])
  })

  test('the portal’s own file, too; a wrong one is told, and changes nothing', async () => {
    await writeFile(join(specs, 'portal.yaml'), 'name: Harbour\naccent: "#0a7f5c"\nhome: Tie up here.\n')
    await shows('/', /Tie up here/)
    expect(await page.title()).toBe('Harbour')
    expect(await (await fetch(`${portal.url}/brand.css`)).text()).toContain('#0a7f5c')
    await writeFile(join(specs, 'portal.yaml'), 'name: Harbour\naccent: green\n')
    await expect.poll(() => portal.output, { timeout: 30_000 }).toMatch(/portal\.yaml:2:\d+/)
    await shows('/', /Tie up here/)
  })

  test('a broken document keeps the last one that could be read, and administrators are told where it breaks', async () => {
    await writeFile(join(specs, 'orders.json'), '{ "openapi": "3.1.0",\n  "info": ')
    await shows('/apis/orders', /has changed, and can’t be read[\s\S]*orders\.json:2/)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Orders, anew')
    await shows('/console', /Shown as it was when its document could last be read/)
    expect(portal.output).toMatch(/orders: its last version that could be read is still served/)
    const reader = await (await fetch(`${portal.url}/apis/orders`)).text()
    expect(reader).toContain('Orders, anew')
    expect(reader).not.toContain('can’t be read')
    await writeFile(join(specs, 'orders.json'), orders('Orders, mended', '/parcels', 'parcels:read'))
    await shows('/apis/orders', /Orders, mended/)
    expect(await page.locator('main').innerText()).not.toMatch(/can’t be read/)
  })
})
