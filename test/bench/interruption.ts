const controller = new AbortController()

/** Aborted when somebody ends the run early: whatever has started a process or a browser ends it then. */
export const interruption: AbortSignal = controller.signal

export class Interruption extends Error {
  /** What a shell expects of a program that a signal ended. */
  readonly exitCode: number

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Ended by ${signal}.`)
    this.exitCode = signal === 'SIGINT' ? 130 : 143
  }
}

/** Milliseconds for what runs to end in order. */
const GRACE = 8000

/** Ends the run in order at the first signal, and at once at a second. */
export function interruptBySignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      const reason = new Interruption(signal)
      controller.abort(reason)
      setTimeout(() => process.exit(reason.exitCode), GRACE).unref()
    })
}
