import type { CallLog } from './call-log.ts'
import { formatEvents } from './event-stream.ts'

/** Milliseconds after which a quiet stream gets a comment, so that whoever is in between keeps it open. */
const BEAT = 15_000
/** Open at once: of one session, and of all. */
const MOST = { session: 5, all: 500 }

export interface CallStream {
  readonly session: string
  /** The `id` of the last call that is known already. */
  readonly after: number
  /** Whether whoever follows still may. Asked before anything is told. */
  readonly mayGoOn: () => Promise<boolean>
}

/** Logs of sessions as server-sent events, as they go on. */
export class CallStreams {
  readonly #log: CallLog
  readonly #ending: AbortSignal | undefined
  /** How each of the open ones is ended, and whose it is. */
  readonly #open = new Map<() => void, string>()

  /** @param ending ends all of them: they would keep their server from stopping */
  constructor(log: CallLog, ending: AbortSignal | undefined) {
    this.#log = log
    this.#ending = ending
    ending?.addEventListener('abort', () => {
      for (const end of this.#open.keys()) end()
    })
  }

  /** Undefined where there are too many, or the server is stopping. */
  open({ session, after, mayGoOn }: CallStream): ReadableStream<Uint8Array<ArrayBuffer>> | undefined {
    const own = [...this.#open.values()].filter((one) => one === session).length
    if (this.#ending?.aborted || own >= MOST.session || this.#open.size >= MOST.all) return undefined
    let wake = (): void => undefined
    /** @returns whether nothing happened for a while */
    const sleep = () =>
      new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), BEAT)
        wake = () => {
          clearTimeout(timer)
          resolve(false)
        }
      })
    const unfollow = this.#log.listen((of) => of === session && wake())
    const end = (): void => {
      this.#open.delete(end)
      unfollow()
      wake()
    }
    this.#open.set(end, session)
    const isOpen = () => this.#open.has(end)
    const encoder = new TextEncoder()
    let last = after
    // The first comment says at once that the stream is open.
    let quiet = true
    let cancelled = false
    return new ReadableStream({
      pull: async (controller) => {
        while (isOpen() && (await mayGoOn()) && isOpen()) {
          const calls = this.#log.read(session, last)
          last = calls.at(-1)?.id ?? last
          if (calls.length > 0 || quiet) {
            const events = formatEvents(calls.map((data) => ({ id: data.id, event: 'call', data })))
            controller.enqueue(encoder.encode(events || ':\n\n'))
            quiet = false
            return
          }
          quiet = await sleep()
        }
        if (cancelled) return
        end()
        controller.close()
      },
      cancel: () => {
        cancelled = true
        end()
      },
    })
  }
}
