import { AuthenticationError, ConfigurationError } from '../errors.ts'
import { isLoopback, parseUrl } from '../origin.ts'
import { granted } from './auth.ts'
import { arrive, depart } from './code-flow.ts'
import type { Auth, GrantOptions } from './options.ts'
import { refresh } from './refresh-token.ts'

export interface LoopbackOptions extends GrantOptions {
  /** Shows the address to the person, or opens it in their browser. */
  readonly open: (url: string) => void
  /**
   * As it was registered: `http://127.0.0.1/callback` unless given. Without a port, any that is free is taken, which servers
   * have to allow (RFC 8252 section 7.3).
   */
  readonly redirectUri?: string | undefined
  /** Milliseconds until a person counts as gone; five minutes unless given. */
  readonly patience?: number | undefined
}

/** What is used of `node:http`. Its types would be a dependency of every program, in browsers too. */
interface Http {
  createServer(listener: (request: { readonly url?: string | undefined }, response: HttpResponse) => void): HttpServer
}
interface HttpServer {
  listen(port: number, host: string, done: () => void): void
  once(event: 'error', failed: (error: Error) => void): void
  address(): { readonly port: number } | string | null
  close(): void
}
interface HttpResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): HttpResponse
  end(text: string): void
}

/** A person signs in with their own browser (authorization code with PKCE): for command lines, in Node. */
export function loopback({ open, redirectUri, patience = 300_000, ...options }: LoopbackOptions): Auth {
  const home = parseUrl(redirectUri ?? 'http://127.0.0.1/callback', 'redirectUri')
  if (home.protocol !== 'http:' || !isLoopback(home))
    throw new ConfigurationError('The redirectUri must be http on this machine: http://127.0.0.1/callback')
  return granted(options, {
    ofPerson: true,
    refresh,
    begin: async (server, scopes) => {
      // Not a literal, so that neither compilers nor bundlers look for it.
      const name = 'node:http'
      const { createServer }: Http = await import(name)
      let answered: (url: URL) => void = () => undefined
      const answer = new Promise<URL>((resolve) => {
        answered = resolve
      })
      const listener = createServer(({ url: path = '/' }, response) => {
        const url = new URL(path, home)
        const ours = url.pathname === home.pathname && url.searchParams.has('state')
        const text = ours ? 'You can close this window, and go back to the program.' : 'Not found'
        response.writeHead(ours ? 200 : 404, { 'content-type': 'text/plain', connection: 'close' }).end(text)
        if (ours) answered(url)
      })
      let gone: ReturnType<typeof setTimeout> | undefined
      try {
        const back = new URL(home)
        back.port = String(await listen(listener, Number(home.port), home.hostname.replace(/[[\]]/g, '')))
        const { url, departure } = await depart(server, scopes, back.href)
        open(url.href)
        const nobody = new Promise<never>((_, reject) => {
          gone = setTimeout(() => reject(new AuthenticationError('Nobody signed in')), patience)
        })
        return await arrive(server, await Promise.race([answer, nobody]), departure)
      } finally {
        clearTimeout(gone)
        listener.close()
      }
    },
  })
}

function listen(listener: HttpServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, host, () => {
      const address = listener.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
