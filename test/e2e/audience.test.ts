import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { APIRequestContext, Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { MOUNTS, pages } from './doors.ts'
import { CLOSED, CONSOLE, FILES, OPEN, WORDS } from './hidden-things.ts'
import { Portal } from './portal.ts'
import { type Registered, registerService, signInAs } from './steps.ts'

let specs: string
let portal: Portal
let browser: Browser

beforeAll(async () => {
  specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(specs, name)), { recursive: true })
    await writeFile(join(specs, name), content)
  }
  portal = await Portal.start({ SPECS_DIR: specs, ENFORCE_PROXIES: '127.0.0.1' })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await portal?.destroy()
  await rm(specs, { recursive: true, force: true })
})

interface Seen {
  readonly status: number
  readonly text: string
}

/** Every address that was looked at. */
const looked = new Set<string>()

async function look(request: APIRequestContext, path: string, method = 'GET', headers = {}): Promise<Seen> {
  looked.add(path.split('?', 1)[0] ?? '')
  const response = await request.fetch(portal.url + path, { method, headers, maxRedirects: 0, failOnStatusCode: false })
  const body = await response.body()
  const text = path.includes('.tgz') && response.ok() ? gunzipSync(body).toString('latin1') : body.toString('utf8')
  return { status: response.status(), text }
}

test('a hidden API and a hidden operation, at every door', async () => {
  const [hr, developer, nobody] = await Promise.all([openPage(browser), openPage(browser), openPage(browser)])
  await signInAs(hr, portal, 'Noor Haddad')
  await signInAs(developer, portal, 'Dev Anand')
  const vaultApp = await registerService(hr, portal, 'Key turner', 'vault', ['keys:read'])
  const purgeApp = await registerService(hr, portal, 'Purger', 'open', ['things:purge'])
  const openApp = await registerService(developer, portal, 'Thing lister', 'open', ['things:read'])

  // Who may see them does: else the rest of this would hold of a portal without them.
  for (const [path] of CLOSED.filter(([path]) => !/\.tgz|npm|sandbox|sitemap/.test(path)))
    expect(await look(hr.request, path), path).toMatchObject({ status: path.includes('.well-known') ? 404 : 200 })
  for (const path of ['/apis', '/apis/open', '/apis/open/openapi.json', '/apis/open/model.json', '/search?q=things'])
    expect((await look(hr.request, path)).text, path).toMatch(WORDS)

  for (const { request } of [developer, nobody]) {
    for (const path of OPEN) {
      const { status, text } = await look(request, path)
      expect(status, path).toBe(200)
      // The question is repeated in the answer.
      expect(text, path).not.toMatch(WORDS)
    }
    for (const [path, absent] of CLOSED) {
      const [own, other] = [path, absent].map((one) => one.replace('CLIENT', vaultApp.clientId)) as [string, string]
      const [hidden, nothing] = [await look(request, own), await look(request, other)]
      expect(hidden.status, path).toBe(404)
      expect(forget(hidden.text), path).toBe(forget(nothing.text))
    }
    for (const operation of ['open/operations/purgeThings', 'vault/operations/listKeys'])
      for (const door of ['samples.json', 'values'])
        expect(
          await look(request, `/apis/${operation}/${door}`, 'POST', { origin: portal.url }),
          `${operation}/${door}`,
        ).toMatchObject({ status: 404 })
    for (const word of ['purge', 'vault']) {
      const { text } = await look(request, `/search?q=${word}`, 'GET', { accept: 'application/json' })
      expect(text).not.toMatch(/purgeThings|listKeys|things:purge|keys:read|\/apis\/vault/)
    }
  }

  await appsKnowNothing(developer.request, { openApp, vaultApp })
  await sandboxKnowsNothing(nobody.request, openApp)
  await proxiesSayNothing(nobody.request, openApp)
  await noTokenFor('vault', nobody.request, openApp)
  const purging = { authorization: `Bearer ${await tokenFor(nobody.request, purgeApp, 'things:purge')}` }
  expect((await look(nobody.request, '/sandbox/open/purges', 'GET', purging)).status).toBe(200)
  await logIsOnesOwn(nobody.request, openApp)
  await downloadsByReadToken(hr, developer, { vaultApp, openApp })
  expect([...hr.faults, ...developer.faults]).toEqual([])

  const addresses = [...looked]
  const missed = (await pages()).filter(({ pattern }) => !addresses.some((address) => pattern.test(address)))
  expect(missed.map(({ route }) => route)).toEqual([])
  for (const [mount, pattern] of Object.entries(MOUNTS))
    if (pattern instanceof RegExp)
      expect(
        addresses.some((address) => pattern.test(address)),
        mount,
      ).toBe(true)
})

