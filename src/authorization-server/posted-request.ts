import type { KoaContextWithOIDC } from 'oidc-provider'
import { setPage } from './page.ts'

/** Where people arrive with a request that may come as a form, too. */
const POSTED_TO = new Set(['/auth', '/session/end'])
/** Bytes that a request may have as an address. */
const LONGEST = 8 * 1024

export function isPostedRequest({ method, path }: KoaContextWithOIDC): boolean {
  return method === 'POST' && POSTED_TO.has(path)
}

/**
 * Asks the browser to make the same request by GET (OpenID Connect Core, section 3.1.2.1; RP-Initiated Logout, section 2).
 * With the form of another site it sends no cookies that are `SameSite=Lax`, and whoever is signed in would have to do so
 * again; with what follows it does. The library would take the form itself, if the cookies went along with any request.
 */
export async function repeatAsGet(ctx: KoaContextWithOIDC, issuer: string): Promise<void> {
  if (ctx.is('application/x-www-form-urlencoded') === false)
    return refuse(ctx, 415, 'a request that is posted is a form (application/x-www-form-urlencoded)')
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LONGEST) return refuse(ctx, 413, 'the request is too long; push it instead (RFC 9126)')
    chunks.push(chunk)
  }
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).toString()
  const query = [ctx.querystring, form].filter((part) => part !== '').join('&')
  ctx.status = 303
  ctx.set('Location', `${issuer}${ctx.path}?${query}`)
  ctx.set('Cache-Control', 'no-store')
}

function refuse(ctx: KoaContextWithOIDC, status: number, description: string): void {
  setPage(ctx, { kind: 'failure', status, error: 'invalid_request', description })
}
