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
  model: Pick<ApiModel, 'name' | 'tags' | 'scopes'>,
): readonly EvaluatedPolicy[] {
  const ofSets = shared.filter(({ apis }) => speaksOf(apis, model)).map(({ apis: _, ...policy }) => policy)
  if (own === undefined && ofSets.length === 0) return [defaultPolicy(model.scopes.map((scope) => scope.name))]
  return [...ofSets, ...(own ?? [])]
}

/** @param apis of a policy for a set of APIs */
export function speaksOf(apis: readonly string[], { name, tags }: Pick<ApiModel, 'name' | 'tags'>): boolean {
  return apis.includes(name) || tags.some((tag) => apis.includes(`tag:${tag.name}`))
}
