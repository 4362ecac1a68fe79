import { type SetupWorker, setupWorker } from 'msw/browser'
import type { HttpHandler } from 'msw/http'
import { AuthorizationServer } from './authorization-server.ts'
import type { LoggedCall } from './call-log.ts'
import type { Verify } from './caller.ts'
import { createSandbox, type SandboxOptions } from './engine.ts'
import { sandboxHandlers } from './handlers.ts'
import type { Issued } from './tokens.ts'

export interface BrowserSandboxOptions extends Omit<SandboxOptions, 'verify' | 'authorizationServer'> {
  /** Whose tokens count; those of the sandbox's own authorization server unless given. */
  readonly verify?: Verify
  /** Where the service worker's script is served. */
  readonly worker?: string
}

export interface BrowserSandbox {
  /**
   * Its own, at `${basePath}/-/oauth`: `register` an app, then get tokens by `fetch` as from any other, or `issue` one
   * without asking. `authorize` says where an authorization request leads, since a page can't read a redirect.
   */
  readonly authorizationServer: AuthorizationServer
  /** A token with these scopes; send it as `Authorization: Bearer …` by `fetch` to the sandbox's base path. */
  issue(scopes: readonly string[], options?: Issued): string
  /** From now on the token counts as expired: 401 `invalid_token`, and a client that can refreshes. */
  expire(token: string): void
  revoke(token: string): void
  /** Tells of every call, once it is answered: decision, matched operation, what didn't fit. The answer ends it. */
  onCall(listener: (call: LoggedCall) => void): () => void
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
  const authorizationServer = new AuthorizationServer({
    issuer: `${location.origin}${options.basePath}/-/oauth`,
    scopes: options.model.scopes.map(({ name }) => name),
    clock,
  })
  const { verify } = authorizationServer
  const sandbox = createSandbox({ verify, ...options, clock, authorizationServer })
  const handlers = sandboxHandlers(sandbox, location.origin, options.basePath)
  const worker = await workerOf(url)
  running.add(handlers)
  worker.resetHandlers(...[...running].flat())
  return {
    authorizationServer,
    issue: (scopes, issued) => authorizationServer.issue(scopes, issued),
    expire: (token) => sandbox.expire(token),
    revoke: (token) => authorizationServer.revoke(token),
    onCall: (listener) => sandbox.log.listen((_, call) => listener(call)),
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
  await letUpdatesFail()
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

/**
 * MSW looks for a newer script in the background. That the browser gives up on it, since the page leaves or the registration
 * goes, would be an exception that nobody can catch; the worker that is there serves as well.
 */
async function letUpdatesFail(): Promise<void> {
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    const update = registration.update.bind(registration)
    registration.update = () => update().catch(() => registration)
  }
}
