import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { launchBrowser } from '../e2e/browser.ts'
import { HostileServer, json } from '../sdk/runtime/hostile-server.ts'
import { modelOf } from './models.ts'
import { Workspace } from './workspace.ts'

let workspace: Workspace
let server: HostileServer
let site: Server
let script = ''

beforeAll(async () => {
  workspace = await Workspace.create()
  server = await new HostileServer().start()
  site = createServer(({ url = '/' }, response) => {
    const isScript = url === '/program.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : '<!doctype html><title>…</title><script type="module" src="/program.js"></script>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  site.close()
  await server.stop()
  await workspace.remove()
})

test('in Chromium: a person signs in by redirect with PKCE, the page calls, reloads from its store, and signs out', async () => {
  const model = await modelOf('people')
  const { files } = await buildSdk({ model, packageName: '@sallyport/people', connection: {} })
  await workspace.writeAll('node_modules/@sallyport/people', files)
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  const program = await workspace.write(
    'program.mjs',
    `import { People } from '@sallyport/people'
import { authorizationCode, signIn, signOut, WebTokenStore } from '@sallyport/people/auth'
const people = new People({
  baseUrl: ${JSON.stringify(server.origin)},
  scopes: ['employees:read'],
  auth: authorizationCode({
    clientId: ${JSON.stringify(server.client.id)},
    issuer: ${JSON.stringify(server.origin)},
    redirectUri: ${JSON.stringify(`${origin}/back`)},
    store: new WebTokenStore(sessionStorage),
  }),
})
await signIn(people)
const { data } = await people.employees.list()
globalThis.leave = () => signOut(people)
document.title = data.map(({ id }) => id).join(' ')`,
  )
  const bundled = await build({
    entryPoints: [program],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  script = bundled.outputFiles[0]?.text ?? ''
  server.api = (request, response) =>
    json(response, 200, { data: [{ id: request.scopes?.includes('employees:read') ? 'seen' : 'refused' }] })

  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.goto(`${origin}/back?tab=1`)
    await page.waitForFunction(() => document.title === 'seen')
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/back')
    const [asked] = server.tokenRequests
    expect(asked?.parameters.get('grant_type')).toBe('authorization_code')
    expect(asked?.parameters.get('code_verifier')).toMatch(/^[\w-]{43,}$/)
    await page.reload()
    await page.waitForFunction(() => document.title === 'seen')
    expect(server.tokenRequests).toHaveLength(1)
    await page.evaluate('globalThis.leave()')
    expect(server.revoked).toHaveLength(1)
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
  } finally {
    await browser.close()
  }
})
