import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'

/**
 * What a revocation is about. A token (`jti`) is revoked for good; of a grant, an app or a person, whatever was issued up to
 * that second, so that a new start is possible.
 */
export type Revoked = 'jti' | 'grant' | 'client' | 'person'

/** An access token that is already known to be ours. */
export interface IssuedToken {
  readonly jti: string
  readonly grantId?: string
  readonly clientId: string
  readonly personId?: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
}

export type Denylist = ReturnType<typeof denylistIn>

export function denylistIn(db: Kysely<Database>) {
  return {
    /** @param until When the last token that this concerns will have expired, in seconds since the epoch. */
    async add(kind: Revoked, id: string, until: number): Promise<void> {
      const row = { revoked_at: epoch(), until }
      await db
        .insertInto('denylist')
        .values({ kind, id, ...row })
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(row))
        .execute()
    },

    /** Why a token is no good any more, if it isn't. */
    async revocation({ jti, grantId, clientId, personId, issuedAt }: IssuedToken): Promise<Revoked | undefined> {
      const subjects: [Revoked, string | undefined][] = [
        ['jti', jti],
        ['grant', grantId],
        ['client', clientId],
        ['person', personId],
      ]
      const rows = await db
        .selectFrom('denylist')
        .select(['kind', 'revoked_at'])
        .where((expression) =>
          expression.or(subjects.flatMap(([kind, id]) => (id === undefined ? [] : [expression.and({ kind, id })]))),
        )
        .execute()
      const hit = rows.find(({ kind, revoked_at }) => kind === 'jti' || issuedAt <= revoked_at)
      return hit === undefined ? undefined : subjects.find(([kind]) => kind === hit.kind)?.[0]
    },
  }
}
