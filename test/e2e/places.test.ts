import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { replay } from '../sandbox/recorded-session.ts'
import { ORIGIN, sandboxOf } from '../sandbox/sandbox.ts'
import { SUBJECTS } from '../sandbox/subjects.ts'
import { launchBrowser } from './browser.ts'
import type { replayHere } from './places-page.ts'

/** What a page needs that has the sandbox in it; whatever else arrives has got past the service worker. */
async function site(): Promise<{ origin: string; passed: string[]; close: () => void }> {
  const entry = fileURLToPath(new URL('places-page.ts', import.meta.url))
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife' })
  const worker = createRequire(import.meta.url).resolve('msw/mockServiceWorker.js')
  const files: Record<string, { type: string; body: string }> = {
    '/': { type: 'text/html', body: '<!doctype html><title>Sandbox</title><script src="/page.js"></script>' },
    '/page.js': { type: 'text/javascript', body: outputFiles[0]?.text ?? '' },
    '/mockServiceWorker.js': { type: 'text/javascript', body: await readFile(worker, 'utf8') },
  }
  const passed: string[] = []
  const server = createServer((request, response) => {
    const file = files[request.url ?? '']
    if (file === undefined) passed.push(request.url ?? '')
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' }).end(file?.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

describe('the sandbox in Chromium, behind a real service worker', async () => {
  let browser: Awaited<ReturnType<typeof launchBrowser>>
  let server: Awaited<ReturnType<typeof site>>
  beforeAll(async () => {
    server = await site()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  test.each(await SUBJECTS)('answers the recorded session of $name as it does by itself', async (subject) => {
    const { name, model, data, session } = subject
    const alone = sandboxOf(model, { data })
    const directly = await replay(session, ORIGIN, (request) => alone.fetch(request))
    const page = await browser.newPage()
    await page.goto(server.origin)
    const inChromium = await page.evaluate(
      (given) => (globalThis as unknown as { replayHere: typeof replayHere }).replayHere(given),
      { name, model, data },
    )
    expect(inChromium).toEqual(directly)
    expect(inChromium.length).toBe(session.length)
    expect(server.passed.filter((path) => path !== '/favicon.ico')).toEqual([])
    await page.close()
  })
})
