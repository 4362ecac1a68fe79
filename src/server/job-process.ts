import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Limits {
  readonly memoryMb: number
  readonly timeMs: number
}

export type JobResult<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly reason: 'timeout' | 'crashed' }

/**
 * Does jobs one at a time in a child process with a memory and a time limit, so that no document can take the server
 * down or hold it up. A child that breaks a limit is killed; the next job gets a new one.
 */
export class JobProcess<Job extends object, Answer> {
  readonly #module: string
  readonly #limits: Limits
  #child: ChildProcess | undefined
  #last: Promise<unknown> = Promise.resolve()

  /** @param module file beside this one, which answers each `message` with one `process.send` */
  constructor(module: string, limits: Limits) {
    this.#module = fileURLToPath(new URL(module, import.meta.url))
    this.#limits = limits
  }

  run(job: Job): Promise<JobResult<Answer>> {
    const result = this.#last.then(() => this.#ask(job))
    // Whatever becomes of one, the next has its turn.
    this.#last = result.catch(() => undefined)
    return result
  }

  #ask(job: Job): Promise<JobResult<Answer>> {
    const child = this.#start()
    return new Promise((resolve) => {
      const settle = (result: JobResult<Answer>): void => {
        clearTimeout(timer)
        child.off('message', answered).off('exit', crashed).off('error', crashed)
        if (!result.ok) {
          child.kill('SIGKILL')
          this.#forget(child)
        }
        resolve(result)
      }
      const answered = (answer: unknown): void => settle({ ok: true, answer: answer as Answer })
      const crashed = (): void => settle({ ok: false, reason: 'crashed' })
      const timer = setTimeout(() => settle({ ok: false, reason: 'timeout' }), this.#limits.timeMs)
      child.once('message', answered).once('exit', crashed).once('error', crashed)
      child.send(job, (error) => {
        if (error !== null) crashed()
      })
    })
  }

  #start(): ChildProcess {
    if (this.#child?.connected === true) return this.#child
    const child = fork(this.#module, {
      execArgv: [`--max-old-space-size=${this.#limits.memoryMb}`, '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      // Nothing of the server's environment is a document's business.
      env: {},
    })
    // One that rests may be ended as well, when memory is short: it is replaced, and mustn't take the server along.
    child.on('error', () => this.#forget(child))
    this.#child = child
    return child
  }

  #forget(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined
  }

  /** A job that is under way fails. */
  close(): void {
    this.#child?.kill()
    this.#child = undefined
  }
}
