import type { Answer, Call } from './call.ts'

/** What a request with an idempotency key was answered (draft-ietf-httpapi-idempotency-key-header). */
export interface Remembered {
  readonly fingerprint: string
  readonly answer: Answer
}

/** The key under which a request that changes something may be sent again; other methods need none. */
export function idempotencyKey({ method, header }: Call): string | undefined {
  const key = method === 'POST' || method === 'PATCH' ? header('idempotency-key') : undefined
  return key === undefined || key === '' ? undefined : key.slice(0, 256)
}

/** What tells one request from another. With less scopes it is another: the answer would show too much. */
export async function fingerprint(call: Call, scopes: ReadonlySet<string>, body: unknown): Promise<string> {
  const text = JSON.stringify([call.method, call.path, call.query, [...scopes].sort(), body])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
