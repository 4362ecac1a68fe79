import { type Kysely, sql } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'
import { digestToken } from './token.ts'

/**
 * So many at once, and then one whenever the time gives one back: `times` in `seconds`. Whoever was stopped waits for one
 * share of the time, and not for all of it.
 */
export interface Limit {
  readonly times: number
  readonly seconds: number
}

/** Seconds that give one back. */
const share = ({ times, seconds }: Limit) => Math.ceil(seconds / times)

/**
 * Counts what may not be done too often: kept is only when everything will have been given back. In the database, so that
 * instances count together and a restart forgives nothing.
 */
export function limitsIn(db: Kysely<Database>) {
  return {
    /** Seconds until there is room for one more; 0: now. Counts nothing. */
    async wait(name: string, limit: Limit): Promise<number> {
      const now = epoch()
      const row = await db
        .selectFrom('limits')
        .select('ends_at')
        .where('name', '=', digestToken(name))
        .executeTakeFirst()
      return Math.max(0, (row?.ends_at ?? now) + share(limit) - limit.seconds - now)
    },

    /** Counts one more. False: that is too many, and isn't counted. @param name says what is limited, and for whom */
    async take(name: string, limit: Limit): Promise<boolean> {
      const now = epoch()
      const next = sql<number>`case when limits.ends_at > ${now} then limits.ends_at else ${now} end + ${share(limit)}`
      const row = await db
        .insertInto('limits')
        .values({ name: digestToken(name), ends_at: now + share(limit) })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ ends_at: next })
            .where(next, '<=', now + limit.seconds),
        )
        .returning('ends_at')
        .executeTakeFirst()
      return row !== undefined
    },

    /** One less: what was counted was none. */
    async giveBack(name: string, limit: Limit): Promise<void> {
      await db
        .updateTable('limits')
        .set((is) => ({ ends_at: is('ends_at', '-', share(limit)) }))
        .where('name', '=', digestToken(name))
        .execute()
    },

    async forget(name: string): Promise<void> {
      await db.deleteFrom('limits').where('name', '=', digestToken(name)).execute()
    },
  }
}
