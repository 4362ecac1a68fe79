import { type SetupWorker, setupWorker } from 'msw/browser'
import type { HttpHandler } from 'msw/http'
import { createSandbox, type SandboxOptions } from './engine.ts'
import { sandboxHandlers } from './handlers.ts'
import { type Issued, Issuer } from './issuer.ts'

export interface BrowserSandboxOptions extends Omit<SandboxOptions, 'verify'> {
  /** Where the service worker's script is served. */
  readonly worker?: string
}

export interface BrowserSandbox {
  /** A token with these scopes; send it as `Authorization: Bearer …` by `fetch` to the sandbox's base path. */
  issue(scopes: readonly string[], options?: Issued): string
  revoke(token: string): void
  /** Forgets what was changed. */
  reset(): void
  /** From now on calls reach the network again. */
  stop(): void
}

/** Starts the sandbox in this page: a service worker hands the calls below `basePath` to it, and no network sees them. */
export async function startBrowserSandbox({
  worker: url = '/mockServiceWorker.js',
  clock = Date.now,
  ...options
}: BrowserSandboxOptions): Promise<BrowserSandbox> {
  const issuer = new Issuer(clock)
  const sandbox = createSandbox({ ...options, clock, verify: issuer.verify })
  const handlers = sandboxHandlers(sandbox, `${location.origin}${options.basePath}/*`)
  const worker = await workerOf(url)
  running.add(handlers)
  worker.resetHandlers(...[...running].flat())
  return {
    issue: (scopes, issued) => issuer.issue(scopes, issued),
    revoke: (token) => issuer.revoke(token),
    reset: () => sandbox.reset(),
    stop: () => {
      running.delete(handlers)
      worker.resetHandlers(...[...running].flat())
    },
  }
}

/** A page has one worker, whatever runs in it; without handlers it lets everything pass. */
let started: Promise<SetupWorker> | undefined
const running = new Set<HttpHandler[]>()

function workerOf(url: string): Promise<SetupWorker> {
  started ??= start(url).catch((error: unknown) => {
    started = undefined
    throw error
  })
  return started
}

async function start(url: string): Promise<SetupWorker> {
  await unregisterStale(url)
  const worker = setupWorker()
  await worker.start({ quiet: true, onUnhandledFrame: 'bypass', serviceWorker: { url } })
  return worker
}

/** After a hard reload no worker controls the page, and MSW would reload it, losing what was typed. */
async function unregisterStale(url: string): Promise<void> {
  if (navigator.serviceWorker.controller !== null) return
  const script = new URL(url, location.href).href
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    const worker = registration.active ?? registration.waiting ?? registration.installing
    if (worker?.scriptURL === script) await registration.unregister()
  }
}
