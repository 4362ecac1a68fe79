import { AsyncLocalStorage } from 'node:async_hooks'

/** A series of writes by one request. */
interface Series {
  wrote: boolean
  ended: boolean
}

/**
 * When to commit what several requests have written. It is the disk's confirmation that takes time, so there is one at a time,
 * and whatever is written until it comes is committed as one after it. Nobody hears that it is done before it is on disk. If
 * the commit fails, it fails for all who wrote.
 */
export class GroupCommit {
  readonly #commit: () => Promise<void>
  readonly #series = new AsyncLocalStorage<Series>()
  /** The commit that those who have written wait for. */
  #due: PromiseWithResolvers<void> | undefined
  /** The one that is under way. */
  #running: Promise<void> | undefined

  /** @param commit commits what was written since the last time */
  constructor(commit: () => Promise<void>) {
    this.#commit = commit
  }

  /** Work whose writes don't each wait for a commit. What this returns does, for all of them. */
  async together<T>(work: () => Promise<T>): Promise<T> {
    const series: Series = { wrote: false, ended: false }
    try {
      return await this.#series.run(series, work)
    } finally {
      // What it left running in the background waits for itself.
      series.ended = true
      if (series.wrote) await this.#committed()
    }
  }

  /** To be called after each write. Resolves once it is committed, or at once in the midst of a series. */
  async wrote(): Promise<void> {
    const series = this.#series.getStore()
    if (series === undefined || series.ended) return this.#committed()
    series.wrote = true
  }

  #committed(): Promise<void> {
    if (this.#due === undefined) {
      this.#due = Promise.withResolvers()
      // Not before all that has arrived by now was read: it goes along.
      if (this.#running === undefined) setImmediate(() => this.#run())
    }
    return this.#due.promise
  }

  /** Commits at once what is left to commit. */
  async settle(): Promise<void> {
    this.#run()
    while (this.#running !== undefined) await this.#running
  }

  #run(): void {
    const due = this.#due
    if (due === undefined || this.#running !== undefined) return
    this.#due = undefined
    this.#running = this.#commit()
      .then(due.resolve, due.reject)
      .finally(() => {
        this.#running = undefined
        this.#run()
      })
  }
}
