import type { Kind } from '../model/api.ts'

/** Members of a client's metadata that say where it sends people. */
export const REDIRECTS = ['redirect_uris', 'post_logout_redirect_uris'] as const
type Redirecting = Readonly<Partial<Record<(typeof REDIRECTS)[number], unknown>>>

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Schemes that run code, read files or show content of the app's own making. */
const HARMFUL = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'blob:',
  'file:',
  'about:',
  'filesystem:',
  'view-source:',
])
const UNFIT = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\\<>"^`{|}*]/u

/**
 * What is wrong with a redirect URI, if anything (RFC 6749, section 3.1.2; RFC 8252, section 7; RFC 9700, section 4.1). Web
 * and single-page apps: https, or http on a loopback address. Native apps: also a loopback address with any port, or a
 * scheme in reverse domain order.
 */
export function redirectUriProblem(uri: string, kind: Kind): string | undefined {
  if (uri.length > 2000) return 'is longer than 2000 characters'
  if (UNFIT.test(uri)) return 'has a wildcard, a space or a character that no URI has'
  const url = URL.parse(uri)
  if (url === null) return 'is not an absolute URI'
  if (uri.includes('#')) return 'has a fragment'
  if (HARMFUL.has(url.protocol)) return `uses the scheme ${url.protocol.slice(0, -1)}, which is never allowed`
  if (url.username !== '' || url.password !== '' || /^[^/?]*:\/\/[^/?]*@/.test(uri))
    return 'has a user name or password'
  if (url.protocol === 'https:') {
    if (!/^https:\/\/[^/?]/i.test(uri)) return 'has no host'
    return url.hostname.startsWith('*') ? 'has a wildcard' : undefined
  }
  if (url.protocol === 'http:') {
    if (LOOPBACK.has(url.hostname) && /^http:\/\/[^/?]/i.test(uri)) return undefined
    return 'uses http, which is for loopback addresses (localhost, 127.0.0.1, [::1]) only'
  }
  if (kind !== 'native') return 'must start with https://, or with http:// on a loopback address'
  return url.protocol.includes('.')
    ? undefined
    : 'uses a scheme of its own that is not in reverse domain order (com.example.app:/callback)'
}

/** Where an app sends people that it didn't send them before: origins, this machine whatever the port, schemes of apps. */
export function newDestinations(before: Redirecting, after: Redirecting): string[] {
  const known = destinations(before)
  return [...destinations(after)].filter((destination) => !known.has(destination))
}

function destinations(metadata: Redirecting): Set<string> {
  const uris = REDIRECTS.flatMap((member): unknown => metadata[member] ?? [])
  return new Set(uris.flatMap((uri) => URL.parse(String(uri)) ?? []).map(destination))
}

function destination({ protocol, hostname, origin }: URL): string {
  if (protocol === 'https:') return origin
  return protocol === 'http:' ? `${protocol}//${hostname}` : protocol
}
