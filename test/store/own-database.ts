import { randomBytes } from 'node:crypto'
import pg from 'pg'

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
  const tables = await query(databaseUrl, `select tablename as text from pg_tables where schemaname = 'public'`)
  const rows = await Promise.all(tables.map((table) => query(databaseUrl, `select t::text as text from "${table}" t`)))
  return rows.flat().join('\n')
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
