import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** How often the sandbox of an API decided the same for the same app and operation, within an hour. */
export interface CallCount {
  /** Its first second, since the epoch. */
  readonly hour: number
  readonly api: string
  /** Empty: without a token of an app. */
  readonly clientId: string
  /** Empty: no operation was found. */
  readonly operation: string
  readonly status: number
  readonly calls: number
}

export function callsIn(db: Kysely<Database>) {
  return {
    /** On top of what is there: several instances count the same hour. */
    async add(counts: readonly CallCount[]): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        for (const { clientId, ...count } of counts)
          await transaction
            .insertInto('calls')
            .values({ client_id: clientId, ...count })
            .onConflict((conflict) =>
              conflict
                .columns(['hour', 'api', 'client_id', 'operation', 'status'])
                .doUpdateSet((expression) => ({ calls: expression('calls.calls', '+', count.calls) })),
            )
            .execute()
      })
    },

    /** Oldest first. @param since seconds since the epoch */
    async list({ api, since }: { readonly api: string; readonly since: number }): Promise<CallCount[]> {
      const rows = await db
        .selectFrom('calls')
        .selectAll()
        .where('api', '=', api)
        .where('hour', '>=', since)
        .orderBy('hour')
        .execute()
      return rows.map(({ client_id: clientId, ...count }) => ({ clientId, ...count }))
    },
  }
}
