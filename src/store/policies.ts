import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import { Remembered, type StateOf } from './remembered.ts'
import type { Database } from './schema.ts'

/** The access policies of one API, in order of priority, as JSON; their meaning isn't the store's matter. */
export interface PolicyRevision {
  /** An API's name, or the name of the file that speaks of several. */
  readonly api: string
  /** Counts changes, from 1. The highest is in force. */
  readonly revision: number
  readonly policies: readonly unknown[]
  /** The publisher's file, when the API first appeared, or a change by an administrator. */
  readonly source: 'file' | 'administrator'
  /** A person's id, or what did it. */
  readonly actor?: string
  readonly message?: string
  /** Seconds since the epoch. */
  readonly createdAt: number
}

/** What replaces the policies of one API. `revision` is the next, so that of two changes at once one fails. */
export type PolicyChange = Pick<PolicyRevision, 'api' | 'revision' | 'policies' | 'actor' | 'message'>

/** Revisions of one API that are kept: the newest. What changed from one to the next is in the audit log for longer. */
export const KEPT_REVISIONS = 100

/** Someone else changed the policies in between. */
export class PolicyConflict extends Error {
  override readonly name = 'PolicyConflict'
}

export function policiesIn(db: Kysely<Database>, stateOf: StateOf) {
  const known = new Remembered<readonly number[]>(stateOf, ['policy_revisions'])
  const all = db.selectFrom('policy_revisions').selectAll()

  return {
    async get(api: string): Promise<PolicyRevision | undefined> {
      const row = await all.where('api', '=', api).orderBy('revision', 'desc').limit(1).executeTakeFirst()
      return row === undefined ? undefined : revision(row)
    },

    /** The revisions in force, by API; 0 where there is none. Cheap, to be asked each time. */
    revisions: (apis: readonly string[]): Promise<readonly number[]> =>
      known.get(apis.join(' '), async () => {
        const rows = await db
          .selectFrom('policy_revisions')
          .select(({ fn }) => ['api', fn.max('revision').as('revision')])
          .where('api', 'in', apis)
          .groupBy('api')
          .execute()
        return apis.map((api) => Number(rows.find((row) => row.api === api)?.revision ?? 0))
      }),

    async at(api: string, number: number): Promise<PolicyRevision | undefined> {
      const row = await all.where('api', '=', api).where('revision', '=', number).executeTakeFirst()
      return row === undefined ? undefined : revision(row)
    },

    /** Newest first, as far back as they are kept. */
    async history(api: string): Promise<PolicyRevision[]> {
      return (await all.where('api', '=', api).orderBy('revision', 'desc').execute()).map(revision)
    },

    /** Stores them where the API has none yet. */
    async seed(api: string, policies: readonly unknown[]): Promise<void> {
      await db
        .insertInto('policy_revisions')
        .values({ ...row({ api, revision: 1, policies }), source: 'file' })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    /**
     * All of them or none.
     *
     * @throws {PolicyConflict}
     */
    async apply(changes: readonly PolicyChange[]): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        for (const change of changes) {
          const { numInsertedOrUpdatedRows } = await transaction
            .insertInto('policy_revisions')
            .values({ ...row(change), source: 'administrator' })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst()
          if (numInsertedOrUpdatedRows !== 1n)
            throw new PolicyConflict(`The policies of ${change.api} were changed meanwhile.`)
          await transaction
            .deleteFrom('policy_revisions')
            .where('api', '=', change.api)
            .where('revision', '<=', change.revision - KEPT_REVISIONS)
            .execute()
        }
      })
    },
  }
}

function row({ api, revision, policies, actor, message }: PolicyChange) {
  return {
    api,
    revision,
    policies: JSON.stringify(policies),
    actor: actor ?? null,
    message: message ?? null,
    created_at: epoch(),
  }
}

function revision(row: Database['policy_revisions']): PolicyRevision {
  return {
    api: row.api,
    revision: row.revision,
    policies: JSON.parse(row.policies) as unknown[],
    source: row.source === 'file' ? 'file' : 'administrator',
    ...(row.actor === null ? {} : { actor: row.actor }),
    ...(row.message === null ? {} : { message: row.message }),
    createdAt: row.created_at,
  }
}
