import { type FileHandle, open } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
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
import { GroupCommit } from './group-commit.ts'

/**
 * Kysely on Node's built-in SQLite. One connection: whoever holds it (a query or a whole transaction) has it alone. What
 * several of them write is committed together ({@link ./group-commit.ts}).
 */
export class NodeSqliteDialect implements Dialect {
  readonly #driver: NodeSqliteDriver

  constructor(file: string) {
    this.#driver = new NodeSqliteDriver(file)
  }

  createDriver(): Driver {
    return this.#driver
  }

  /** Work whose writes don't each wait for the disk. When this resolves, all of them are there. */
  together<T>(work: () => Promise<T>): Promise<T> {
    return this.#driver.group.together(work)
  }

  /** Kysely's own way to the connection takes longer than most queries that every token needs. */
  async execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const connection = await this.#driver.acquireConnection()
    try {
      return await connection.executeQuery<R>(query)
    } finally {
      await this.#driver.releaseConnection(connection)
    }
  }

  /** A write that nobody asks about before it is committed: it is done right before that, one after the other, which is quicker. */
  async executeLast<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#driver.connection === undefined) throw new Error(CLOSED)
    this.#driver.connection.executeLast(query)
    await this.#driver.group.wrote()
    return { rows: [] }
  }

  /** Another one once any process has written to the database, or this one to these tables. */
  stateOf(tables: readonly string[]): string | undefined {
    return this.#driver.connection?.stateOf(tables)
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
  connection: NodeSqliteConnection | undefined
  /** Those who wait for whoever has the connection, in turn; undefined: nobody has it. */
  #waiting: (() => void)[] | undefined
  #log: FileHandle | undefined
  readonly group = new GroupCommit(async () => {
    const connection = await this.acquireConnection()
    try {
      await connection.commit()
    } finally {
      this.#release()
    }
    await this.#flush(connection)
  })

  constructor(file: string) {
    this.#file = file
  }

  async init(): Promise<void> {
    this.#database = new DatabaseSync(this.#file, { enableForeignKeyConstraints: true, timeout: BLOCKING_WAIT })
    this.#database.exec('pragma journal_mode = wal')
    this.#database.exec('pragma synchronous = normal')
    // 16 MB, and that is all the memory that grows with the database; the operating system keeps the file as well.
    this.#database.exec('pragma cache_size = -16384')
    this.#database.exec('pragma wal_autocheckpoint = 16000')
    // What a process that crashed has left in the log may not be on disk: nothing is to build on that.
    this.#database.exec('pragma wal_checkpoint')
    this.connection = new NodeSqliteConnection(this.#database)
  }

  async acquireConnection(): Promise<NodeSqliteConnection> {
    if (this.#waiting === undefined) this.#waiting = []
    else await new Promise<void>((resolve) => this.#waiting?.push(resolve))
    if (this.connection !== undefined) return this.connection
    this.#release()
    throw new Error(CLOSED)
  }

  /** The next one may have it. */
  #release(): void {
    const next = this.#waiting?.shift()
    if (next === undefined) this.#waiting = undefined
    else next()
  }

  /** Whoever wrote hears that it is done once it is committed. */
  async releaseConnection(connection: NodeSqliteConnection): Promise<void> {
    const wrote = connection.takeWrote()
    this.#release()
    if (wrote) await this.group.wrote()
  }

  /**
   * Waits for the disk. SQLite would itself (`synchronous = full`), and with it all that this process does; what it can't know
   * is that nobody hears of a commit before this is done.
   */
  async #flush(connection: NodeSqliteConnection): Promise<void> {
    try {
      this.#log ??= await open(`${this.#file}-wal`, 'r+')
      await this.#log.datasync()
    } catch (error) {
      connection.stop()
      throw error
    }
  }

  async beginTransaction(connection: NodeSqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('savepoint one'))
  }

  async commitTransaction(connection: NodeSqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('release one'))
  }

  async rollbackTransaction(connection: NodeSqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback to one'))
    await connection.executeQuery(CompiledQuery.raw('release one'))
  }

  async destroy(): Promise<void> {
    await this.group.settle()
    await this.acquireConnection()
    this.connection = undefined
    await this.#log?.close()
    this.#database?.close()
    this.#database = undefined
    this.#release()
  }
}

const CLOSED = 'The database is closed.'
const PREPARED = 200
/** As Kysely writes it. */
const WRITTEN = /^(?:insert into|update|delete from) "(\w+)"/
/**
 * Milliseconds to wait for another process (the command line, say) that is writing. SQLite itself waits by blocking the
 * whole process, hence only for an instant; beyond that we wait and try again.
 */
