import type { ApiModel, Grant, Kind } from '../model/api.ts'
import type { GrantContext } from '../policy/context.ts'
import type { ClientRecord } from '../store/clients.ts'
import type { PersonRecord } from '../store/people.ts'

/** A request for a token that nobody made, to see what would come of it. */
export interface Supposed {
  readonly model: ApiModel
  readonly client: Pick<ClientRecord, 'id' | 'kind' | 'softwareId' | 'verified' | 'assigned'>
  readonly grant: Grant
  /** Who would be signed in. None: by client credentials. */
  readonly person?: PersonRecord
  readonly network?: string
  /** Of the API. Empty: the request names none, and gets the defaults among `registered`. */
  readonly scopes: readonly string[]
  /** The scopes that the app is registered for. */
  readonly registered: readonly string[]
  /** Seconds since the epoch. */
  readonly authenticatedAt?: number
  readonly now: number
}

/** As the policies would see it. */
export function grantContext(supposed: Supposed): GrantContext {
  const { model, client, grant, person, network, scopes, registered, authenticatedAt, now } = supposed
  return {
    api: model.name,
    grant,
    client: {
      id: client.id,
      kind: client.kind as Kind,
      verified: client.verified,
      ...(client.softwareId === undefined ? {} : { softwareId: client.softwareId }),
      ...(client.assigned === undefined ? {} : { assigned: client.assigned }),
    },
    ...(person === undefined ? {} : { user: person }),
    ...(network === undefined ? {} : { network }),
    requested: scopes,
    defaults:
      scopes.length > 0
        ? []
        : model.scopes.filter((scope) => scope.default && registered.includes(scope.name)).map(({ name }) => name),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
    now,
  }
}
