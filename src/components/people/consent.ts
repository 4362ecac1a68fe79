import type { PendingInteraction } from '../../authorization-server/interaction.ts'

type RequestedScope = PendingInteraction['scopes'][number]

export interface ConsentGroup {
  /** The API's name; absent: scopes that concern the person. */
  readonly api?: string
  readonly scopes: readonly RequestedScope[]
}

export interface ConsentQuestion {
  readonly groups: readonly ConsentGroup[]
  /** What was allowed already, where an app asks for more. */
  readonly before: readonly ConsentGroup[]
}

/** What an app asks for. Where it was allowed something before, what is new stands apart. */
export function consentQuestion(scopes: readonly RequestedScope[]): ConsentQuestion {
  const more = byApi(scopes.filter(({ agreed }) => !agreed))
  const before = byApi(scopes.filter(({ agreed }) => agreed))
  return more.length === 0 || before.length === 0 ? { groups: byApi(scopes), before: [] } : { groups: more, before }
}

/** By API, the person's own first. What says nothing to a person is left out. */
function byApi(scopes: readonly RequestedScope[]): ConsentGroup[] {
  const worded = scopes.filter(
    ({ api, title, consent }) => api !== undefined || title !== undefined || consent !== 'implicit',
  )
  const groups = Map.groupBy(worded, ({ api }) => api)
  const own = groups.get(undefined) ?? []
  const ofApis = [...groups].flatMap(([api, scopes]) => (api === undefined ? [] : [{ api, scopes }]))
  return [...(own.length > 0 ? [{ scopes: own }] : []), ...ofApis]
}

/** All that is allowed by saying yes: what isn't optional, and of the rest what stayed ticked. */
export function allowedScopes(scopes: readonly RequestedScope[], ticked: readonly string[]): string[] {
  return scopes.filter(({ name, consent }) => consent !== 'optional' || ticked.includes(name)).map(({ name }) => name)
}
