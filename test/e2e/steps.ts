import type { Page } from 'playwright-core'
import type { Portal } from './portal.ts'

/** What a person does in the portal, by what they see. */

export async function signInAs(page: Page, portal: Portal, name: string): Promise<void> {
  await page.goto(`${portal.url}/auth/sign-in`)
  await page.getByRole('button', { name: `Continue as ${name}` }).click()
  await page.waitForURL(`${portal.url}/`)
}

export interface Registered {
  readonly clientId: string
  readonly clientSecret: string
  /** The commands and programs of *Get started*, by their caption. */
  readonly code: Readonly<Record<string, string>>
}

export function registerService(
  page: Page,
  portal: Portal,
  name: string,
  api: string,
  scopes: readonly string[],
): Promise<Registered> {
  return register(page, portal, { name, api, scopes, kind: 'Service' })
}

export interface Registration {
  readonly name: string
  readonly api: string
  readonly scopes: readonly string[]
  /** As the form says it. */
  readonly kind: 'Service' | 'Web app' | 'Single-page app' | 'Native app' | 'Device'
  readonly redirectUri?: string
}

export async function register(
  page: Page,
  portal: Portal,
  { name, api, scopes, kind, redirectUri }: Registration,
): Promise<Registered> {
  await page.goto(`${portal.url}/apps/new?${new URLSearchParams([['api', api]])}`)
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('radio', { name: kind }).check()
  if (redirectUri !== undefined) await page.getByRole('textbox', { name: /Redirect/ }).fill(redirectUri)
  for (const box of await page.locator('input[name=scope]:checked').all()) await box.uncheck()
  for (const scope of scopes) await page.locator(`input[name=scope][value="${scope}"]`).check()
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  const code = await captions(page)
  const variable = (key: string): string => new RegExp(`^${key}=(.+)$`, 'm').exec(code['.env'] ?? '')?.[1] ?? ''
  const [, clientId = ''] = /@app-([0-9a-f]+)/.exec(code.Terminal ?? '') ?? []
  return { clientId, clientSecret: variable('SALLYPORT_CLIENT_SECRET'), code }
}

async function captions(page: Page): Promise<Record<string, string>> {
  const figures = await page.locator('figure').all()
  const code: Record<string, string> = {}
  for (const figure of figures) {
    const caption = (await figure.locator('figcaption').innerText()).trim()
    code[caption] ??= await figure.locator('pre').innerText()
  }
  return code
}
