/** Names the state that tables are in; undefined where the database can't tell it for less than a row costs. */
export type StateOf = (tables: readonly string[]) => string | undefined

const MOST = 2000

/** Rows that are read at every token and seldom change, kept for as long as nobody writes to their tables. */
export class Remembered<Row> {
  readonly #stateOf: StateOf
  readonly #tables: readonly string[]
  readonly #rows = new Map<string, Row>()
  #state: string | undefined

  /** @param tables all that the rows are made of */
  constructor(stateOf: StateOf, tables: readonly string[]) {
    this.#stateOf = stateOf
    this.#tables = tables
  }

  async get(key: string, read: () => Promise<Row>): Promise<Row> {
    const state = this.#stateOf(this.#tables)
    if (state === undefined) return read()
    if (state !== this.#state) this.#rows.clear()
    this.#state = state
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const row = await read()
    // It may have changed while it was on its way.
    if (state !== this.#state || state !== this.#stateOf(this.#tables)) return row
    if (this.#rows.size >= MOST) this.#rows.clear()
    this.#rows.set(key, row)
    return row
  }
}
