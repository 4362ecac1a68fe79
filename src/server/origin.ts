import type { IncomingMessage } from 'node:http'

/**
 * Whether a request that may change something comes from the portal's own pages. Browsers say so themselves: `Sec-Fetch-Site`
 * where they know it, `Origin` where they don't. A request that says neither is refused: no form of ours sends one.
 */
export function isOwnOrigin(request: IncomingMessage, publicUrl: string): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return request.headers.origin === publicUrl
}

export function isSafe(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** A path of this site to go to after signing in; `/` for whatever might lead elsewhere. */
export function localPath(path: string | null | undefined): string {
  if (path === null || path === undefined || !/^\/(?![/\\])[\x21-\x7E]*$/.test(path)) return '/'
  const { pathname, search, hash } = new URL(path, 'http://localhost')
  // `/a/..//b` is resolved to `//b`, which a browser takes for another host.
  return pathname.startsWith('//') ? '/' : pathname + search + hash
}
