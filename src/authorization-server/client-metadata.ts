import type { Client } from 'oidc-provider'
import type { Kind } from '../model/api.ts'
import { KINDS } from '../model/kind.ts'
import type { Assigned } from '../store/clients.ts'

/** Client metadata of ours (RFC 7591, section 2, allows more than it lists). */
export const OWN_METADATA = ['sallyport_apis', 'sallyport_kind', 'software_id', 'software_version'] as const
/** Facts about a client that it can neither set nor read. They live in columns of the store. */
export const INTERNAL_METADATA = [
  'sallyport_owner',
  'sallyport_verified',
  'sallyport_assigned',
  'sallyport_anonymous',
] as const

/** The portal itself, a client like any other but for consent. */
export const PORTAL_CLIENT = 'sallyport-portal'

export interface AppClient {
  readonly id: string
  readonly name: string
  readonly kind: Kind
  readonly apis: readonly string[]
  readonly scopes: readonly string[]
  readonly softwareId?: string
  readonly verified: boolean
  /** Whom it is limited to; absent: anyone. */
  readonly assigned?: Assigned
  /** Anyone registered it, nobody vouches for it. */
  readonly anonymous: boolean
  readonly firstParty: boolean
}

export function appClient(client: Client): AppClient {
  const kind = KINDS.find((kind) => kind === client.sallyport_kind)
  const apis: unknown = client.sallyport_apis
  const softwareId = client.software_id
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    kind: kind ?? 'web',
    apis: Array.isArray(apis) ? apis.filter((api) => typeof api === 'string') : [],
    scopes: client.scope?.split(' ') ?? [],
    ...(typeof softwareId === 'string' ? { softwareId } : {}),
    verified: client.sallyport_verified === true,
    // Of our own store, hence the type.
    ...(client.sallyport_assigned === undefined ? {} : { assigned: client.sallyport_assigned as Assigned }),
    anonymous: client.sallyport_anonymous === true,
    firstParty: client.clientId === PORTAL_CLIENT,
  }
}
