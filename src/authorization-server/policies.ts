import { isDeepStrictEqual } from 'node:util'
import type { ApiModel, Policy } from '../model/api.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import { policiesInForce, type SharedPolicy } from '../policy/sets.ts'
import type { Store } from '../store/store.ts'

type PolicyStore = Pick<Store, 'policies'>

/** Under which the store keeps the policies for sets of APIs. */
export const SHARED_POLICIES = 'policies.yaml'

interface Known {
  readonly revisions: string
  readonly policies: readonly EvaluatedPolicy[]
}

/** By store and by model: parsed, and in the same array as long as nothing changed, so that its index is kept. */
const known = new WeakMap<PolicyStore['policies'], WeakMap<ApiModel, Known>>()

/** The policies that decide for an API right now: a change, by whatever process, shows at the next call. */
export async function policiesOf(store: PolicyStore, model: ApiModel): Promise<readonly EvaluatedPolicy[]> {
  const ofStore = known.get(store.policies) ?? new WeakMap<ApiModel, Known>()
  known.set(store.policies, ofStore)
  const before = ofStore.get(model)
  const revisions = (await store.policies.revisions([SHARED_POLICIES, model.name])).join(' ')
  if (before?.revisions === revisions) return before.policies
  const [shared, own] = await Promise.all([store.policies.get(SHARED_POLICIES), store.policies.get(model.name)])
  // Written by us from parsed files only, hence the types.
  const policies = policiesInForce(
    (shared?.policies ?? []) as readonly SharedPolicy[],
    own?.policies as readonly Policy[] | undefined,
    model,
  )
  ofStore.set(model, { revisions: `${shared?.revision ?? 0} ${own?.revision ?? 0}`, policies })
  return policies
}

/**
 * Stores the policies of APIs that have none there yet, and those for sets of APIs. Returns the names of those whose file
 * says something else than the store, which rules.
 */
export async function seedPolicies(
  store: PolicyStore,
  models: Iterable<ApiModel>,
  shared: readonly SharedPolicy[] = [],
): Promise<string[]> {
  const drifted: string[] = []
  const files = [...models].map(({ name, policies }) => ({ name, policies }))
  for (const { name, policies } of [{ name: SHARED_POLICIES, policies: shared }, ...files]) {
    if (policies.length === 0) continue
    await store.policies.seed(name, policies)
    const stored = await store.policies.get(name)
    if (!isDeepStrictEqual(stored?.policies, JSON.parse(JSON.stringify(policies)))) drifted.push(name)
  }
  return drifted
}
