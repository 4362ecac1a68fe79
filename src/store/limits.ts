import { type Kysely, sql } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'
import { digestToken } from './token.ts'

/** So many in a window of so many seconds. */
export interface Limit {
  readonly times: number
  readonly seconds: number
}

/** Counts what may not be done too often. In the database, so that instances count together and a restart forgives nothing. */
export function limitsIn(db: Kysely<Database>) {
  async function count(name: string): Promise<number> {
    const row = await db
      .selectFrom('limits')
      .select('count')
      .where('name', '=', digestToken(name))
      .where('ends_at', '>', epoch())
      .executeTakeFirst()
    return row?.count ?? 0
  }

  return {
    /** Whether there is room for one more, without counting it. */
    allows: async (name: string, { times }: Limit): Promise<boolean> => (await count(name)) < times,

    /** Counts one more. False: that is too many. @param name says what is limited, and for whom */
    async take(name: string, { times, seconds }: Limit): Promise<boolean> {
      const now = epoch()
      const row = await db
        .insertInto('limits')
        .values({ name: digestToken(name), count: 1, ends_at: now + seconds })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet({
            count: sql<number>`case when limits.ends_at <= ${now} then 1 else limits.count + 1 end`,
            ends_at: sql<number>`case when limits.ends_at <= ${now} then excluded.ends_at else limits.ends_at end`,
          }),
        )
        .returning('count')
        .executeTakeFirstOrThrow()
      return row.count <= times
    },

    /** One less: what was counted was none. */
    async giveBack(name: string): Promise<void> {
      await db
        .updateTable('limits')
        .set((is) => ({ count: is('count', '-', 1) }))
        .where('name', '=', digestToken(name))
        .where('count', '>', 0)
        .execute()
    },

    async forget(name: string): Promise<void> {
      await db.deleteFrom('limits').where('name', '=', digestToken(name)).execute()
    },
  }
}
