import type { Verify } from '../../src/sandbox/caller.ts'

// Nothing of Node's: these run in a browser's page, too.

export const BASE = '/sandbox/api'
export const ORIGIN = 'http://localhost'
export const NOW = Date.UTC(2026, 10, 24, 12)

/** Takes any token `<client>~<scopes>`, such as `app~read+write`; `expired` and `foreign` it refuses. */
const verify: Verify = async (token) => {
  if (token === 'expired') return { ok: false, reason: 'it has expired' }
  if (token === 'foreign') return { ok: false, reason: 'it is for another API', check: 'audience' }
  const [clientId = '', scopes = ''] = token.split('~')
  return {
    ok: true,
    token: {
      clientId,
      scopes: scopes === '' ? [] : scopes.replaceAll('.', ':').split('+'),
      expiresAt: 9_999_999_999,
    },
  }
}

/** What is the same wherever the sandbox runs. */
export const INJECTED = {
  basePath: BASE,
  verify,
  clock: () => NOW,
  seed: 1,
  resourceMetadata: 'https://portal.example/.well-known/oauth-protected-resource/sandbox/api',
}

export interface Sent {
  readonly method?: string
  /** Sent with `.` for `:`, which tokens don't have (RFC 6750 section 2.1). */
  readonly token?: string
  /** Sent as JSON, unless it is a form or text. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function requestOf(path: string, sent: Sent = {}, origin = ORIGIN): Request {
  const { method = 'GET', token, body, headers } = sent
  const plain = body === undefined || typeof body === 'string' || body instanceof FormData
  return new Request(`${origin}${BASE}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token.replaceAll(':', '.')}` }),
      ...(plain ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: plain ? (body ?? null) : JSON.stringify(body),
  })
}
