import type { LastCall } from '../store/clients.ts'
import type { Store } from '../store/store.ts'

/** Milliseconds that a call may wait to be written: an app's page shows it "at once", the sandbox doesn't wait for a disk. */
const DELAY = 200

/** Remembers the last call of each app to a sandbox, written behind and together. */
export class LastCalls {
  readonly #clients: Store['clients']
  readonly #failed: (error: unknown) => void
  readonly #waiting = new Map<string, LastCall>()
  #timer: NodeJS.Timeout | undefined

  constructor(clients: Store['clients'], failed: (error: unknown) => void) {
    this.#clients = clients
    this.#failed = failed
  }

  record(clientId: string, call: LastCall): void {
    this.#waiting.set(clientId, call)
    this.#timer ??= setTimeout(() => {
      this.flush().catch(this.#failed)
    }, DELAY)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const calls = [...this.#waiting]
    this.#waiting.clear()
    for (const [id, call] of calls) await this.#clients.recordCall(id, call)
  }
}
