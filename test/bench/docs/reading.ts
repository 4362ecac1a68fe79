import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Value } from '../bench.ts'
import { interruption } from '../interruption.ts'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** Milliseconds that a reader waits for words. */
export const PATIENCE = 30_000
/** Likewise, for what is still loaded after that. */
const REST = 5_000
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  // Fonts and logos from elsewhere come quickly on one machine and never on another.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
]

export type Reading = {
  /** Milliseconds from the start of the navigation until the words could be read. */
  readonly readable: Value
  /** KB (1,000 bytes) that crossed the wire until nothing more was loaded. */
  readonly transferred: Value
}

/** Opens an address in a browser that knows nothing yet, and waits for words. */
export async function read(url: string, words: string): Promise<Reading> {
  interruption.throwIfAborted()
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }
  const server = await chromium.launchServer({ executablePath: EXECUTABLE, args: ARGUMENTS, ...signals })
  // Asked to close, it would wait for a page that is still at work.
  const end = () => server.kill()
  interruption.addEventListener('abort', end)
  try {
    return await readIn(await chromium.connect(server.wsEndpoint()), url, words)
  } catch (error) {
    interruption.throwIfAborted()
    // A tab that has no memory left takes down itself, or all of Chromium.
    if (!(error instanceof Error && /crashed|has been closed/.test(error.message))) throw error
    return { readable: 'crashed Chromium', transferred: 'crashed Chromium' }
  } finally {
    interruption.removeEventListener('abort', end)
    await end()
  }
}

async function readIn(browser: Browser, url: string, words: string): Promise<Reading> {
  const page = await browser.newPage({ extraHTTPHeaders: { 'accept-encoding': 'gzip' } })
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await page.addInitScript(look, words.split(' ').map(escaped).join('\\s+'))
  await page.goto(url, { waitUntil: 'commit', timeout: PATIENCE })
  const readable = await untilReadable(page)
  if (readable === undefined) {
    const why = `showed nothing of the operation in ${PATIENCE / 1000} s`
    return { readable: { over: PATIENCE }, transferred: why }
  }
  await Promise.race([page.waitForLoadState('networkidle'), sleep(REST, undefined, { ref: false })])
  return { readable, transferred: bytes / 1000 }
}

/**
 * In the page: looks for the words on every frame, from the document's first moment on. Text that isn't rendered doesn't
 * count, and the looks themselves take a sixth of the time at most, however large the page is.
 */
function look(pattern: string): void {
  const sought = new RegExp(pattern)
  let next = 0
  const again = (): void => {
    const began = performance.now()
    if (began >= next) {
      // The whole text is cheap; that of what is rendered takes a layout.
      // biome-ignore lint/performance/useDomNodeTextContent: what isn't rendered can't be read.
      if (sought.test(document.body?.textContent ?? '') && sought.test(document.body.innerText)) {
        Reflect.set(window, 'readable', performance.now())
        return
      }
      next = began + 6 * (performance.now() - began)
    }
    requestAnimationFrame(again)
  }
  requestAnimationFrame(again)
}

async function untilReadable(page: Page): Promise<number | undefined> {
  const found = () => Reflect.get(window, 'readable') as number | undefined
  const readable = page.waitForFunction(found, undefined, { timeout: 0, polling: 50 })
  // A page that never rests keeps Playwright waiting beyond any timeout of its own.
  const tooLong = sleep(PATIENCE, undefined, { ref: false })
  return await Promise.race([readable.then((value) => value.jsonValue()), tooLong])
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
