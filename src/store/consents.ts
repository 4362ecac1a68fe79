import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'

/** What a person allowed an app to do in their name. Outlives tokens and sign-in sessions. */
export interface ConsentRecord {
  readonly personId: string
  readonly clientId: string
  /** Empty for scopes that belong to no API (`profile`, `email`). */
  readonly api: string
  readonly scopes: readonly string[]
  readonly grantedAt: number
}

export function consentsIn(db: Kysely<Database>) {
  async function list(of: { personId: string; clientId?: string }): Promise<ConsentRecord[]> {
    let query = db.selectFrom('consents').selectAll().where('person_id', '=', of.personId)
    if (of.clientId !== undefined) query = query.where('client_id', '=', of.clientId)
    const rows = await query.orderBy('granted_at', 'desc').execute()
    return rows.map((row) => ({
      personId: row.person_id,
      clientId: row.client_id,
      api: row.api,
      scopes: JSON.parse(row.scopes) as string[],
      grantedAt: row.granted_at,
    }))
  }

  return {
    list,

    /** Adds to what was allowed before. */
    async add({ personId, clientId, api, scopes }: Omit<ConsentRecord, 'grantedAt'>): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        const before = await transaction
          .selectFrom('consents')
          .select('scopes')
          .where('person_id', '=', personId)
          .where('client_id', '=', clientId)
          .where('api', '=', api)
          .executeTakeFirst()
        const known = before === undefined ? [] : (JSON.parse(before.scopes) as string[])
        const row = { scopes: JSON.stringify([...new Set([...known, ...scopes])]), granted_at: epoch() }
        await transaction
          .insertInto('consents')
          .values({ person_id: personId, client_id: clientId, api, ...row })
          .onConflict((conflict) => conflict.columns(['person_id', 'client_id', 'api']).doUpdateSet(row))
          .execute()
      })
    },

    async remove(personId: string, clientId: string): Promise<void> {
      await db.deleteFrom('consents').where('person_id', '=', personId).where('client_id', '=', clientId).execute()
    },
  }
}
