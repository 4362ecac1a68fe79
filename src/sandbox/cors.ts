import type { Answer, Call } from './call.ts'

const EXPOSED = [
  'Content-Disposition',
  'ETag',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
]

/**
 * What every answer carries. Any origin may call, since a sandbox looks at tokens and never at who is signed in. What it
 * answers comes from documents, and it shares an origin with the portal: nothing of it may run there.
 */
export const COMMON: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED.join(', '),
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

export function options(call: Call, allow: readonly string[]): Answer {
  const methods = allow.join(', ')
  const asked = call.header('access-control-request-headers') ?? ''
  const names = asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^[!#$%&'*+\-.^`|~\w]+$/.test(name))
  const headers: Record<string, string> = { allow: methods }
  if (call.header('access-control-request-method') !== undefined) {
    headers['access-control-allow-methods'] = methods
    headers['access-control-max-age'] = '600'
    if (names.length > 0) headers['access-control-allow-headers'] = names.join(', ')
  }
  return { status: 204, headers }
}
