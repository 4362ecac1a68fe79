import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'
import { digestToken, mintToken } from './token.ts'

/** A person signed in to the portal itself. */
export interface PortalSession {
  readonly personId: string
  readonly data: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly expiresAt: number
}

export function portalSessionsIn(db: Kysely<Database>) {
  return {
    /** Returns the value of the session's cookie. */
    async start(session: Omit<PortalSession, 'createdAt'>): Promise<string> {
      const value = mintToken()
      await db
        .insertInto('portal_sessions')
        .values({
          token_digest: digestToken(value),
          person_id: session.personId,
          data: JSON.stringify(session.data),
          created_at: epoch(),
          expires_at: session.expiresAt,
        })
        .execute()
      return value
    },

    async get(value: string): Promise<PortalSession | undefined> {
      const row = await db
        .selectFrom('portal_sessions')
        .selectAll()
        .where('token_digest', '=', digestToken(value))
        .where('expires_at', '>', epoch())
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        personId: row.person_id,
        data: JSON.parse(row.data) as PortalSession['data'],
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }
    },

    async extend(value: string, expiresAt: number): Promise<void> {
      await db
        .updateTable('portal_sessions')
        .set({ expires_at: expiresAt })
        .where('token_digest', '=', digestToken(value))
        .execute()
    },

    async setData(value: string, data: PortalSession['data']): Promise<void> {
      await db
        .updateTable('portal_sessions')
        .set({ data: JSON.stringify(data) })
        .where('token_digest', '=', digestToken(value))
        .execute()
    },

    async end(value: string): Promise<void> {
      await db.deleteFrom('portal_sessions').where('token_digest', '=', digestToken(value)).execute()
    },

    async endAll(personId: string): Promise<void> {
      await db.deleteFrom('portal_sessions').where('person_id', '=', personId).execute()
    },
  }
}
