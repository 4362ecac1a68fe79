import { isDeepStrictEqual } from 'node:util'
import type { ApiModel, Policy } from '../model/api.ts'
import { defaultPolicy } from '../policy/default.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import type { Store } from '../store/store.ts'

/** The policies that decide for an API: those in the store, or the one that stands in for none. */
export async function policiesOf(store: Pick<Store, 'policies'>, model: ApiModel): Promise<readonly EvaluatedPolicy[]> {
  const stored = await store.policies.get(model.name)
  // Written by us from parsed files only, hence the type.
  if (stored !== undefined) return stored.policies as readonly Policy[]
  return [defaultPolicy(model.scopes.map(({ name }) => name))]
}

/**
 * Stores the policies of APIs that have none there yet. Returns the names of those whose file says something else than
 * the store, which rules.
 */
export async function seedPolicies(store: Pick<Store, 'policies'>, models: Iterable<ApiModel>): Promise<string[]> {
  const drifted: string[] = []
  for (const { name, policies } of models) {
    if (policies.length === 0) continue
    await store.policies.seed(name, policies)
    const stored = await store.policies.get(name)
    if (!isDeepStrictEqual(stored?.policies, JSON.parse(JSON.stringify(policies)))) drifted.push(name)
  }
  return drifted
}
