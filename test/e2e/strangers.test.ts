import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Project } from './developer.ts'
import { Portal } from './portal.ts'
import { npmEnvironment } from './registry.ts'
import { type Registered, registerService, signInAs } from './steps.ts'

const require = createRequire(import.meta.url)
const GALAXY = require.resolve('@scalar/galaxy/latest.yaml')
const FIGMA = join(dirname(require.resolve('@figma/rest-api-spec/package.json')), 'openapi/openapi.yaml')

/** Access tokens that live three seconds, so that a test can see them expire. */
const SHORT_LIVED = `scopes:
  files:read: { default: true }
policies:
  - name: Anyone, briefly
    rules:
      - name: All
        when: { grants: [client_credentials, authorization_code] }
        then: { accessToken: 3s }
`

/** Figma's arrays of scopes mean "any of them". */
const ANY_OF = `overlay: 1.0.0
info: { title: As Figma means it, version: 1.0.0 }
actions:
  - target: $
    update: { x-scope-match: any }
`

/** A webhook whose body comes in two media types. */
const ALSO_IN_XML = `overlay: 1.0.0
info: { title: Planets in XML, version: 1.0.0 }
actions:
  - target: $.webhooks.newPlanet.post.requestBody.content
    update: { application/xml: { schema: { $ref: '#/components/schemas/Planet' } } }
`

const WITHOUT_SCOPES = {
  swagger: '2.0',
  info: { title: 'Orders', version: '1' },
  paths: { '/orders': { get: { operationId: 'listOrders', responses: { 200: { description: 'ok' } } } } },
}

/** A folder of documents that no one here wrote: one rich, one old and without scopes, some broken. */
describe('documents of strangers', () => {
  let specs: string
  let portal: Portal
  let browser: Browser
  let page: Awaited<ReturnType<typeof openPage>>
  let project: Project
  let app: Registered

  beforeAll(async () => {
    specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
    await mkdir(join(specs, 'figma'))
    await cp(FIGMA, join(specs, 'figma/openapi.yaml'))
    await mkdir(join(specs, 'galaxy'))
    await cp(GALAXY, join(specs, 'galaxy/openapi.yaml'))
    await writeFile(join(specs, 'galaxy/overlay.yaml'), ALSO_IN_XML)
    await writeFile(join(specs, 'figma/access.yaml'), SHORT_LIVED)
    await writeFile(join(specs, 'figma/overlay.yaml'), ANY_OF)
    await writeFile(join(specs, 'Orders v1.json'), JSON.stringify(WITHOUT_SCOPES))
    await writeFile(join(specs, 'broken.yaml'), 'openapi: 3.1.0\ninfo: { title: Broken\npaths: [')
    await writeFile(
      join(specs, 'dangling.yaml'),
      'openapi: 3.1.0\ninfo: { title: D, version: "1" }\npaths:\n  /a:\n    get:\n      responses:\n        "200": { $ref: "#/components/responses/None" }\n',
    )
    await mkdir(join(specs, 'empty'))
    portal = await Portal.start({ SPECS_DIR: specs })
    browser = await launchBrowser()
    page = await openPage(browser)
    project = await Project.create()
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
    await project?.destroy()
    await rm(specs, { recursive: true, force: true })
  })

  test('those that can be read are shown, and one without scopes says so', async () => {
    await page.goto(`${portal.url}/apis`)
    const catalog = await page.locator('main').innerText()
    expect(catalog).toContain('Figma API')
    expect(catalog).toContain('Orders')
    expect(catalog).not.toMatch(/Broken|dangling/)
    await page.goto(`${portal.url}/apis/orders-v1`)
    expect(await page.locator('main').innerText()).toMatch(/No scopes/)
  })

  test('the others are listed for administrators, with place and reason', async () => {
    await signInAs(page, portal, 'Rosa Lindqvist')
    await page.goto(`${portal.url}/console`)
    const list = await page.locator('main').innerText()
    expect(list).toMatch(/broken\.yaml:\d+:\d+/)
    expect(list).toMatch(/dangling\.yaml:7:\d+/)
    expect(list).toMatch(/empty/)
    expect(portal.output).toMatch(/dangling\.yaml:7:\d+: error: .*unresolved-ref/)
  })

  test('browse Figma: an operation, and its scopes', async () => {
    await page.goto(`${portal.url}/apis/figma/operations/getMe`)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/GET\s+\/v1\/me/)
    expect(await page.locator('main').innerText()).toContain('current_user:read')
  })

  test.each([
    'galaxy/webhooks/newPlanet',
    'galaxy/operations/createPlanet',
    'figma/schemas/VectorNode',
    'figma/operations/getFile',
  ])('an id is one element’s: %s', async (path) => {
    await page.goto(`${portal.url}/apis/${path}`)
    const ids = await page.locator('[id]').evaluateAll((elements) => elements.map(({ id }) => id))
    expect(ids.length).toBeGreaterThan(10)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  test('register, install, compile strictly, run: 200, 403, and a new token when the first has expired', async () => {
    app = await registerService(page, portal, 'Figma reports', 'figma', ['current_user:read'])
    expect((await project.shell(app.code.Terminal ?? '', await npmEnvironment())).output).toMatch(/added 2 packages/)
    await project.write('.env', app.code['.env'] ?? '')
    await project.write(
      'program.mts',
      `import { Figma, InsufficientScopeError } from '@sallyport/figma'
const figma = new Figma({ clientId: process.env['SALLYPORT_CLIENT_ID'], clientSecret: process.env['SALLYPORT_CLIENT_SECRET'] })
const me = await figma.me.get()
console.log('200', typeof me.handle)
try {
  // @ts-expect-error needs file_comments:read
  await figma.files.comments.list('key')
} catch (error) {
  if (error instanceof InsufficientScopeError) console.log(error.status)
  else throw error
}
await new Promise((resolve) => setTimeout(resolve, 4_500))
console.log('again', typeof (await figma.me.get()).handle)
`,
    )
    expect(await project.compile('program.mts')).toEqual({ code: 0, output: '' })
    expect(await project.run('program.mts')).toEqual({ code: 0, output: '200 string\n403\nagain string\n' })
  })

  test('try Figma: 200, and 401 without a token', async () => {
    await page.goto(`${portal.url}/apis/figma/operations/getMe?try=1`)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    const bench = page.locator('.outcome')
    await bench.getByText('200', { exact: true }).waitFor()
    await page.getByRole('radio', { name: 'no one: no token' }).check()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await bench.getByText('401', { exact: true }).waitFor()
    expect(page.faults).toEqual([])
  })
})
