import type { Alternative, Requirement, SchemeRequirement, SecurityScheme } from './api.ts'
import { isObject, type Json } from './document.ts'

/** Where scopes are meant as "any of", an alternative multiplies; past this many it is kept whole, which asks for more. */
const MOST_ALTERNATIVES = 256

type Schemes = Readonly<Record<string, SecurityScheme>>

/**
 * An operation's `security` in disjunctive normal form.
 *
 * OpenAPI: an array is a disjunction, the members of an object and the scopes in it are conjunctions; the operation's
 * own overrides the root's; an empty object is anonymous. Ours: `x-scope-match: any` makes the scopes in one array a
 * disjunction; `x-scopes-from` names an extension of the operation that lists scopes. What is written in a way that
 * OpenAPI doesn't know is read as asking for something, never as asking for nothing.
 */
export function requirement(root: Json, operation: Json, schemes: Schemes): Requirement {
  const match = operation['x-scope-match'] ?? root['x-scope-match']
  const extension = vendorScopes(root['x-scopes-from'], operation)
  const security =
    alternativesOf(operation.security) ?? alternativesOf(root.security) ?? byExtension(extension, schemes)
  if (security === undefined) return { stated: false, alternatives: [[]] }
  const alternatives = security
    .map((alternative) => read(alternative, schemes))
    .flatMap((alternative) => withExtension(alternative, extension))
    .flatMap((alternative) => (match === 'any' ? anyOf(alternative) : [alternative]))
  return { stated: true, alternatives: alternatives.length === 0 ? [[]] : unique(alternatives) }
}

/** `security` as OpenAPI has it, a list of objects; one object alone, and a scheme's bare name, mean what they seem to. */
function alternativesOf(security: unknown): Json[] | undefined {
  if (isObject(security)) return [security]
  if (!Array.isArray(security)) return undefined
  return security.map((alternative: unknown) => (isObject(alternative) ? alternative : { [String(alternative)]: [] }))
}

function read(alternative: Json, schemes: Schemes): Alternative {
  return Object.entries(alternative).map(
    ([scheme, scopes]): SchemeRequirement => ({
      scheme,
      token: takesToken(scheme, schemes),
      scopes: scopeNames(scopes),
    }),
  )
}

function takesToken(scheme: string, schemes: Schemes): boolean {
  return Object.hasOwn(schemes, scheme) && schemes[scheme]?.token === true
}

/** A list of names; also names in one string as OAuth writes them, and, as in a flow, names with descriptions. */
export function scopeNames(value: unknown): string[] {
  const names: unknown[] =
    typeof value === 'string'
      ? value.split(/\s+/)
      : Array.isArray(value)
        ? value
        : isObject(value)
          ? Object.keys(value)
          : value === undefined || value === null
            ? []
            : [value]
  return [...new Set(names.map(String).filter((name) => name !== ''))]
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

/** Scopes in a vendor's extension. */
interface VendorScopes {
  /** A list of strings: all are needed, besides those in `security`. */
  readonly added: readonly string[]
  /** A list of objects with `scopes`, and maybe `scheme`: any one of them is needed, instead of those in `security`. */
  readonly instead: readonly { readonly scheme: string | undefined; readonly scopes: readonly string[] }[]
}

function vendorScopes(extension: unknown, operation: Json): VendorScopes {
  const value = typeof extension === 'string' ? operation[extension] : undefined
  const items: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return {
    added: scopeNames(items.filter((item) => !isObject(item)).flatMap(scopeNames)),
    instead: items
      .filter(isObject)
      .filter((item) => item.scopes !== undefined)
      .map(({ scheme, scopes }) => ({
        scheme: typeof scheme === 'string' ? scheme : undefined,
        scopes: scopeNames(scopes),
      })),
  }
}

/** Scopes stand in the extension and `security` nowhere: then every scheme that takes a token is a way in. */
function byExtension({ added, instead }: VendorScopes, schemes: Schemes): Json[] | undefined {
  const tokens = Object.keys(schemes).filter((scheme) => takesToken(scheme, schemes))
  if (tokens.length === 0 || added.length + instead.length === 0) return undefined
  return tokens.map((scheme) => ({ [scheme]: [] }))
}

function withExtension(alternative: Alternative, { added, instead }: VendorScopes): Alternative[] {
  const more = alternative.map((requirement) =>
    requirement.token ? { ...requirement, scopes: [...new Set([...requirement.scopes, ...added])] } : requirement,
  )
  const ways = instead.filter(({ scheme }) => more.some((one) => one.token && one.scheme === (scheme ?? one.scheme)))
  if (ways.length === 0) return [more]
  return ways.map(({ scheme, scopes }) =>
    more.map((one) =>
      one.token && one.scheme === (scheme ?? one.scheme)
        ? { ...one, scopes: [...new Set([...scopes, ...added])] }
        : one,
    ),
  )
}
