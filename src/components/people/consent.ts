import type { PendingInteraction } from '../../authorization-server/interaction.ts'

type RequestedScope = PendingInteraction['scopes'][number]

export interface ConsentGroup {
  /** The API's name; absent: scopes that concern the person. */
  readonly api?: string
  readonly scopes: readonly RequestedScope[]
}

/** What an app asks for, by API, the person's own first. What says nothing to a person is left out. */
export function consentGroups(scopes: readonly RequestedScope[]): ConsentGroup[] {
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
