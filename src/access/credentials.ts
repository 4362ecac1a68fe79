import type { Alternative, ApiModel } from '../model/api.ts'

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
  return holding(credentials).scopes
}

/** Credentials to look things up in. */
interface Holding {
  readonly schemes: ReadonlyMap<string, ReadonlySet<string>>
  readonly scopes: ReadonlySet<string>
}

/** Credentials don't change, and are decided on for many operations: they are read once. */
const holdings = new WeakMap<Credentials, Holding>()

function holding(credentials: Credentials): Holding {
  const known = holdings.get(credentials)
  if (known !== undefined) return known
  const schemes = new Map<string, Set<string>>()
  for (const { scheme, scopes } of credentials.held) {
    const held = schemes.get(scheme)
    if (held === undefined) schemes.set(scheme, new Set(scopes))
    else for (const scope of scopes) held.add(scope)
  }
  const made = { schemes, scopes: new Set(credentials.held.flatMap(({ scopes }) => scopes)) }
  holdings.set(credentials, made)
  return made
}

/** Whether everything that an alternative asks for is held: each scheme, with its scopes. */
export function satisfy(credentials: Credentials, alternative: Alternative): boolean {
  const { schemes } = holding(credentials)
  return alternative.every(({ scheme, scopes }) => {
    const held = schemes.get(scheme)
    return held !== undefined && scopes.every((scope) => held.has(scope))
  })
}

/** The scopes held with one scheme; undefined where it isn't held. */
export function scopesWith(credentials: Credentials, scheme: string): ReadonlySet<string> | undefined {
  return holding(credentials).schemes.get(scheme)
}
