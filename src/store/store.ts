import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Dialect, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { auditIn } from './audit.ts'
import { callsIn } from './calls.ts'
import { clientsIn } from './clients.ts'
import { epoch } from './clock.ts'
import { consentsIn } from './consents.ts'
import { denylistIn } from './denylist.ts'
import { initialAccessTokensIn } from './initial-access-tokens.ts'
import { limitsIn } from './limits.ts'
import { type Engine, migrate } from './migrations.ts'
import { packagesIn } from './packages.ts'
import { payloadsIn } from './payloads.ts'
import { peopleIn } from './people.ts'
import { policiesIn } from './policies.ts'
import { portalSessionsIn } from './portal-sessions.ts'
import type { Execute } from './prepared.ts'
import { readTokensIn } from './read-tokens.ts'
import type { StateOf } from './remembered.ts'
import type { Database } from './schema.ts'
import { scopeRequestsIn } from './scope-requests.ts'
import { settingsIn } from './settings.ts'
import { NodeSqliteDialect } from './sqlite.ts'

export interface StoreOptions {
  /** Where the embedded database lives, as `sallyport.db`. */
  readonly dataDir: string
  /** `postgres://…`, instead of the embedded database. */
  readonly databaseUrl?: string
}

export type Store = Awaited<ReturnType<typeof openStore>>

/** Opens the database, creating it or bringing its schema up to date. */
export async function openStore({ dataDir, databaseUrl }: StoreOptions) {
  const engine: Engine = databaseUrl === undefined ? 'sqlite' : 'postgresql'
  const { dialect, together, stateOf, ...engineered } =
    databaseUrl === undefined ? embedded(dataDir) : postgresql(databaseUrl)
  const db = new Kysely<Database>({ dialect })
  const { execute = (query) => db.executeQuery(query), executeLast = execute } = engineered
  try {
    await migrate(db, engine)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const clients = clientsIn(db, stateOf)
  return {
    engine,
    /** Work whose writes may reach the disk together, which saves waiting for each. When this resolves, all of them have. */
    together,
    people: peopleIn(db, stateOf),
    payloads: payloadsIn(db, execute),
    clients,
    initialAccessTokens: initialAccessTokensIn(db),
    readTokens: readTokensIn(db),
    portalSessions: portalSessionsIn(db),
    settings: settingsIn(db),
    policies: policiesIn(db, stateOf),
    scopeRequests: scopeRequestsIn(db),
    denylist: denylistIn(db),
    consents: consentsIn(db),
    limits: limitsIn(db),
    audit: auditIn(db, executeLast),
    calls: callsIn(db),
    packages: packagesIn(db),
    /** @param decisionDays how long decisions stay: about tokens in the audit log, of which all else stays, and the counts of sandbox calls */
    sweep: (now = epoch(), decisionDays = 30) => sweep(db, clients, now, decisionDays),
    close: () => db.destroy(),
  }
}

interface Engineered {
  readonly dialect: Dialect
  readonly together: <T>(work: () => Promise<T>) => Promise<T>
  readonly stateOf: StateOf
  /** Where there is a shorter way than Kysely's. */
  readonly execute?: Execute
  /** For writes that nobody asks about before they are committed. */
  readonly executeLast?: Execute
}

/** The file holds signing keys: its owner alone may read it, and so the `-wal` and `-shm` that SQLite puts beside it. */
function embedded(dataDir: string): Engineered {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'sallyport.db')
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const dialect = new NodeSqliteDialect(file)
  return {
    dialect,
    together: (work) => dialect.together(work),
    stateOf: (tables) => dialect.stateOf(tables),
    execute: (query) => dialect.execute(query),
    executeLast: (query) => dialect.executeLast(query),
  }
}

/** OID of int8, which `pg` hands out as text by default. Ours are times, far below 2^53. */
const INT8 = 20

function postgresql(connectionString: string): Engineered {
  const getTypeParser: typeof pg.types.getTypeParser = (oid, format) =>
    oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)
  const pool = new pg.Pool({ connectionString, max: 10, types: { getTypeParser } })
  // An idle connection that breaks (the database restarts) is replaced at the next query; that one reports a lasting fault.
  pool.on('error', () => {})
  // It writes the commits of all connections together by itself.
  return { dialect: new PostgresDialect({ pool }), together: (work) => work(), stateOf: () => undefined }
}

/** Entries of the audit log that come with every token. */
const DECISIONS = ['token.issued', 'token.refreshed', 'token.denied']

const DAY = 86_400
/** Seconds for which it is kept what happened: the audit log at most, and requests for scopes once they are decided. */
const PAST = 400 * DAY
/** An app of anyone's that got no token for so long is nobody's any more. */
const UNUSED = 30 * DAY

/** Removes what has expired; returns how many rows that was. */
async function sweep(
  db: Kysely<Database>,
  clients: ReturnType<typeof clientsIn>,
  now: number,
  decisionDays: number,
): Promise<number> {
  const unused = await db
    .selectFrom('clients')
    .select('id')
    .where('anonymous', '=', 1)
    .where((where) => where.fn.coalesce('used_at', 'created_at'), '<=', now - UNUSED)
    .limit(1000)
    .execute()
  for (const { id } of unused) await clients.remove(id)
  const results = [
    await db
      .deleteFrom('audit')
      .where('action', 'in', DECISIONS)
      .where('at', '<', (now - decisionDays * 86_400) * 1000)
      .executeTakeFirst(),
    await db
      .deleteFrom('calls')
      .where('hour', '<', now - decisionDays * 86_400)
      .executeTakeFirst(),
    await db.deleteFrom('payloads').where('expires_at', '<=', now).executeTakeFirst(),
    await db.deleteFrom('initial_access_tokens').where('expires_at', '<=', now).executeTakeFirst(),
    await db.deleteFrom('read_tokens').where('expires_at', '<=', now).executeTakeFirst(),
    await db.deleteFrom('portal_sessions').where('expires_at', '<=', now).executeTakeFirst(),
    await db.deleteFrom('denylist').where('until', '<=', now).executeTakeFirst(),
    await db.deleteFrom('limits').where('ends_at', '<=', now).executeTakeFirst(),
    await db
      .deleteFrom('scope_requests')
      .where('decided_at', '<=', now - PAST)
      .executeTakeFirst(),
    await packagesIn(db).removeUnused(now),
    await db
      .deleteFrom('audit')
      .where('at', '<=', (now - PAST) * 1000)
      .executeTakeFirst(),
  ]
  return results.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), unused.length)
}
