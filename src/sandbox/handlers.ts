import { type HttpHandler, http } from 'msw/http'
import type { Sandbox } from './engine.ts'

/**
 * The sandbox as handlers of MSW: one that takes every call, since MSW tries handlers one by one, and one for where
 * RFC 8414 puts the metadata of its authorization server.
 *
 * @param origin what the sandbox is asked at: `https://api.example.com`
 */
export function sandboxHandlers(sandbox: Sandbox, origin: string, basePath: string): HttpHandler[] {
  const metadata = `${origin}/.well-known/oauth-authorization-server${basePath}/-/oauth`
  return [metadata, `${origin}${basePath}/*`].map((pattern) =>
    http.all(pattern, ({ request }) => sandbox.fetch(request)),
  )
}
