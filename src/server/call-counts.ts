import type { CallCount } from '../store/calls.ts'
import type { Store } from '../store/store.ts'

/** Milliseconds that counts are kept in memory: a fault loses no more. */
const DELAY = 5_000
const HOUR = 3_600

/** Counts the sandbox's decisions by hour, written behind and together. */
export class CallCounts {
  readonly #calls: Store['calls']
  readonly #failed: (error: unknown) => void
  #waiting = new Map<string, CallCount>()
  #timer: NodeJS.Timeout | undefined

  constructor(calls: Store['calls'], failed: (error: unknown) => void) {
    this.#calls = calls
    this.#failed = failed
  }

  /** @param at milliseconds since the epoch */
  record({ at, ...call }: Omit<CallCount, 'hour' | 'calls'> & { readonly at: number }): void {
    const hour = Math.floor(at / 1000 / HOUR) * HOUR
    const key = JSON.stringify([hour, call.api, call.clientId, call.operation, call.status])
    this.#waiting.set(key, { hour, ...call, calls: (this.#waiting.get(key)?.calls ?? 0) + 1 })
    this.#timer ??= setTimeout(() => {
      this.flush().catch(this.#failed)
    }, DELAY)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const counts = [...this.#waiting.values()]
    this.#waiting = new Map()
    if (counts.length > 0) await this.#calls.add(counts)
  }
}
