import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { StoreOptions } from '../../src/store/store.ts'

/** An empty database of whoever asks, where the tests run on PostgreSQL; undefined: they run on SQLite, in a folder. */
export async function ownDatabase(): Promise<string | undefined> {
  const server = process.env.TEST_POSTGRESQL
  if (server === undefined) return undefined
  const name = `test_${randomBytes(8).toString('hex')}`
  await query(server, `create database ${name}`)
  return Object.assign(new URL(server), { pathname: `/${name}` }).href
}

/** Every row of every table, as text. */
export async function contentsOf(databaseUrl: string): Promise<string> {
  const tables = await query(databaseUrl, TABLES)
  const rows = await Promise.all(tables.map((table) => query(databaseUrl, `select t::text as text from "${table}" t`)))
  return rows.flat().join('\n')
}

const TABLES = `select tablename as text from pg_tables where schemaname = 'public'`

/** How many rows each table has. */
export async function rowsOf({ dataDir, databaseUrl }: StoreOptions): Promise<ReadonlyMap<string, number>> {
  const count = (table: string) => `select count(*) as text from "${table}"`
  if (databaseUrl !== undefined) {
    const tables = await query(databaseUrl, TABLES)
    const counts = tables.map(async (table) => [table, Number((await query(databaseUrl, count(table)))[0])] as const)
    return new Map(await Promise.all(counts))
  }
  const database = new DatabaseSync(join(dataDir, 'sallyport.db'), { readOnly: true })
  try {
    const tables = database.prepare(`select name from sqlite_schema where type = 'table'`).all()
    return new Map(tables.map(({ name }) => [String(name), Number(database.prepare(count(String(name))).get()?.text)]))
  } finally {
    database.close()
  }
}

async function query(connectionString: string, sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<{ text: string }>(sql)).rows.map(({ text }) => text)
  } finally {
    await client.end()
  }
}