/** What tells two addresses apart by themselves. */
function forget(text: string): string {
  return text.replace(/nosuchop|nosuch|vault|purgeThings|PurgeReport|listKeys/gi, '…').replace(/nonce-[\w+/=]+/g, '')
}

/** A developer's pages speak of what they may see, and the apps of others aren't there. */
async function appsKnowNothing(
  request: APIRequestContext,
  { openApp, vaultApp }: { readonly openApp: Registered; readonly vaultApp: Registered },
): Promise<void> {
  for (const path of ['/apps', '/apps/new', '/apps/new?api=vault&scope=keys:read', '/apps/tokens']) {
    const { status, text } = await look(request, path)
    expect({ path, status }).toEqual({ path, status: 200 })
    expect(path.includes('?') ? forget(text.replaceAll('keys:read', '')) : text, path).not.toMatch(WORDS)
  }
  for (const page of ['', '/edit', '/request', '/preview', '/events']) {
    const own = await look(request, `/apps/${openApp.clientId}${page}`)
    expect(own.status, page).toBe(200)
    expect(own.text, page).not.toMatch(WORDS)
    expect((await look(request, `/apps/${vaultApp.clientId}${page}`)).status, page).toBe(404)
  }
  // For administrators, and the owners of APIs.
  for (const path of ['/apps/requests', ...CONSOLE]) expect((await look(request, path)).text, path).not.toMatch(WORDS)
}

/** A proxy's clients hear the same of a hidden operation as of none. */
async function proxiesSayNothing(request: APIRequestContext, app: Registered): Promise<void> {
  const bearer = await tokenFor(request, app, 'things:read')
  const enforced = (api: string, uri: string, headers: object) =>
    look(request, `/enforce/${api}`, 'GET', { 'x-original-method': 'GET', 'x-original-uri': uri, ...headers })
  for (const headers of [{}, { authorization: `Bearer ${bearer}` }])
    for (const [api, uri] of [
      ['open', '/purges'],
      ['vault', '/keys'],
    ] as const)
      expect(await enforced(api, uri, headers)).toEqual(await enforced(api, '/nothing', headers))
  expect((await enforced('open', '/things', {})).status).toBe(401)
}

async function noTokenFor(api: string, request: APIRequestContext, app: Registered): Promise<void> {
  const asked = async (api: string) => {
    looked.add('/oauth/token')
    const response = await askForToken(request, app, { api, scope: 'keys:read' })
    return { status: response.status(), text: (await response.text()).replaceAll(api, '…') }
  }
  const answer = await asked(api)
  expect(answer).toEqual(await asked('nosuch'))
  expect(answer.status).toBe(400)
}

/** The sandbox's log has what one called oneself, also as it goes on. */
async function logIsOnesOwn(request: APIRequestContext, app: Registered): Promise<void> {
  const authorization = `Bearer ${await tokenFor(request, app, 'things:read')}`
  const log = '/sandbox/open/-/calls'
  expect((await look(request, log, 'GET', { authorization })).text).not.toMatch(WORDS)
  const hanging = new AbortController()
  const headers = { authorization, accept: 'text/event-stream' }
  const response = await fetch(portal.url + log, { headers, signal: hanging.signal })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const followed = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  await look(request, '/sandbox/open/things', 'GET', { authorization })
  let text = ''
  while (!/listThings/.test(text)) text += (await followed?.read())?.value ?? ''
  expect(text).not.toMatch(WORDS)
  hanging.abort()
  for (const accept of ['application/json', 'text/event-stream'])
    expect(await look(request, '/sandbox/vault/-/calls', 'GET', { authorization, accept })).toEqual(
      await look(request, '/sandbox/nosuch/-/calls', 'GET', { authorization, accept }),
    )
}

