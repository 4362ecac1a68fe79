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
