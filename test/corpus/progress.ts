const WIDTH = 30
/** Lines of a log: not one for each document. */
const LOGGED = 50

/** How far a run is, on stderr: a bar on a terminal, else a line now and then. */
export class Progress {
  readonly #total: number
  readonly #began = performance.now()
  readonly #stream = process.stderr

  constructor(total: number) {
    this.#total = total
  }

  show(done: number, current: string): void {
    const seconds = (performance.now() - this.#began) / 1000
    const left = done === 0 ? '' : ` ${clock((seconds / done) * (this.#total - done))} left`
    if (!this.#stream.isTTY) {
      if (done % LOGGED === 0) this.#stream.write(`${done} of ${this.#total}, ${clock(seconds)}, at ${current}\n`)
      return
    }
    const full = Math.round((WIDTH * done) / this.#total)
    const line = `[${'█'.repeat(full)}${' '.repeat(WIDTH - full)}] ${done}/${this.#total}${left} ${current}`
    this.#stream.write(`\r\x1b[K${line.slice(0, this.#stream.columns)}`)
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K')
  }
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
