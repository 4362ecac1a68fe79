import { createHash } from 'node:crypto'
import type { Kind } from '../model/api.ts'
import type { AuditEntry } from '../store/audit.ts'
import type { Assigned, ClientRecord, LastCall } from '../store/clients.ts'
import { type AppKeys, keysOf } from './public-keys.ts'

/** An app as its developer sees it. */
export interface App {
  /** The client id. */
  readonly id: string
  readonly name: string
  readonly kind: Kind
  readonly apis: readonly string[]
  /** Of APIs; those that concern the person who signs in are left out. */
  readonly scopes: readonly string[]
  readonly redirectUris: readonly string[]
  /** Has a secret, which was shown once. */
  readonly confidential: boolean
  /** Signs instead (`private_key_jwt`), with these. */
  readonly keys?: AppKeys
  readonly softwareId?: string
  /** A person's id; none: an operator registered it. */
  readonly ownerId?: string
  /** A group of the directory, whose members manage it as well. */
  readonly team?: string
  /** Who may use it. None: anyone. */
  readonly assigned?: Assigned
  readonly verified: boolean
  readonly disabled: boolean
  /** Seconds since the epoch. */
  readonly createdAt: number
  /** None: it never called an API. */
  readonly lastCall?: LastCall
}

/** Someone who looks at apps. */
export interface Viewer {
  readonly id: string
  readonly groups: readonly string[]
  /** Sees everyone's apps. */
  readonly administrator: boolean
  /** Where they are, as an IP address: for the audit log. */
  readonly address?: string
}

/** Who did something and from where, as the audit log has it. */
export function by({ id, address }: Pick<Viewer, 'id' | 'address'>): Pick<AuditEntry, 'actor' | 'ip'> {
  return { actor: id, ip: address }
}

/** Scopes that OpenID Connect defines. They belong to no API, unless an API declares one of the same name. */
export const SIGN_IN_SCOPES = ['openid', 'offline_access', 'profile', 'email']

export function appOf(client: ClientRecord): App {
  const {
    scope,
    redirect_uris: redirectUris,
    client_secret: secret,
    token_endpoint_auth_method: method,
  } = client.payload
  const keys = method === 'private_key_jwt' ? keysOf(client.payload) : undefined
  return {
    id: client.id,
    name: client.name,
    kind: client.kind as Kind,
    apis: client.apis,
    scopes: typeof scope === 'string' ? scope.split(' ').filter((name) => !SIGN_IN_SCOPES.includes(name)) : [],
    redirectUris: Array.isArray(redirectUris) ? redirectUris.filter((uri) => typeof uri === 'string') : [],
    confidential: secret !== undefined,
    ...(keys === undefined ? {} : { keys }),
    ...(client.softwareId === undefined ? {} : { softwareId: client.softwareId }),
    ...(client.ownerId === undefined ? {} : { ownerId: client.ownerId }),
    ...(client.team === undefined ? {} : { team: client.team }),
    ...(client.assigned === undefined ? {} : { assigned: client.assigned }),
    verified: client.verified,
    disabled: client.disabled,
    createdAt: client.createdAt,
    ...(client.lastCall === undefined ? {} : { lastCall: client.lastCall }),
  }
}

/** Of what an administrator looks at before they vouch for an app: another, once any of it has changed. */
export function likeness({ name, ownerId, team, redirectUris, softwareId }: App): string {
  const seen = JSON.stringify([name, ownerId, team, redirectUris, softwareId])
  return createHash('sha256').update(seen).digest('base64url')
}

export function mayManage({ ownerId, team }: Pick<ClientRecord, 'ownerId' | 'team'>, viewer: Viewer): boolean {
  const own = ownerId !== undefined && ownerId === viewer.id
  return viewer.administrator || own || (team !== undefined && viewer.groups.includes(team))
}
