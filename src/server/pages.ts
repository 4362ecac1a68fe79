import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sirv from 'sirv'
import type { Mounts } from './dispatch.ts'

const HASHED = '/_astro/'
/** They say nothing of scripts, styles and fonts, of which a page loads several. */
const OF_DOCUMENTS = ['X-Frame-Options', 'Cross-Origin-Opener-Policy', 'Permissions-Policy']

type AstroHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: undefined,
  locals: object,
) => Promise<void>

export interface Pages {
  /** Digest of what they were built from. Undefined: they may change at any time, as Vite's do. */
  readonly version: string | undefined
  readonly assets: Mounts['assets']
  render(request: IncomingMessage, response: ServerResponse, locals: object): Promise<void>
}

const WORKER = '/mockServiceWorker.js'

/** The pages as `astro build` left them in a folder that is named after what they were built from. */
export async function builtPages(folder: string): Promise<Pages> {
  const entry = pathToFileURL(join(folder, 'server/entry.mjs'))
  const { handler } = (await import(entry.href)) as { handler: AstroHandler }
  const client = join(folder, 'client')
  const assets = sirv(client, {
    etag: true,
    gzip: true,
    brotli: true,
    // No page is a file, and need not be looked for as one.
    extensions: [],
    setHeaders: (response, path) => {
      if (path.startsWith(HASHED)) {
        response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
        for (const name of OF_DOCUMENTS) response.removeHeader(name)
      }
      if (path === WORKER) response.setHeader('Cache-Control', 'no-cache')
    },
  })
  return {
    version: basename(folder),
    assets: (request, response, next) => {
      // Try it's service worker passes on whatever isn't for the sandbox: under its own policy, not the page's. A 304 must say
      // so, too, or the browser forgets it at the next look for a newer script.
      if (request.url?.split('?', 1)[0] === WORKER)
        response.setHeader('Content-Security-Policy', "default-src 'none'; connect-src 'self'")
      assets(request, response, next)
    },
    render: async (request, response, locals) => {
      await handler(request, response, undefined, locals)
      const html = String(response.getHeader('content-type')).startsWith('text/html')
      if (!html || response.headersSent) return
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
    },
  }
}
