import { type Browser, chromium, errors, type Page } from 'playwright-core'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** Milliseconds that a reader waits for words. */
export const PATIENCE = 60_000
/** Likewise, for what is still loaded after that. */
const REST = 10_000

export interface Reading {
  /** Milliseconds from the start of the navigation until the words could be read; {@link PATIENCE}, if they never could. */
  readonly readable: number
  /** KB (1,000 bytes) that crossed the wire until nothing more was loaded. Missing where nothing could be read. */
  readonly transferred?: number
}

/** Opens an address in a browser that knows nothing yet, and waits for words. */
export async function read(url: string, words: string): Promise<Reading> {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  })
  try {
    return await readIn(browser, url, words)
  } finally {
    await browser.close()
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
  if (readable === undefined) return { readable: PATIENCE }
  await unlessTooLong(page.waitForLoadState('networkidle', { timeout: REST }))
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
  const handle = await unlessTooLong(page.waitForFunction(found, undefined, { timeout: PATIENCE, polling: 50 }))
  return handle === undefined ? undefined : await handle.jsonValue()
}

async function unlessTooLong<T>(waiting: Promise<T>): Promise<T | undefined> {
  try {
    return await waiting
  } catch (error) {
    if (error instanceof errors.TimeoutError) return undefined
    throw error
  }
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
