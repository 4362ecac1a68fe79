import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** Single values that all instances share: signing keys, cookie keys. JSON. */
export function settingsIn(db: Kysely<Database>) {
  async function read(name: string): Promise<unknown> {
    const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
    return row === undefined ? undefined : (JSON.parse(row.value) as unknown)
  }

  return {
    read,

    async write(name: string, value: unknown): Promise<void> {
      const text = JSON.stringify(value)
      await db
        .insertInto('settings')
        .values({ name, value: text })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
        .execute()
    },

    /** Reads, changes and writes as one: of instances that do so at once, each sees what the other wrote. */
    async change(name: string, change: (value: unknown) => unknown): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('settings')
          .set((expression) => ({ value: expression.ref('value') }))
          .where('name', '=', name)
          .returning('value')
          .executeTakeFirst()
        if (row === undefined) return
        const value = JSON.stringify(change(JSON.parse(row.value)))
        await transaction.updateTable('settings').set({ value }).where('name', '=', name).execute()
      })
    },

    /** The value, made if there is none. Of instances that start together one wins, and all read the same. */
    async establish(name: string, make: () => unknown): Promise<unknown> {
      const known = await read(name)
      if (known !== undefined) return known
      await db
        .insertInto('settings')
        .values({ name, value: JSON.stringify(await make()) })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return read(name)
    },
  }
}
