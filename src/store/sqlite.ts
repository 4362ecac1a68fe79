import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'

/** Kysely on Node's built-in SQLite. One connection: whoever holds it (a query or a whole transaction) has it alone. */
export class NodeSqliteDialect implements Dialect {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#file)
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new TransactionalSqliteAdapter()
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db)
  }
}

/** SQLite's DDL is transactional; with `begin immediate` a second process that migrates waits for the first. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class NodeSqliteDriver implements Driver {
  readonly #file: string
  #database: DatabaseSync | undefined
  #connection: NodeSqliteConnection | undefined
  /** Resolves when the one who holds the connection gives it back. */
  #free: Promise<void> = Promise.resolve()
  #release: () => void = () => {}

  constructor(file: string) {
    this.#file = file
  }

  async init(): Promise<void> {
    this.#database = new DatabaseSync(this.#file, { enableForeignKeyConstraints: true, timeout: BLOCKING_WAIT })
    this.#connection = new NodeSqliteConnection(this.#database)
    await this.#connection.executeQuery(CompiledQuery.raw('pragma journal_mode = wal'))
    await this.#connection.executeQuery(CompiledQuery.raw('pragma synchronous = full'))
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#free
    let release = () => {}
    this.#free = new Promise((resolve) => {
      release = resolve
    })
    await before
    this.#release = release
    if (this.#connection === undefined) throw new Error('The database is closed.')
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#release()
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // Taking the write lock at once avoids the deadlock of two readers that both want to write.
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async destroy(): Promise<void> {
    await this.#free
    this.#connection = undefined
    this.#database?.close()
    this.#database = undefined
  }
}

const PREPARED = 200
/**
 * Milliseconds to wait for another process (the command line, say) that is writing. SQLite itself waits by blocking the
 * whole process, hence only for an instant; beyond that we wait and try again.
 */
const BLOCKING_WAIT = 20
const WAIT = 5000
const SQLITE_BUSY = 5

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = parameters.map(inputValue)
    for (const end = performance.now() + WAIT; ; await sleep(BLOCKING_WAIT)) {
      try {
        return this.#run<R>(sql, values)
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error
      }
    }
  }

  #run<R>(sql: string, values: readonly SQLInputValue[]): QueryResult<R> {
    const statement = this.#prepare(sql)
    if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async *streamQuery<R>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for (const row of this.#prepare(sql).iterate(...parameters.map(inputValue))) yield { rows: [row as R] }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    // Queries are few and fixed; a full cache means schema statements or lists of varying length, and may start over.
    if (this.#prepared.size >= PREPARED) this.#prepared.clear()
    this.#prepared.set(sql, statement)
    return statement
  }
}

function isBusy(error: unknown): boolean {
  // The low byte; the rest says which kind of busy.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
}

function inputValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite can't store a value of type ${typeof value}.`)
}
