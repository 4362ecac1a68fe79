import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'

/** The access policies of one API, in order of priority, as JSON; their meaning isn't the store's matter. */
export interface PolicySet {
  readonly policies: readonly unknown[]
  /** Where they came from: the publisher's `access.yaml`, or an administrator. */
  readonly source: 'file' | 'administrator'
  /** Counts changes, from 1. */
  readonly revision: number
  readonly updatedAt: number
}

export function policiesIn(db: Kysely<Database>) {
  return {
    async get(api: string): Promise<PolicySet | undefined> {
      const row = await db.selectFrom('policies').selectAll().where('api', '=', api).executeTakeFirst()
      if (row === undefined) return undefined
      return {
        policies: JSON.parse(row.policies) as unknown[],
        source: row.source === 'file' ? 'file' : 'administrator',
        revision: row.revision,
        updatedAt: row.updated_at,
      }
    },

    /** Stores them where the API has none yet. */
    async seed(api: string, policies: readonly unknown[]): Promise<void> {
      await db
        .insertInto('policies')
        .values({ api, policies: JSON.stringify(policies), source: 'file', revision: 1, updated_at: epoch() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    async put(api: string, policies: readonly unknown[], source: PolicySet['source']): Promise<void> {
      const row = { policies: JSON.stringify(policies), source, updated_at: epoch() }
      await db
        .insertInto('policies')
        .values({ api, ...row, revision: 1 })
        .onConflict((conflict) =>
          conflict.column('api').doUpdateSet((expression) => ({
            ...row,
            revision: expression('policies.revision', '+', 1),
          })),
        )
        .execute()
    },
  }
}