/** The hidden operation is no more there than one that the document doesn't have, token or not. */
async function sandboxKnowsNothing(request: APIRequestContext, app: Registered): Promise<void> {
  const bearer = await tokenFor(request, app, 'things:read')
  expect((await look(request, '/sandbox/open/things', 'GET', { authorization: `Bearer ${bearer}` })).status).toBe(200)
  for (const headers of [{}, { authorization: `Bearer ${bearer}` }]) {
    expect(await look(request, '/sandbox/open/things', 'DELETE', headers)).toEqual(
      forMethod(await look(request, '/sandbox/open/things', 'PUT', headers)),
    )
    expect(await look(request, '/sandbox/open/purges', 'GET', headers)).toEqual(
      await look(request, '/sandbox/open/nothing', 'GET', headers),
    )
  }
  const preflight = { origin: 'http://localhost:1', 'access-control-request-method': 'GET' }
  for (const [own, other] of [
    ['/sandbox/open/purges', '/sandbox/open/nothing'],
    ['/sandbox/vault/keys', '/sandbox/nosuch/keys'],
  ] as const)
    expect(await look(request, own, 'OPTIONS', preflight)).toEqual(await look(request, other, 'OPTIONS', preflight))
}

async function tokenFor(request: APIRequestContext, app: Registered, scope: string): Promise<string> {
  return (await (await askForToken(request, app, { api: 'open', scope })).json()).access_token
}

function askForToken(
  request: APIRequestContext,
  app: Registered,
  { api, scope }: { readonly api: string; readonly scope: string },
) {
  return request.post(`${portal.url}/oauth/token`, {
    form: {
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.clientSecret,
      resource: `${portal.url}/sandbox/${api}`,
      scope,
    },
  })
}

function forMethod({ status, text }: Seen): Seen {
  return { status, text: text.replace('PUT', 'DELETE') }
}

type SignedIn = Awaited<ReturnType<typeof openPage>>

/** What isn't public is downloaded with a token that its app's page makes, and with no other. */
async function downloadsByReadToken(
  hr: SignedIn,
  developer: SignedIn,
  { vaultApp, openApp }: { readonly vaultApp: Registered; readonly openApp: Registered },
): Promise<void> {
  await hr.goto(`${portal.url}/apps/${vaultApp.clientId}`)
  await hr.getByRole('button', { name: 'Make a read token' }).click()
  const token = await hr.locator('[data-secret]').innerText()
  const bearing = (value: string) => ({ authorization: `Bearer ${value}` })
  const { request } = await openPage(browser)
  const packument = await look(request, '/npm/@sallyport/vault', 'GET', bearing(token))
  expect(packument.status).toBe(200)
  const { 'dist-tags': tags } = JSON.parse(packument.text)
  expect(Object.keys(tags).sort()).toEqual([`app-${vaultApp.clientId}`, 'latest'])
  const tarball = `/npm/@sallyport/vault/-/vault-${tags.latest}.tgz`
  expect((await look(request, tarball, 'GET', bearing(token))).text).toMatch(/listKeys/)
  expect((await look(request, tarball)).status).toBe(404)
  const file = `/apis/vault/sdks/typescript.tgz?client_id=${vaultApp.clientId}`
  expect((await look(request, file, 'GET', bearing(token))).status).toBe(200)
  expect((await look(request, file)).status).toBe(404)
  // It is for its own app's APIs: the other API stays as everyone sees it.
  expect((await look(request, '/npm/@sallyport/open', 'GET', bearing(token))).text).not.toMatch(WORDS)

  // An API that anyone may see has no such section, and nobody else's app has this one.
  await developer.goto(`${portal.url}/apps/${openApp.clientId}`)
  expect(await developer.getByRole('button', { name: 'Make a read token' }).count()).toBe(0)
  await hr.getByText('Revoke…').click()
  await hr.getByRole('button', { name: 'Revoke this token' }).click()
  await hr.waitForURL(/read-tokens$/)
  expect((await look(request, file, 'GET', bearing(token))).status).toBe(404)
}
