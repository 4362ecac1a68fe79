import type { InvalidValue } from './problem.ts'

/** One call, as its session may read of it. */
export interface LoggedCall {
  /** Counts up, in each session from 1. */
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** Below the API's base, without the query: `/employees/emp_1`. */
  readonly path: string
  /** 0: the connection was dropped, as asked. */
  readonly status: number
  /** Id of the operation; absent where none was found. */
  readonly operation?: string
  readonly clientId?: string
  readonly decision?: {
    readonly allow: boolean
    readonly why: string
    readonly missing?: readonly (readonly string[])[]
  }
  /** What of the request doesn't fit the document. */
  readonly errors?: readonly InvalidValue[]
}

/** What is learnt of a call on the way to its answer. */
export interface Facts {
  session?: string
  clientId?: string
  operation?: string
  decision?: NonNullable<LoggedCall['decision']>
  errors?: readonly InvalidValue[]
}

interface Log {
  calls: LoggedCall[]
  last: number
}

const MAX_CALLS = 50
const MAX_SESSIONS = 1_000
const MAX_ERRORS = 10
const MAX_TEXT = 200

/** The latest calls of each session; of too many sessions, the one quiet for longest goes. */
export class CallLog {
  /** In order of use. */
  readonly #logs = new Map<string, Log>()
  #latest: string | undefined
  readonly #listeners = new Set<(session: string, call: LoggedCall) => void>()

  record(session: string, call: Omit<LoggedCall, 'id'>): void {
    const log = this.#logs.get(session) ?? { calls: [], last: 0 }
    if (session !== this.#latest) {
      this.#logs.delete(session)
      this.#logs.set(session, log)
      this.#latest = session
    }
    const logged = { id: ++log.last, ...brief(call) }
    log.calls.push(logged)
    // Now and then, instead of moving all of them at every call.
    if (log.calls.length >= 2 * MAX_CALLS) log.calls = log.calls.slice(-MAX_CALLS)
    for (const listener of this.#listeners) listener(session, logged)
    const [oldest] = this.#logs.keys()
    if (this.#logs.size > MAX_SESSIONS && oldest !== undefined) this.#logs.delete(oldest)
  }

  /** @param after the `id` of the last call that is known already; one from before this log began counts for nothing */
  read(session: string, after = 0): readonly LoggedCall[] {
    const { calls, last } = this.#logs.get(session) ?? { calls: [], last: 0 }
    return calls.filter(({ id }) => after > last || id > after).slice(-MAX_CALLS)
  }

  /** Tells of every call from now on; the answer ends it. */
  listen(listener: (session: string, call: LoggedCall) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Callers choose how long these are. */
function brief(call: Omit<LoggedCall, 'id'>): Omit<LoggedCall, 'id'> {
  const { path, errors } = call
  if (errors === undefined && path.length <= MAX_TEXT) return call
  const shown = errors?.slice(0, MAX_ERRORS).map(({ in: place, pointer, detail }) => ({
    in: place,
    pointer: shortened(pointer),
    detail: shortened(detail),
  }))
  return { ...call, path: shortened(path), ...(shown === undefined ? {} : { errors: shown }) }
}

function shortened(text: string): string {
  // Joined anew: a slice would keep the whole of it in memory.
  return text.length <= MAX_TEXT ? text : [...text.slice(0, MAX_TEXT), '…'].join('')
}
