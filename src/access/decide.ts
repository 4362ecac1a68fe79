import type { Alternative, GatedField, Operation } from '../model/api.ts'
import type { Challenge } from './challenge.ts'
import { type Credentials, heldScopes, satisfy, scopesWith } from './credentials.ts'

export type Decision = Allow | Deny

export interface Allow {
  readonly allow: true
  readonly status: 200
  /** Index of the first alternative that holds. */
  readonly alternative: number
  /** Response fields that this caller doesn't see. */
  readonly hiddenFields: readonly GatedField[]
  readonly why: string
}

export interface Deny {
  readonly allow: false
  /** 401: authenticate (again); 403: the token is good and holds too little (RFC 6750 section 3.1). */
  readonly status: 401 | 403
  readonly error?: 'invalid_token' | 'insufficient_scope'
  /** The smallest sets of further scopes, each of which alone would turn this into an allow. Empty: scopes can't help. */
  readonly missing: readonly (readonly string[])[]
  readonly challenge: Challenge
  readonly why: string
}

/** What `decide` reads of an operation. */
export type Decidable = Pick<Operation, 'requirement' | 'fields'>

/**
 * May these credentials call this operation, which response fields will they not see, and why. The only place in
 * Sallyport where this is decided; pure, total, and monotonic: more scopes never turn an allow into a deny.
 */
export function decide(operation: Decidable, credentials: Credentials): Decision {
  const { alternatives } = operation.requirement
  const index = alternatives.findIndex((alternative) => satisfy(credentials, alternative))
  if (index < 0) return deny(operation, credentials)
  const hidden = hiddenFields(operation, credentials)
  return {
    allow: true,
    status: 200,
    alternative: index,
    hiddenFields: hidden,
    why: whyAllowed(alternatives[index] ?? []),
  }
}

/** Response fields that these credentials don't open. */
function hiddenFields({ fields }: Pick<Decidable, 'fields'>, credentials: Credentials): readonly GatedField[] {
  const held = heldScopes(credentials)
  return fields.response.filter(({ scopes }) => !scopes.every((scope) => held.has(scope)))
}

/** What one alternative still lacks. */
interface Check {
  /** Schemes not held that no token can stand for, or a token where none is held. */
  readonly schemes: readonly string[]
  readonly scopes: readonly string[]
  /** Whether a token with `scopes` added would do. */
  readonly byScopes: boolean
}

export function check(alternative: Alternative, credentials: Credentials): Check {
  const schemes: string[] = []
  const scopes: string[] = []
  let byScopes = true
  for (const requirement of alternative) {
    const held = scopesWith(credentials, requirement.scheme)
    if (held === undefined) {
      schemes.push(requirement.scheme)
      byScopes &&= requirement.token
    }
    for (const scope of requirement.scopes) {
      if (held?.has(scope) === true) continue
      if (!scopes.includes(scope)) scopes.push(scope)
      byScopes &&= requirement.token
    }
  }
  return { schemes, scopes, byScopes }
}

function deny({ requirement }: Decidable, credentials: Credentials): Deny {
  const checks = requirement.alternatives.map((alternative) => check(alternative, credentials))
  const missing = smallest(checks.filter(({ byScopes }) => byScopes).map(({ scopes }) => scopes))
  const scope = missing[0] ?? []
  if (credentials.invalid !== undefined) {
    const why = `The token was refused: ${credentials.invalid}.`
    return {
      allow: false,
      status: 401,
      error: 'invalid_token',
      missing,
      challenge: { error: 'invalid_token', description: why, scope },
      why,
    }
  }
  const scopesOnly = checks.some((result) => result.schemes.length === 0)
  if (scopesOnly) {
    const why = whyInsufficient(missing)
    return {
      allow: false,
      status: 403,
      error: 'insufficient_scope',
      missing,
      challenge: { error: 'insufficient_scope', description: why, scope },
      why,
    }
  }
  const schemes = checks.reduce(
    (best, result) => (result.schemes.length < best.length ? result.schemes : best),
    checks[0]?.schemes ?? [],
  )
  const why =
    credentials.held.length === 0
      ? scope.length === 0
        ? 'Credentials are needed.'
        : `A token with ${list(scope)} is needed.`
      : `Credentials for ${list(schemes)} are needed, too.`
  // RFC 6750 section 3.1: without credentials, the challenge carries no error code.
  return { allow: false, status: 401, missing, challenge: { scope }, why }
}

/** Of several ways out, those with the fewest scopes, without repetition. None where no scope is needed at all. */
function smallest(sets: readonly (readonly string[])[]): string[][] {
  const size = Math.min(...sets.map((set) => set.length))
  if (size === 0) return []
  const distinct = new Map<string, string[]>()
  for (const set of sets) {
    if (set.length !== size) continue
    const sorted = [...set].sort()
    // No scope has a space in it (RFC 6749 section 3.3); one that has makes two sets the same at worst.
    distinct.set(sorted.join(' '), sorted)
  }
  return [...distinct.values()]
}

function whyAllowed(alternative: Alternative): string {
  if (alternative.length === 0) return 'Anyone may call this.'
  const scopes = [...new Set(alternative.flatMap((requirement) => requirement.scopes))]
  return scopes.length === 0 ? 'The credentials suffice; no scope is needed.' : `${list(scopes)} held.`
}

function whyInsufficient(missing: readonly (readonly string[])[]): string {
  if (missing.length === 0) return 'The token suffices for no alternative, and no scope would change that.'
  return `The token lacks ${missing.map(list).join(', or ')}.`
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
