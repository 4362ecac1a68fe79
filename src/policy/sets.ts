import type { ApiModel, Policy } from '../model/api.ts'
import { defaultPolicy } from './default.ts'
import type { EvaluatedPolicy } from './evaluate.ts'

/** A policy for a set of APIs: names, and `tag:` with a tag of the document. */
export type SharedPolicy = Policy & { readonly apis: readonly string[] }

/**
 * What decides for one API: policies for sets of APIs first, then its own. Only where neither says anything, the default
 * stands in: a set that speaks of an API isn't widened by what it doesn't cover.
 *
 * @param own undefined: the API has none, which is not the same as an empty list
 */
export function policiesInForce(
  shared: readonly SharedPolicy[],
  own: readonly Policy[] | undefined,
  { name, tags, scopes }: Pick<ApiModel, 'name' | 'tags' | 'scopes'>,
): readonly EvaluatedPolicy[] {
  const selectors = new Set([name, ...tags.map((tag) => `tag:${tag.name}`)])
  const ofSets = shared
    .filter(({ apis }) => apis.some((selector) => selectors.has(selector)))
    .map(({ apis: _, ...policy }) => policy)
  if (own === undefined && ofSets.length === 0) return [defaultPolicy(scopes.map((scope) => scope.name))]
  return [...ofSets, ...(own ?? [])]
}
