import { OPERATOR, type Reader } from '../model/visibility.ts'
import type { ClientRecord } from '../store/clients.ts'
import type { Store } from '../store/store.ts'

/**
 * With whose eyes an app sees APIs: its owner's; when the owner has left, its team's, which keeps it. One of an operator's has
 * the operator's. Undefined: those of anyone, as for an app that nobody vouches for.
 */
export async function appReader(
  { ownerId, team, anonymous }: Pick<ClientRecord, 'ownerId' | 'team' | 'anonymous'>,
  { people }: Pick<Store, 'people'>,
): Promise<Reader | undefined> {
  if (ownerId === undefined) return anonymous ? undefined : OPERATOR
  const owner = await people.get(ownerId)
  if (owner?.status === 'active') return { groups: owner.groups }
  return team === undefined ? undefined : { groups: [team] }
}
