import type { ApiModel } from '../model/api.ts'

/** What a caller holds: a scheme of the document, with the scopes that came with it. */
export interface Credential {
  readonly scheme: string
  readonly scopes: readonly string[]
}

export interface Credentials {
  readonly held: readonly Credential[]
  /** A token was presented and is no good; says why (expired, revoked, wrong audience). */
  readonly invalid?: string
}

export const ANONYMOUS: Credentials = { held: [] }

/**
 * A token of the authorization server stands for every scheme of the document that takes one, never for an API key or a
 * certificate.
 */
export function tokenCredentials(model: Pick<ApiModel, 'schemes'>, scopes: readonly string[]): Credentials {
  const held = Object.values(model.schemes)
    .filter((scheme) => scheme.token)
    .map((scheme) => ({ scheme: scheme.name, scopes }))
  return { held }
}

/** Every scope held, whichever scheme it came with: what field requirements are judged by. */
export function heldScopes(credentials: Credentials): ReadonlySet<string> {
  return new Set(credentials.held.flatMap((credential) => credential.scopes))
}
