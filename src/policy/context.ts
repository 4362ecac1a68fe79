import type { Grant, Kind } from '../model/api.ts'

/** Everything that a policy may look at when a token is asked for. */
export interface GrantContext {
  /** Name of the API that the token is for. */
  readonly api: string
  /** At a refresh: the grant that the refresh token came from. */
  readonly grant: Grant
  readonly client: {
    readonly id: string
    readonly kind: Kind
    readonly softwareId?: string
    /** Approved by an administrator, or registered with an initial access token bound to its software id. */
    readonly verified: boolean
    /** Who may use it: someone listed, or a member of one of the groups. Absent: anyone. */
    readonly assigned?: { readonly people: readonly string[]; readonly groups: readonly string[] }
  }
  /** Absent: the app acts for itself. */
  readonly user?: {
    readonly id: string
    readonly email: string
    readonly groups: readonly string[]
    readonly profile: Readonly<Record<string, unknown>>
  }
  /** IP address of the caller. */
  readonly network?: string
  /** Scopes of this API that were asked for. Empty: the request named none. */
  readonly requested: readonly string[]
  /** Scopes that stand in for an empty request. */
  readonly defaults: readonly string[]
  /** Seconds since the epoch. */
  readonly authenticatedAt?: number
  /** Seconds since the epoch. */
  readonly now: number
}

/** The grant by which an app of this kind gets its tokens. */
export function grantOfKind(kind: string): Grant {
  if (kind === 'service') return 'client_credentials'
  return kind === 'device' ? 'device_code' : 'authorization_code'
}
