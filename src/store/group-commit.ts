import { AsyncLocalStorage } from 'node:async_hooks'

/** A series of writes by one request. */
interface Series {
  wrote: boolean
  ended: boolean
}

/** Milliseconds that those who have written wait for others who are still at it. */
const PATIENCE = 10

/**
 * When to commit what several requests have written. It is the disk's confirmation that takes time, and each page that changed
 * is written once per commit, so all that is written about the same time is committed as one, and nobody hears that it is done
 * before that is on disk. If the commit fails, it fails for all of them.
 */
export class GroupCommit {
  readonly #commit: () => Promise<void>
  readonly #series = new AsyncLocalStorage<Series>()
  /** How many series are under way. */
  #working = 0
  /** The commit that those who have written wait for. */
  #due: PromiseWithResolvers<void> | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param commit commits what was written since the last time */
  constructor(commit: () => Promise<void>) {
    this.#commit = commit
  }

  /** Work whose writes don't each wait for a commit. What this returns does, for all of them. */
  async together<T>(work: () => Promise<T>): Promise<T> {
    const series: Series = { wrote: false, ended: false }
    this.#working++
    try {
      return await this.#series.run(series, work)
    } finally {
      this.#working--
      // What it left running in the background waits for itself.
      series.ended = true
      if (series.wrote) await this.#committed()
      else this.#commitIfDue()
    }
  }

  /** To be called after each write. Resolves once it is committed, or at once in the midst of a series. */
  async wrote(): Promise<void> {
    const series = this.#series.getStore()
    if (series === undefined || series.ended) return this.#committed()
    series.wrote = true
  }

  #committed(): Promise<void> {
    this.#due ??= Promise.withResolvers()
    const { promise } = this.#due
    this.#timer ??= setTimeout(() => this.#run(), PATIENCE)
    this.#commitIfDue()
    return promise
  }

  #commitIfDue(): void {
    if (this.#due !== undefined && this.#working === 0) this.#run()
  }

  /** Commits at once what is left to commit. */
  async settle(): Promise<void> {
    const due = this.#due?.promise
    this.#run()
    await Promise.allSettled([due])
  }

  #run(): void {
    const due = this.#due
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#due = undefined
    if (due !== undefined) this.#commit().then(due.resolve, due.reject)
  }
}
