import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Project } from './developer.ts'
import { Portal } from './portal.ts'
import { npmEnvironment } from './registry.ts'
import { type Registration, register, signInAs } from './steps.ts'

/** The programs of *Get started*, as the portal shows them: one for each grant, against that portal. */

let portal: Portal
let browser: Browser
let page: Page
let project: Project

beforeAll(async () => {
  portal = await Portal.start()
  browser = await launchBrowser()
  page = await openPage(browser)
  project = await Project.create()
  await signInAs(page, portal, 'Dev Anand')
})
afterAll(async () => {
  await browser?.close()
  await portal?.destroy()
  await project?.destroy()
})

const EMPLOYEE = 'emp_4k2m81xq0p7d'

/** Registered, with its package installed. */
async function app(
  kind: Registration['kind'],
  more: Partial<Registration> = {},
): Promise<Readonly<Record<string, string>>> {
  const wanted = { name: `By ${kind}`, api: 'people', kind, scopes: ['employees:read'], ...more }
  const { code } = await register(page, portal, wanted)
  const installed = await project.shell(code.Terminal ?? '', await npmEnvironment())
  expect(installed.code, installed.output).toBe(0)
  await project.write('.env', code['.env'] ?? '')
  return code
}

/** Runs a program, and gives the person the address that it prints. */
async function runWith(file: string, visit: (line: string) => Promise<void>): Promise<string> {
  let heard: (line: string) => void = () => undefined
  const line = new Promise<string>((resolve) => {
    heard = (text) => text.includes('http') && resolve(text)
  })
  const running = project.run(file, heard)
  const told = await Promise.race([line, running.then(({ output }) => `It ended: ${output}`)])
  expect(told).toContain('http')
  const [{ code, output }] = await Promise.all([running, visit(told)])
  expect(code, output).toBe(0)
  return output
}

const urlIn = (line: string): string => /https?:\/\/\S+/.exec(line)?.[0] ?? ''

test('client credentials: a scope beyond the registration is an error that says where to ask for it', async () => {
  const code = await app('Service')
  const program = code['first-call.mts'] ?? ''
  await project.write('first-call.mts', program)
  expect(await project.compile('first-call.mts')).toEqual({ code: 0, output: '' })
  expect((await project.run('first-call.mts')).output).toContain(EMPLOYEE)
  await project.write(
    'beyond.mts',
    `import { InsufficientScopeError, People } from '@sallyport/people'
const people = new People({
  clientId: process.env['SALLYPORT_CLIENT_ID'],
  clientSecret: process.env['SALLYPORT_CLIENT_SECRET'],
  scopes: ['employees:read', 'timeoff:read'],
})
const error: unknown = await people.timeOff.list().then(() => undefined, (reason: unknown) => reason)
if (error instanceof InsufficientScopeError) console.log(error.missing.join(), error.link)
else throw error
`,
  )
  expect(await project.compile('beyond.mts')).toEqual({ code: 0, output: '' })
  const { output } = await project.run('beyond.mts')
  expect(output).toMatch(/^timeoff:read http:\/\/localhost:\d+\/apps\/[0-9a-f]+\/request\?scopes=timeoff%3Aread\n$/)
  await page.goto(urlIn(output))
  expect(await page.getByRole('checkbox', { name: /timeoff:read/ }).isChecked()).toBe(true)
})

