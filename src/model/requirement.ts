import type { Alternative, Requirement, SchemeRequirement, SecurityScheme } from './api.ts'
import { isObject, type Json, strings } from './document.ts'

/** Where scopes are meant as "any of", an alternative multiplies; past this many it is kept whole, which asks for more. */
const MOST_ALTERNATIVES = 256

/**
 * An operation's `security` in disjunctive normal form.
 *
 * OpenAPI: an array is a disjunction, the members of an object and the scopes in it are conjunctions; the operation's
 * own overrides the root's; an empty object is anonymous. Ours: `x-scope-match: any` makes the scopes in one array a
 * disjunction; `x-scopes-from` names an extension of the operation that lists scopes, which a token needs besides those in `security`.
 */
export function requirement(
  root: Json,
  operation: Json,
  schemes: Readonly<Record<string, SecurityScheme>>,
): Requirement {
  const security = Array.isArray(operation.security) ? operation.security : root.security
  if (!Array.isArray(security)) return { stated: false, alternatives: [[]] }
  const match = operation['x-scope-match'] ?? root['x-scope-match']
  const added = scopesFrom(root['x-scopes-from'], operation)
  const alternatives = security.filter(isObject).flatMap((alternative) => {
    const conjunction = read(alternative, schemes, added)
    return match === 'any' ? anyOf(conjunction) : [conjunction]
  })
  return { stated: true, alternatives: alternatives.length === 0 ? [[]] : unique(alternatives) }
}

function read(
  alternative: Json,
  schemes: Readonly<Record<string, SecurityScheme>>,
  added: readonly string[],
): Alternative {
  return Object.entries(alternative).map(([scheme, scopes]): SchemeRequirement => {
    const token = Object.hasOwn(schemes, scheme) && schemes[scheme]?.token === true
    return { scheme, token, scopes: [...new Set([...strings(scopes), ...(token ? added : [])])] }
  })
}

/** Each scheme gives one of its scopes: the product over the schemes of an alternative. */
function anyOf(conjunction: Alternative): Alternative[] {
  const size = conjunction.reduce((product, { scopes }) => product * Math.max(scopes.length, 1), 1)
  if (size > MOST_ALTERNATIVES) return [conjunction]
  return conjunction.reduce<Alternative[]>(
    (alternatives, requirement) =>
      alternatives.flatMap((alternative) =>
        (requirement.scopes.length === 0 ? [[]] : requirement.scopes.map((scope) => [scope])).map((scopes) => [
          ...alternative,
          { ...requirement, scopes },
        ]),
      ),
    [[]],
  )
}

function unique(alternatives: readonly Alternative[]): Alternative[] {
  return [...new Map(alternatives.map((alternative) => [JSON.stringify(alternative), alternative])).values()]
}

/** Scopes in a vendor's extension: a list of strings, or of objects with `scopes`. */
function scopesFrom(extension: unknown, operation: Json): string[] {
  if (typeof extension !== 'string') return []
  const value = operation[extension]
  if (!Array.isArray(value)) return []
  return value.flatMap((item) => (typeof item === 'string' ? [item] : isObject(item) ? strings(item.scopes) : []))
}
