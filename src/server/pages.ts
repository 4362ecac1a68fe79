import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath, pathToFileURL } from 'node:url'
import sirv from 'sirv'
import type { Mounts } from './dispatch.ts'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))
const HASHED = '/_astro/'

type AstroHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: undefined,
  locals: object,
) => Promise<void>

export interface Pages {
  readonly assets: Mounts['assets']
  render(request: IncomingMessage, response: ServerResponse, locals: object): Promise<void>
}

/** The pages as `astro build` left them. */
export async function builtPages(): Promise<Pages> {
  const { handler } = (await import(pathToFileURL(`${DIST}server/entry.mjs`).href)) as { handler: AstroHandler }
  const assets = sirv(`${DIST}client`, {
    etag: true,
    gzip: true,
    setHeaders: (response, path) => {
      if (path.startsWith(HASHED)) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
      if (path !== '/mockServiceWorker.js') return
      // Try it's service worker passes on whatever isn't for the sandbox: under its own policy, not the page's.
      response.setHeader('Content-Security-Policy', "default-src 'none'; connect-src 'self'")
      response.setHeader('Cache-Control', 'no-cache')
    },
  })
  return {
    assets: (request, response, next) => assets(request, response, next),
    render: (request, response, locals) => handler(request, response, undefined, locals),
  }
}
