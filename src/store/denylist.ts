import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'

/**
 * What a revocation is about. A token (`jti`) is revoked for good; of a grant, an app or a person, whatever was issued up to
 * that second, so that a new start is possible.
 */
export type Revoked = 'jti' | 'grant' | 'client' | 'person'

/** In whose name, and on what, a token is issued. */
export interface TokenSubjects {
  readonly grantId?: string
  readonly clientId: string
  readonly personId?: string
}

/** An access token that is already known to be ours. */
export interface IssuedToken extends TokenSubjects {
  readonly jti: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
}

export type Denylist = ReturnType<typeof denylistIn>

/** Milliseconds. From the first on, what others revoked is read in the background; from the second on, before anything else. */
const OLD = 1_000
const TOO_OLD = 2_000
/** Seconds by which the clocks of two instances may differ. */
const SKEW = 60

/**
 * Asked at every call of every sandbox, so it is kept in memory: what is revoked here counts at once, what another instance
 * revokes counts within two seconds.
 */
export function denylistIn(db: Kysely<Database>) {
  const known = new Map<string, { readonly revokedAt: number; readonly until: number }>()
  let readAt = Number.NEGATIVE_INFINITY
  let newest = 0
  let reading: Promise<void> | undefined

  const learn = (kind: string, id: string, revokedAt: number, until: number): void => {
    const before = known.get(`${kind} ${id}`)
    if (before === undefined || before.revokedAt <= revokedAt) known.set(`${kind} ${id}`, { revokedAt, until })
  }

  async function read(): Promise<void> {
    const started = performance.now()
    const rows = await db
      .selectFrom('denylist')
      .select(['kind', 'id', 'revoked_at', 'until'])
      .where('revoked_at', '>=', newest - SKEW)
      .execute()
    for (const { kind, id, revoked_at, until } of rows) {
      learn(kind, id, revoked_at, until)
      newest = Math.max(newest, revoked_at)
    }
    const now = epoch()
    for (const [key, { until }] of known) if (until < now) known.delete(key)
    readAt = started
  }

  /** Fails closed: a copy that can't be renewed is soon too old to be asked. */
  function renew(): Promise<void> | undefined {
    const age = performance.now() - readAt
    if (age < OLD) return undefined
    reading ??= read().finally(() => {
      reading = undefined
    })
    if (age >= TOO_OLD) return reading
    reading.catch(() => undefined)
    return undefined
  }

  return {
    /** @param until When the last token that this concerns will have expired, in seconds since the epoch. */
    async add(kind: Revoked, id: string, until: number): Promise<void> {
      const row = { revoked_at: epoch(), until }
      await db
        .insertInto('denylist')
        .values({ kind, id, ...row })
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(row))
        .execute()
      learn(kind, id, row.revoked_at, until)
    },

    /** Why a token is no good any more, if it isn't. */
    async revocation({ jti, grantId, clientId, personId, issuedAt }: IssuedToken): Promise<Revoked | undefined> {
      await renew()
      if (known.has(`jti ${jti}`)) return 'jti'
      const since = (kind: Revoked, id: string | undefined): boolean =>
        id !== undefined && issuedAt <= (known.get(`${kind} ${id}`)?.revokedAt ?? Number.NEGATIVE_INFINITY)
      if (since('grant', grantId)) return 'grant'
      if (since('client', clientId)) return 'client'
      return since('person', personId) ? 'person' : undefined
    },

    /** Waits, for a second at most, until a token that is issued now isn't taken for one of before a revocation. */
    async pass({ grantId, clientId, personId }: TokenSubjects): Promise<void> {
      await renew()
      const times = [`grant ${grantId}`, `client ${clientId}`, `person ${personId}`].map(
        (key) => known.get(key)?.revokedAt ?? 0,
      )
      if (Math.max(...times) >= epoch()) await sleep(1000 - (Date.now() % 1000))
    },
  }
}
