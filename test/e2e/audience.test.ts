import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { APIRequestContext, Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'
import { type Registered, registerService, signInAs } from './steps.ts'

const FILES = {
  'open/openapi.yaml': `openapi: 3.1.0
info: { title: Open things, version: 1.0.0 }
tags: [{ name: Things }, { name: Purging }]
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: https://example.com/token, scopes: { things:read: See, things:purge: Purge } } }
  schemas:
    Thing: { type: object, properties: { id: { type: string } } }
    PurgeReport: { type: object, properties: { purged: { $ref: '#/components/schemas/PurgeCount' } } }
    PurgeCount: { type: integer }
paths:
  /things:
    get:
      operationId: listThings
      tags: [Things]
      security: [{ oauth: [things:read] }]
      responses:
        '200':
          description: OK
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } }
          links: { next: { operationId: purgeThings } }
    delete:
      operationId: purgeThings
      summary: Purge things
      tags: [Purging]
      x-visibility: { groups: [hr] }
      security: [{ oauth: [things:purge] }]
      responses:
        '200': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/PurgeReport' } } } }
  /purges:
    get:
      operationId: listPurges
      tags: [Purging]
      x-visibility: { groups: [hr] }
      security: [{ oauth: [things:purge] }]
      responses: { '200': { description: OK } }
webhooks:
  thingAdded:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '200': { description: OK } }
`,
  'open/seed.yaml': '/things: [{ id: one }]\n/purges: [{ id: purge-1 }]\n',
  'vault/openapi.yaml': `openapi: 3.1.0
info: { title: Vault keys, version: 1.0.0 }
components: { securitySchemes: { bearer: { type: http, scheme: bearer } } }
paths:
  /keys:
    get:
      operationId: listKeys
      security: [{ bearer: ['keys:read'] }]
      responses: { '200': { description: OK, content: { application/json: { schema: { type: array, items: { type: string } } } } } }
`,
  'vault/access.yaml': 'visibility: { groups: [hr] }\nscopes: { keys:read: { title: See keys } }\n',
  'vault/guides/turning.md': '# Turning keys\n',
}

/** What gives the hidden operations away, or the hidden API. */
const WORDS = /purge|keys:read|listKeys|Vault keys|Turning keys/i

/** Where the open API is shown, in any form. */
const OPEN = [
  '/',
  '/apis',
  '/apis/open',
  '/apis/open?as=anyone',
  '/apis/open/operations/listThings',
  '/apis/open/schemas/Thing',
  '/apis/open/sdks',
  '/apis/open/openapi.json',
  '/apis/open/openapi.yaml',
  '/apis/open/model.json',
  '/apis/open/sdks/typescript.tgz',
  '/index.md',
  '/apis.md',
  '/apis/open/sdks.md',
  '/apis/open/webhooks/thingAdded',
  '/apis/open/webhooks/thingAdded.md',
  '/llms.txt',
  '/sitemap.xml',
  '/apis/open.md',
  '/apis/open/operations/listThings.md',
  '/apis/open/scopes',
  '/apis/open/scopes.md',
  '/apis/open/scopes.csv',
  '/apis/open/llms-full.txt',
  '/apis/open/sitemap.xml',
  '/search?q=things',
  '/npm/@sallyport/open',
  '/.well-known/oauth-authorization-server/oauth',
  '/oauth/.well-known/openid-configuration',
  '/.well-known/oauth-protected-resource/sandbox/open',
]

/** Where there is nothing for those who may not see it: exactly as if it had never been. */
const CLOSED = [
  ['/apis/open/operations/purgeThings', '/apis/open/operations/nosuchop'],
  ['/apis/open/schemas/PurgeReport', '/apis/open/schemas/NoSuch'],
  ['/apis/open/operations/purgeThings.md', '/apis/open/operations/nosuchop.md'],
  ['/apis/open/schemas/PurgeReport.md', '/apis/open/schemas/NoSuch.md'],
  ...[
    '/apis/vault',
    '/apis/vault/operations/listKeys',
    '/apis/vault/guides/turning',
    '/apis/vault/sdks',
    '/apis/vault.md',
    '/apis/vault/operations/listKeys.md',
    '/apis/vault/guides/turning.md',
    '/apis/vault/scopes',
    '/apis/vault/scopes.csv',
    '/apis/vault/scopes.md',
    '/apis/vault/sdks.md',
    '/apis/vault/llms-full.txt',
    '/apis/vault/sitemap.xml',
    '/apis/vault/openapi.json',
    '/apis/vault/openapi.yaml',
    '/apis/vault/model.json',
    '/apis/vault/sdks/typescript.tgz',
    '/apis/vault/sdks/typescript.tgz?client_id=CLIENT',
    '/npm/@sallyport/vault',
    '/sandbox/vault/keys',
    '/sandbox/vault/-/calls',
    '/.well-known/oauth-protected-resource/sandbox/vault',
  ].map((path) => [path, path.replace('vault', 'nosuch')]),
] as const

let specs: string
let portal: Portal
let browser: Browser

beforeAll(async () => {
  specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(specs, name)), { recursive: true })
    await writeFile(join(specs, name), content)
  }
  portal = await Portal.start({ SPECS_DIR: specs })
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

async function look(request: APIRequestContext, path: string, method = 'GET', headers = {}): Promise<Seen> {
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
      expect(
        await look(request, `/apis/${operation}/samples.json`, 'POST', { origin: portal.url }),
        operation,
      ).toMatchObject({ status: 404 })
    for (const word of ['purge', 'vault']) {
      const { text } = await look(request, `/search?q=${word}`, 'GET', { accept: 'application/json' })
      expect(text).not.toMatch(/purgeThings|listKeys|things:purge|keys:read|\/apis\/vault/)
    }
  }

  for (const path of ['/apps/new', `/apps/${openApp.clientId}/request`, `/apps/${openApp.clientId}/edit`])
    expect((await look(developer.request, path)).text, path).not.toMatch(WORDS)
  await sandboxKnowsNothing(nobody.request, openApp)
  const purging = { authorization: `Bearer ${await tokenFor(nobody.request, purgeApp, 'things:purge')}` }
  expect((await look(nobody.request, '/sandbox/open/purges', 'GET', purging)).status).toBe(200)
  await downloadsByReadToken(hr, developer, { vaultApp, openApp })
  expect([...hr.faults, ...developer.faults]).toEqual([])
})

/** What tells two addresses apart by themselves. */
function forget(text: string): string {
  return text.replace(/nosuchop|nosuch|vault|purgeThings|PurgeReport|listKeys/gi, '…').replace(/nonce-[\w+/=]+/g, '')
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
  const response = await request.post(`${portal.url}/oauth/token`, {
    form: {
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.clientSecret,
      resource: `${portal.url}/sandbox/open`,
      scope,
    },
  })
  return (await response.json()).access_token
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
  await hr.getByRole('button', { name: 'Revoke', exact: true }).click()
  await hr.waitForURL(/read-tokens$/)
  expect((await look(request, file, 'GET', bearing(token))).status).toBe(404)
}
