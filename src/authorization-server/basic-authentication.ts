import type { KoaContextWithOIDC } from 'oidc-provider'

/** Where clients say who they are. */
const ENDPOINTS = new Set(['/token', '/token/introspection', '/token/revocation', '/request', '/device/auth'])

/**
 * Whether a client tries to authenticate by a header that no client could: without a secret, or of another scheme than Basic.
 * The library takes that for a bad request, and not for a client that couldn't be authenticated (RFC 6749, section 5.2).
 */
export function isFutileAuthentication({ headers, method, path }: KoaContextWithOIDC): boolean {
  const { authorization } = headers
  if (method !== 'POST' || !ENDPOINTS.has(path) || authorization === undefined) return false
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1]
  return encoded === undefined || !/^[^:]+:./s.test(Buffer.from(encoded, 'base64').toString('latin1'))
}

export function refuseAuthentication(ctx: KoaContextWithOIDC, issuer: string): void {
  ctx.status = 401
  ctx.set('WWW-Authenticate', `Basic realm="${issuer}", error="invalid_client"`)
  ctx.set('Cache-Control', 'no-store')
  ctx.body = {
    error: 'invalid_client',
    error_description: 'client authentication by header is Basic, with id and secret',
  }
}
