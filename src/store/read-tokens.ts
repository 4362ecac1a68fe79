import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'
import { digestToken, mintToken } from './token.ts'

/** Permission to download the SDKs of an app's APIs, as the app's owner may see them. */
export interface ReadToken {
  /** The digest: names the token without being it. */
  readonly id: string
  readonly clientId: string
  /** Seconds since the epoch, like `expiresAt`. */
  readonly createdAt: number
  readonly expiresAt: number
}

export function readTokensIn(db: Kysely<Database>) {
  return {
    /** Returns the token itself, which can't be had again. */
    async mint(clientId: string, expiresAt: number): Promise<string> {
      const value = mintToken()
      await db
        .insertInto('read_tokens')
        .values({
          token_digest: digestToken(value),
          client_id: clientId,
          created_at: epoch(),
          expires_at: expiresAt,
        })
        .execute()
      return value
    },

    /** The app that a token is for. */
    async clientOf(value: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('read_tokens')
        .select('client_id')
        .where('token_digest', '=', digestToken(value))
        .where('expires_at', '>', epoch())
        .executeTakeFirst()
      return row?.client_id
    },

    /** Of one app, newest first. */
    async list(clientId: string): Promise<ReadToken[]> {
      const rows = await db
        .selectFrom('read_tokens')
        .selectAll()
        .where('client_id', '=', clientId)
        .where('expires_at', '>', epoch())
        .orderBy('created_at', 'desc')
        .orderBy('token_digest')
        .execute()
      return rows.map((row) => ({
        id: row.token_digest,
        clientId: row.client_id,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }))
    },

    async revoke(clientId: string, id: string): Promise<void> {
      await db.deleteFrom('read_tokens').where('client_id', '=', clientId).where('token_digest', '=', id).execute()
    },
  }
}