const BLOCKING_WAIT = 20
const WAIT = 5000
const SQLITE_BUSY = 5

/** A full disk, for one, makes SQLite end the transaction by itself. */
const LOST = 'SQLite rolled back what was written.'
const STOPPED = 'The disk failed while the database was written to. Nothing more is written before a restart.'

interface Prepared {
  readonly statement: StatementSync
  readonly yieldsRows: boolean
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()
  readonly #dataVersion: StatementSync
  /** What other connections have committed, and the turn of the event loop in which that was looked up. */
  #others: { readonly turn: number; readonly version: unknown } | undefined
  /** What is still to be written before the next commit. */
  #last: { readonly sql: string; readonly values: readonly SQLInputValue[] }[] = []
  #wrote = false
  #begun = false
  #stopped = false
  /** How often each table was written to. */
  readonly #writes = new Map<string, number>()
  /** Commits that failed, and with them what others may have read already. */
  #lost = 0
  /** What they had committed when the transaction began. */
  #othersBefore: unknown

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#dataVersion = database.prepare('pragma data_version')
  }

  stateOf(tables: readonly string[]): string {
    return `${this.#otherCommits()} ${this.#lost} ${tables.map((table) => this.#writes.get(table) ?? 0).join(' ')}`
  }

  /** Changes with what other connections commit, which they can't while this one has the write lock. */
  #otherCommits(): unknown {
    if (this.#database.isTransaction) {
      this.#othersBefore ??= this.#dataVersion.get()?.data_version
      return this.#othersBefore
    }
    // Whatever is read from a connection in this turn had arrived before the first look in it.
    const turn = performance.nodeTiming.uvMetricsInfo.loopCount
    if (this.#others === undefined || this.#others.turn !== turn)
      this.#others = { turn, version: this.#dataVersion.get()?.data_version }
    return this.#others.version
  }

  executeLast({ sql, parameters }: CompiledQuery): void {
    this.#last.push({ sql, values: parameters.map(inputValue) })
  }

  /** Whether it may have written since it was last asked. */
  takeWrote(): boolean {
    const wrote = this.#wrote
    this.#wrote = false
    return wrote
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = parameters.map(inputValue)
    if (sql.startsWith('select')) return await this.#whenFree(() => this.#run<R>(sql, values))
    // Taking the write lock at once avoids the deadlock of two readers that both want to write.
    if (!this.#database.isTransaction) await this.#begin()
    this.#wrote = true
    const table = WRITTEN.exec(sql)?.[1]
    if (table !== undefined) this.#writes.set(table, (this.#writes.get(table) ?? 0) + 1)
    return this.#run<R>(sql, values)
  }

  /** For good: once the disk has failed, what it has of the log nobody can say, so nothing may follow that. */
  stop(): void {
    this.#stopped = true
  }

  async #begin(): Promise<void> {
    if (this.#stopped) throw new Error(STOPPED)
    if (this.#begun) throw new Error(LOST)
    await this.#whenFree(() => this.#database.exec('begin immediate'))
    this.#begun = true
    this.#othersBefore = undefined
  }

  /** Ends the transaction that all have written in; if that fails, nothing of it remains. */
  async commit(): Promise<void> {
    const last = this.#last.splice(0)
    if (!this.#begun && last.length === 0) return
    try {
      if (!this.#begun) await this.#begin()
      if (this.#stopped) throw new Error(STOPPED)
      if (!this.#database.isTransaction) throw new Error(LOST)
      for (const { sql, values } of last) this.#run(sql, values)
      await this.#whenFree(() => this.#database.exec('commit'))
    } catch (error) {
      this.#lost++
      if (this.#database.isTransaction) this.#database.exec('rollback')
      throw error
    } finally {
      this.#begun = false
    }
  }

  async #whenFree<T>(run: () => T): Promise<T> {
    for (const end = performance.now() + WAIT; ; await sleep(BLOCKING_WAIT)) {
      try {
        return run()
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error
      }
    }
  }

  #run<R>(sql: string, values: readonly SQLInputValue[]): QueryResult<R> {
    const { statement, yieldsRows } = this.#prepare(sql)
    if (yieldsRows) return { rows: statement.all(...values) as R[] }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async *streamQuery<R>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for (const row of this.#prepare(sql).statement.iterate(...parameters.map(inputValue))) yield { rows: [row as R] }
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    const prepared = { statement, yieldsRows: statement.columns().length > 0 }
    // Queries are few and fixed; a full cache means schema statements or lists of varying length, and may start over.
    if (this.#prepared.size >= PREPARED) this.#prepared.clear()
    this.#prepared.set(sql, prepared)
    return prepared
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
