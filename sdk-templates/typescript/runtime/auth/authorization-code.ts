import { granted } from './auth.ts'
import type { TokenResponse } from './authorization-server.ts'
import { arrive, type Departure, depart } from './code-flow.ts'
import type { Auth, GrantOptions } from './options.ts'
import { refresh } from './refresh-token.ts'

export interface AuthorizationCodeOptions extends GrantOptions {
  /** Where the person comes back to: an address of this page, as it was registered. */
  readonly redirectUri: string
}

const DEPARTURE = 'signing in '

/**
 * A person signs in (authorization code with PKCE), for a page in a browser: the first call that needs a token, or
 * `signIn(client)`, takes them to the authorization server, and the page that they come back to changes the code for
 * tokens. Call `signIn(client)` there as the page loads.
 */
export function authorizationCode({ redirectUri, ...options }: AuthorizationCodeOptions): Auth {
  return granted(options, {
    ofPerson: true,
    refresh,
    begin: async (server, scopes) => {
      const returned = await finish(server, redirectUri)
      if (returned !== undefined) return returned
      const { url, departure } = await depart(server, scopes, redirectUri)
      sessionStorage.setItem(DEPARTURE + server.key, JSON.stringify(departure))
      location.assign(url)
      // The page is left: whoever waits for a token waits no more.
      return new Promise<never>(() => undefined)
    },
  })
}

/** If this page is where the person came back to. The code leaves the address, and works once. */
async function finish(server: Parameters<typeof arrive>[0], redirectUri: string): Promise<TokenResponse | undefined> {
  const url = new URL(location.href)
  const expected = new URL(redirectUri)
  const saved = sessionStorage.getItem(DEPARTURE + server.key)
  if (saved === null || !url.searchParams.has('state')) return undefined
  if (url.origin !== expected.origin || url.pathname !== expected.pathname) return undefined
  sessionStorage.removeItem(DEPARTURE + server.key)
  const clean = new URL(url)
  for (const name of ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'session_state'])
    clean.searchParams.delete(name)
  history.replaceState(history.state, '', clean)
  return arrive(server, url, JSON.parse(saved) as Departure)
}
