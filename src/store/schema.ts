/**
 * The tables, as Kysely sees them. Portable between SQLite and PostgreSQL: times are seconds since the epoch (`at` of the
 * audit log: milliseconds), flags are 0 or 1, structured values are JSON text, secrets are stored as digests only.
 */
export interface Database {
  readonly people: PersonRow
  readonly groups: { name: string; created_at: number }
  readonly memberships: { person_id: string; group_name: string }
  readonly payloads: PayloadRow
  readonly clients: ClientRow
  readonly initial_access_tokens: InitialAccessTokenRow
  readonly read_tokens: { token_digest: string; client_id: string; created_at: number; expires_at: number }
  readonly portal_sessions: {
    token_digest: string
    person_id: string
    data: string
    created_at: number
    expires_at: number
  }
  readonly settings: { name: string; value: string }
  readonly policy_revisions: PolicyRevisionRow
  readonly denylist: { kind: string; id: string; revoked_at: number; until: number }
  readonly consents: { person_id: string; client_id: string; api: string; scopes: string; granted_at: number }
  readonly scope_requests: ScopeRequestRow
  /** `ends_at`: when all that was counted will have been given back. */
  readonly limits: { name: string; ends_at: number }
  readonly audit: AuditRow
  readonly calls: { hour: number; api: string; client_id: string; operation: string; status: number; calls: number }
  readonly packages: {
    name: string
    version: string
    integrity: string
    tarball: Uint8Array
    created_at: number
    /** When it was last downloaded, to the day. */
    used_at: number
  }
}

interface PersonRow {
  id: string
  email: string
  name: string
  password_hash: string | null
  profile: string
  status: string
  /** `issuer subject` at the provider where they sign in. */
  external_id: string | null
  created_at: number
}

type PayloadRow = {
  model: string
  id: string
  payload: string
  grant_id: string | null
  user_code: string | null
  uid: string | null
  client_id: string | null
  person_id: string | null
  expires_at: number | null
  consumed_at: number | null
}

interface ClientRow {
  id: string
  owner_id: string | null
  name: string
  kind: string
  apis: string
  payload: string
  software_id: string | null
  verified: number
  disabled: number
  last_call: string | null
  /** Registered by someone unknown. */
  anonymous: number
  /** Of anonymous ones: when it last got a token. */
  used_at: number | null
  created_at: number
  team: string | null
  assigned: string | null
}

interface ScopeRequestRow {
  id: string
  client_id: string
  person_id: string
  api: string
  scopes: string
  reason: string
  status: string
  answer: string | null
  decided_by: string | null
  created_at: number
  decided_at: number | null
}

interface InitialAccessTokenRow {
  id: string | null
  token_digest: string
  owner_id: string | null
  name: string
  apis: string
  software_id: string | null
  created_at: number
  expires_at: number
}

interface PolicyRevisionRow {
  api: string
  revision: number
  policies: string
  source: string
  actor: string | null
  message: string | null
  created_at: number
}

type AuditRow = {
  id: string
  at: number
  actor: string | null
  action: string
  target: string | null
  detail: string
  ip: string | null
}
