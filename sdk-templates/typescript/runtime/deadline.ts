/** A time limit joined with the caller's own signal. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #timer: ReturnType<typeof setTimeout>
  readonly #outer: AbortSignal | undefined
  readonly milliseconds: number
  passed = false

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.milliseconds = milliseconds
    this.#outer = outer
    this.#timer = setTimeout(() => {
      this.passed = true
      this.#controller.abort()
    }, milliseconds)
    if (outer?.aborted) this.#forward()
    outer?.addEventListener('abort', this.#forward, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** @param streams the caller's signal goes on to count */
  end(streams: boolean): void {
    clearTimeout(this.#timer)
    if (!streams) this.#outer?.removeEventListener('abort', this.#forward)
  }

  readonly #forward = (): void => this.#controller.abort(this.#outer?.reason)
}
