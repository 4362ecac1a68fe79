import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'
import { digestToken, mintToken } from './token.ts'

/** A token as it is listed: without itself. */
export type ListedInitialAccessToken = InitialAccessToken & { readonly id: string }

/** Permission to register apps (RFC 7591, section 3), and what those apps will be bound to. */
export interface InitialAccessToken {
  /** Who will own the apps; none: an operator made it. */
  readonly ownerId?: string
  readonly name: string
  /** The APIs that it may be used for; empty: any that the owner may see. */
  readonly apis: readonly string[]
  /** Vouches that whoever holds it is this software. */
  readonly softwareId?: string
  readonly createdAt: number
  readonly expiresAt: number
}

export function initialAccessTokensIn(db: Kysely<Database>) {
  return {
    /** Returns the token itself, which can't be had again. */
    async mint(token: Omit<InitialAccessToken, 'createdAt'>): Promise<string> {
      const value = mintToken()
      await db
        .insertInto('initial_access_tokens')
        .values({
          token_digest: digestToken(value),
          id: randomBytes(10).toString('hex'),
          owner_id: token.ownerId ?? null,
          name: token.name,
          apis: JSON.stringify(token.apis),
          software_id: token.softwareId ?? null,
          created_at: epoch(),
          expires_at: token.expiresAt,
        })
        .execute()
      return value
    },

    async get(value: string): Promise<InitialAccessToken | undefined> {
      const row = await db
        .selectFrom('initial_access_tokens')
        .selectAll()
        .where('token_digest', '=', digestToken(value))
        .where('expires_at', '>', epoch())
        .executeTakeFirst()
      return row === undefined ? undefined : token(row)
    },

    /** Of one owner, newest first. Those that have expired aren't there any more. */
    async list(ownerId: string): Promise<ListedInitialAccessToken[]> {
      const rows = await db
        .selectFrom('initial_access_tokens')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('expires_at', '>', epoch())
        .orderBy('created_at', 'desc')
        .execute()
      return rows.flatMap((row) => (row.id === null ? [] : [{ id: row.id, ...token(row) }]))
    },

    /** False: this owner has no such token. */
    async revokeOwn(id: string, ownerId: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('initial_access_tokens')
        .where('id', '=', id)
        .where('owner_id', '=', ownerId)
        .executeTakeFirst()
      return numDeletedRows === 1n
    },

    async revoke(value: string): Promise<void> {
      await db.deleteFrom('initial_access_tokens').where('token_digest', '=', digestToken(value)).execute()
    },
  }
}

function token(row: Database['initial_access_tokens']): InitialAccessToken {
  return {
    ...(row.owner_id === null ? {} : { ownerId: row.owner_id }),
    name: row.name,
    apis: JSON.parse(row.apis) as string[],
    ...(row.software_id === null ? {} : { softwareId: row.software_id }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
