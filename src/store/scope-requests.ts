import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'

/** Someone asks, for an app, for more scopes of an API than it is registered for. */
export interface ScopeRequest {
  readonly id: string
  readonly clientId: string
  /** Who asked. */
  readonly personId: string
  readonly api: string
  readonly scopes: readonly string[]
  readonly reason: string
  readonly status: 'pending' | 'approved' | 'rejected'
  /** Of whoever decided. */
  readonly answer?: string
  readonly decidedBy?: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  readonly decidedAt?: number
}

export function scopeRequestsIn(db: Kysely<Database>) {
  return {
    async add(request: Pick<ScopeRequest, 'clientId' | 'personId' | 'api' | 'scopes' | 'reason'>): Promise<string> {
      const id = randomBytes(10).toString('hex')
      await db
        .insertInto('scope_requests')
        .values({
          id,
          client_id: request.clientId,
          person_id: request.personId,
          api: request.api,
          scopes: JSON.stringify(request.scopes),
          reason: request.reason,
          status: 'pending',
          answer: null,
          decided_by: null,
          created_at: epoch(),
          decided_at: null,
        })
        .execute()
      return id
    },

    async get(id: string): Promise<ScopeRequest | undefined> {
      const row = await db.selectFrom('scope_requests').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : request(row)
    },

    /** Newest first: of one app, of some APIs, or all; of what was decided, the last hundred. */
    async list(filter: { clientId?: string; apis?: readonly string[] } = {}): Promise<ScopeRequest[]> {
      if (filter.apis?.length === 0) return []
      let query = db.selectFrom('scope_requests').selectAll().orderBy('created_at', 'desc').orderBy('id')
      if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId)
      if (filter.apis !== undefined) query = query.where('api', 'in', filter.apis)
      const pending = await query.where('status', '=', 'pending').execute()
      const decided = await query.where('status', '!=', 'pending').limit(100).execute()
      return [...pending, ...decided].map(request)
    },

    /** False: someone else decided before. */
    async decide(
      id: string,
      decision: { readonly status: 'approved' | 'rejected'; readonly by: string; readonly answer?: string },
    ): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('scope_requests')
        .set({
          status: decision.status,
          answer: decision.answer ?? null,
          decided_by: decision.by,
          decided_at: epoch(),
        })
        .where('id', '=', id)
        .where('status', '=', 'pending')
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
  }
}

function request(row: Database['scope_requests']): ScopeRequest {
  return {
    id: row.id,
    clientId: row.client_id,
    personId: row.person_id,
    api: row.api,
    scopes: JSON.parse(row.scopes) as string[],
    reason: row.reason,
    status: row.status === 'approved' || row.status === 'rejected' ? row.status : 'pending',
    ...(row.answer === null ? {} : { answer: row.answer }),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    createdAt: row.created_at,
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
  }
}
