import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import type { Value } from '../bench.ts'
import { interruption } from '../interruption.ts'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** Milliseconds that a reader waits for words. */
export const PATIENCE = 30_000
/** Likewise, for what is still loaded after that. */
const REST = 5_000
/** Milliseconds that a browser has for itself after its start, which is no page's time. */
const SETTLING = 1_000
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
  await sleep(SETTLING)
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  const readable = await untilReadable(page, session, words.split(' ').map(escaped).join('\\s+'), url)
  if (readable === undefined) {
    const why = `showed nothing of the operation in ${PATIENCE / 1000} s`
    return { readable: { over: PATIENCE }, transferred: why }
  }
  await Promise.race([page.waitForLoadState('networkidle'), sleep(REST, undefined, { ref: false })])
  return { readable, transferred: bytes / 1000 }
}

/**
 * In the page: looks for the words on every frame, from the document's first moment on, and tells when they are there. Text
 * that isn't rendered doesn't count, and the looks themselves take a sixth of the time at most, however large the page is.
 */
function look(pattern: string, found: string): void {
  const sought = new RegExp(pattern)
  let next = 0
  const again = (): void => {
    const began = performance.now()
    if (began >= next) {
      // The whole text is cheap; that of what is rendered takes a layout.
      // biome-ignore lint/performance/useDomNodeTextContent: what isn't rendered can't be read.
      if (sought.test(document.body?.textContent ?? '') && sought.test(document.body.innerText)) {
        Reflect.get(window, found)(String(performance.now()))
        return
      }
      next = began + 6 * (performance.now() - began)
    }
    requestAnimationFrame(again)
  }
  requestAnimationFrame(again)
}

/**
 * Opens the page, and gives the milliseconds until the words were there, or undefined. The page tells by itself: to wait for it
 * by Playwright's means would have hundreds of KB of script evaluated in it while it loads.
 */
async function untilReadable(page: Page, session: CDPSession, pattern: string, url: string) {
  const told = 'bench'
  await session.send('Page.enable')
  await session.send('Runtime.enable')
  await session.send('Runtime.addBinding', { name: told })
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `(${look})(${JSON.stringify(pattern)}, '${told}')`,
  })
  const readable = new Promise<number>((resolve, reject) => {
    session.on('Runtime.bindingCalled', ({ name, payload }) => name === told && resolve(Number(payload)))
    const ended = () => reject(new Error('The page has been closed.'))
    page.once('crash', ended).once('close', ended)
  })
  // A page that never rests keeps Playwright waiting beyond any timeout of its own.
  const tooLong = sleep(PATIENCE, undefined, { ref: false })
  const [first] = await Promise.all([
    Promise.race([readable, tooLong]),
    page.goto(url, { waitUntil: 'commit', timeout: PATIENCE }),
  ])
  return first
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
