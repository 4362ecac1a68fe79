import type { Kysely } from 'kysely'
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

  return {
    get,

    /** Where that version exists, it stays as it is and is what this returns. */
    async publish(version: Omit<PackageVersion, 'createdAt'>, tarball: Uint8Array): Promise<PackageVersion> {
      const row = { ...version, tarball, created_at: epoch() }
      await db
        .insertInto('packages')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
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

    async tarball(name: string, version: string): Promise<Uint8Array | undefined> {
      const row = await db
        .selectFrom('packages')
        .select('tarball')
        .where('name', '=', name)
        .where('version', '=', version)
        .executeTakeFirst()
      return row?.tarball
    },
  }
}

function published(row: Omit<Database['packages'], 'tarball'>): PackageVersion {
  return { name: row.name, version: row.version, integrity: row.integrity, createdAt: row.created_at }
}
