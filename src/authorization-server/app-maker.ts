import type { Store } from '../store/store.ts'

/** Who is behind an app, for the one who has to trust it. */
export interface AppMaker {
  /** Whoever it belongs to. None: an operator of the portal registered it, or anyone. */
  readonly owner?: string
  /** A group of the directory that manages it as well. */
  readonly team?: string
  /** An administrator has checked it. */
  readonly verified: boolean
}

export async function makerOf({ clients, people }: Pick<Store, 'clients' | 'people'>, id: string): Promise<AppMaker> {
  const client = await clients.get(id)
  if (client === undefined) return { verified: false }
  const { ownerId, team, verified } = client
  const owner = ownerId === undefined ? undefined : await people.get(ownerId)
  return {
    ...(owner === undefined ? {} : { owner: owner.name }),
    ...(team === undefined ? {} : { team }),
    verified,
  }
}
