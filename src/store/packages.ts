import { type Kysely, sql } from 'kysely'
import { epoch } from './clock.ts'
import type { Database } from './schema.ts'

/** A published SDK. A version never changes once it is published. */
export interface PackageVersion {
  readonly name: string
  readonly version: string
  /** `sha512-…`, as npm wants it. */
  readonly integrity: string
  readonly createdAt: number
}

const DAY = 86_400
/** Versions of one package that are kept at most. */
const KEPT = 500
/** A version that nobody downloads for so long (seconds) is in no lockfile that is still used. */
const UNUSED = 400 * DAY

export function packagesIn(db: Kysely<Database>) {
  async function get(name: string, version: string): Promise<PackageVersion | undefined> {
    const row = await db
      .selectFrom('packages')
      .select(['name', 'version', 'integrity', 'created_at'])
      .where('name', '=', name)
      .where('version', '=', version)
      .executeTakeFirst()
    return row === undefined ? undefined : published(row)
  }

  /** Too many versions: what was downloaded on one day only goes first, then what wasn't downloaded for longest. */
  async function removeSurplus({ name, version }: Pick<PackageVersion, 'name' | 'version'>): Promise<void> {
    const surplus = await db
      .selectFrom('packages')
      .select('version')
      .where('name', '=', name)
      .where('version', '!=', version)
      .orderBy(sql`case when used_at >= created_at + ${DAY} then 0 else 1 end`)
      .orderBy('used_at', 'desc')
      .orderBy('version')
      .limit(KEPT)
      .offset(KEPT - 1)
      .execute()
    if (surplus.length === 0) return
    const versions = surplus.map((row) => row.version)
    await db.deleteFrom('packages').where('name', '=', name).where('version', 'in', versions).execute()
  }

  return {
    get,

    /** Where that version exists, it stays as it is and is what this returns. */
    async publish(version: Omit<PackageVersion, 'createdAt'>, tarball: Uint8Array): Promise<PackageVersion> {
      const now = epoch()
      const row = { ...version, tarball, created_at: now, used_at: now }
      await db
        .insertInto('packages')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      await removeSurplus(version)
      return (await get(version.name, version.version)) ?? published(row)
    },

    /** Oldest first. */
    async versions(name: string): Promise<PackageVersion[]> {
      const rows = await db
        .selectFrom('packages')
        .select(['name', 'version', 'integrity', 'created_at'])
        .where('name', '=', name)
        .orderBy('created_at')
        .orderBy('version')
        .execute()
      return rows.map(published)
    },

    /** For whoever downloads it: that is remembered, to the day. */
    async tarball(name: string, version: string, now = epoch()): Promise<Uint8Array | undefined> {
      const row = await db
        .selectFrom('packages')
        .select(['tarball', 'used_at'])
        .where('name', '=', name)
        .where('version', '=', version)
        .executeTakeFirst()
      if (row !== undefined && row.used_at <= now - DAY)
        await db
          .updateTable('packages')
          .set({ used_at: now })
          .where('name', '=', name)
          .where('version', '=', version)
          .execute()
      return row?.tarball
    },

    /** Bytes of its tarball. */
    async size(name: string, version: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('packages')
        .select(sql<number>`length(tarball)`.as('size'))
        .where('name', '=', name)
        .where('version', '=', version)
        .executeTakeFirst()
      return row === undefined ? undefined : Number(row.size)
    },

    /** Removes what nobody downloads any more. */
    removeUnused(now: number): Promise<{ readonly numDeletedRows: bigint }> {
      return db
        .deleteFrom('packages')
        .where('used_at', '<=', now - UNUSED)
        .executeTakeFirst()
    },
  }
}

function published(row: Omit<Database['packages'], 'tarball' | 'used_at'>): PackageVersion {
  return { name: row.name, version: row.version, integrity: row.integrity, createdAt: row.created_at }
}
