import { AuthenticationError } from '../errors.ts'
import { granted } from './auth.ts'
import { arrive, depart } from './code-flow.ts'
import type { Auth, GrantOptions } from './options.ts'
import { refresh } from './refresh-token.ts'

export interface LoopbackOptions extends GrantOptions {
  /** Shows the address to the person, or opens it in their browser. */
  readonly open: (url: string) => void
  /** Of the redirect URI `http://127.0.0.1:<port>/callback`; any that is free unless given (RFC 8252 section 7.3). */
  readonly port?: number | undefined
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
export function loopback({ open, port = 0, patience = 300_000, ...options }: LoopbackOptions): Auth {
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
        const url = new URL(path, 'http://127.0.0.1')
        const ours = url.pathname === '/callback' && url.searchParams.has('state')
        const text = ours ? 'You can close this window, and go back to the program.' : 'Not found'
        response.writeHead(ours ? 200 : 404, { 'content-type': 'text/plain', connection: 'close' }).end(text)
        if (ours) answered(url)
      })
      let gone: ReturnType<typeof setTimeout> | undefined
      try {
        const redirectUri = `http://127.0.0.1:${await listen(listener, port)}/callback`
        const { url, departure } = await depart(server, scopes, redirectUri)
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

function listen(listener: HttpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, '127.0.0.1', () => {
      const address = listener.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