test('code and PKCE on a page, in Chromium', async () => {
  let script = ''
  const site: Server = createServer(({ url = '/' }, response) => {
    response.setHeader('content-type', url === '/program.js' ? 'text/javascript' : 'text/html')
    response.end(
      url === '/program.js'
        ? script
        : '<!doctype html><title>…</title><script type="module" src="/program.js"></script>',
    )
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  try {
    const home = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`
    const code = await app('Single-page app', { redirectUri: home })
    await project.write('page.mts', code['On the page'] ?? '')
    expect(await project.compile('page.mts')).toEqual({ code: 0, output: '' })
    const { outputFiles } = await build({
      entryPoints: [join(project.folder, 'page.mts')],
      ...{ bundle: true, format: 'esm', platform: 'browser', target: 'es2022', write: false },
    })
    script = outputFiles[0]?.text ?? ''
    const visitor = await page.context().newPage()
    const seen = visitor.waitForEvent('console', { predicate: (entry) => entry.text().includes('emp_') })
    await visitor.goto(home)
    expect(JSON.stringify(await (await seen).args()[0]?.jsonValue())).toContain('"id":"emp_')
    expect(visitor.url()).toBe(home)
    await visitor.close()
  } finally {
    site.close()
  }
})

test('code and PKCE by loopback; the next run has the tokens from their file, and one after they are spent refreshes', async () => {
  const code = await app('Native app', { redirectUri: 'http://127.0.0.1/callback' })
  const program = (code['first-call.mts'] ?? '')
    .replace('\n\n', "\nimport { FileTokenStore } from '@sallyport/people/node'\n\n")
    .replace('loopback({', "loopback({\n    store: new FileTokenStore('tokens/kept.json'),")
  await project.write('cli.mts', program)
  expect(await project.compile('cli.mts')).toEqual({ code: 0, output: '' })
  const visitor = await page.context().newPage()
  const first = await runWith('cli.mts', async (line) => {
    await visitor.goto(urlIn(line))
    // Whoever else may listen on this machine: a native app asks each time.
    await visitor.getByRole('button', { name: 'Allow' }).click()
    await visitor.getByText('You can close this window').waitFor()
  })
  expect(first).toContain(EMPLOYEE)
  const alone = await project.run('cli.mts')
  expect(alone.output).toContain(EMPLOYEE)
  expect(alone.output).not.toContain('Open')
  const kept = await project.read('tokens/kept.json')
  await project.write('tokens/kept.json', kept.replace(/"expiresAt":\d+/, '"expiresAt":1'))
  const later = await project.run('cli.mts')
  expect(later.output).toContain(EMPLOYEE)
  expect(later.output).not.toContain('Open')
  const [before, after] = [kept, await project.read('tokens/kept.json')].map(
    (text) => Object.values(JSON.parse(text) as Record<string, { generation: number; refreshToken: string }>)[0],
  )
  expect([before?.generation, after?.generation]).toEqual([1, 2])
  expect(after?.refreshToken).not.toBe(before?.refreshToken)
  await visitor.close()
})

test('device code, the person on another device', async () => {
  const code = await app('Device', { api: 'publishing', scopes: ['api:read'] })
  await project.write('device.mts', code['first-call.mts'] ?? '')
  expect(await project.compile('device.mts')).toEqual({ code: 0, output: '' })
  const visitor = await page.context().newPage()
  const output = await runWith('device.mts', async (line) => {
    await visitor.goto(urlIn(line))
    await visitor.getByRole('textbox', { name: 'Code' }).fill(/type in (\S+)/.exec(line)?.[1] ?? '')
    await visitor.getByRole('button', { name: 'Continue' }).click()
    await visitor.getByRole('button', { name: 'It shows this code' }).click()
    await visitor.getByRole('button', { name: 'Allow' }).click()
  })
  expect(output).toContain("id: 'art_")
  await visitor.close()
})

test('code and PKCE in two steps, in a web app on a server', async () => {
  const site = createServer()
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const home = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  site.close()
  const code = await app('Web app', { redirectUri: `${home}/back` })
  const [start = '', finish = ''] = [code['To sign in'] ?? '', code['At the redirect URI'] ?? '']
  await project.write(
    'web.mts',
    `import { createServer } from 'node:http'
${start}
console.log(url)
const request = await new Promise((resolve) => {
  const server = createServer((incoming, response) => {
    response.end('Welcome')
    server.close()
    resolve({ url: '${home}' + incoming.url })
  }).listen(${new URL(home).port}, '127.0.0.1')
})
${finish}`,
  )
  const visitor = await page.context().newPage()
  const output = await runWith('web.mts', async (line) => {
    await visitor.goto(urlIn(line))
    await visitor.getByText('Welcome').waitFor()
  })
  expect(output).toContain(EMPLOYEE)
  await visitor.close()
})
