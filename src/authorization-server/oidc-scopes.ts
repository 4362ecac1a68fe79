/** Scopes that concern the person who signs in, and no API. */
export const OIDC_SCOPES = ['openid', 'offline_access', 'profile', 'email'] as const

/** These tell the app nothing about the person, so nobody needs to be asked. */
export const SILENT_OIDC_SCOPES: readonly string[] = ['openid', 'offline_access']

export function isOidcScope(scope: string): boolean {
  return (OIDC_SCOPES as readonly string[]).includes(scope)
}

export function splitScope(scope: unknown): string[] {
  return typeof scope === 'string' ? [...new Set(scope.split(' ').filter(Boolean))] : []
}
