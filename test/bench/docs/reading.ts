import { type Browser, chromium } from 'playwright-core'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
const PATIENCE = 120_000

export interface Reading {
  /** Milliseconds from the start of the navigation until the words could be read. */
  readonly readable: number
  /** KB (1,000 bytes) that crossed the wire until nothing more was loaded. */
  readonly transferred: number
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
  const page = await browser.newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  // Looked for on every frame, from the document's first moment on; text that isn't rendered doesn't count.
  await page.addInitScript((sought: string) => {
    const look = (): void => {
      // biome-ignore lint/performance/useDomNodeTextContent: what isn't rendered can't be read.
      if ((document.body?.innerText ?? '').replace(/\s+/g, ' ').includes(sought))
        Reflect.set(window, 'readable', performance.now())
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, words)
  await page.goto(url, { waitUntil: 'commit', timeout: PATIENCE })
  const handle = await page.waitForFunction(() => Reflect.get(window, 'readable') as number | undefined, undefined, {
    timeout: PATIENCE,
    polling: 50,
  })
  const readable = (await handle.jsonValue()) ?? Number.NaN
  await page.waitForLoadState('networkidle', { timeout: PATIENCE })
  return { readable, transferred: bytes / 1000 }
}
