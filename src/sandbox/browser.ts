import { setupWorker } from 'msw/browser'
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
  await unregisterStale(url)
  const worker = setupWorker(...sandboxHandlers(sandbox, `${location.origin}${options.basePath}/*`))
  await worker.start({ quiet: true, onUnhandledFrame: 'bypass', serviceWorker: { url } })
  return {
    issue: (scopes, issued) => issuer.issue(scopes, issued),
    revoke: (token) => issuer.revoke(token),
    reset: () => sandbox.reset(),
    stop: () => worker.stop(),
  }
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
