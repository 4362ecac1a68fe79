import type { LoggedCall } from '../sandbox/call-log.ts'
import { fetchFromServer, sandboxPath } from './browser-world.ts'
import type { Tokens } from './tokens.ts'

/** Milliseconds before a stream that ended, or couldn't be had, is asked for again: from, to. */
const AGAIN = [1_000, 15_000] as const

/**
 * Follows what the sandbox on the server logs of an app's session, as it happens: as server-sent events, read by `fetch`,
 * since an `EventSource` sends no token. Where the server has no stream to give, it answers with what there is, and is
 * asked again.
 *
 * @returns ends it
 */
export function followServerLog(api: string, tokens: Tokens, add: (calls: readonly LoggedCall[]) => void): () => void {
  const controller = new AbortController()
  const { signal } = controller
  let last = 0
  const take = (calls: readonly LoggedCall[]): void => {
    last = calls.at(-1)?.id ?? last
    if (!signal.aborted) add(calls)
  }
  /** @returns whether it was answered */
  const follow = async (): Promise<boolean> => {
    const token = await tokens.inHand()
    if (token === undefined) return false
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` }
    const response = await fetchFromServer(`${sandboxPath(api)}/-/calls?after=${last}`, { headers, signal })
    if (!response.ok || response.body === null) return false
    if (response.headers.get('content-type') === 'text/event-stream') await readEvents(response.body, take)
    else take(((await response.json()) as { readonly calls: readonly LoggedCall[] }).calls)
    return true
  }
  let wait: number = AGAIN[0]
  const go = async (): Promise<void> => {
    // What breaks is tried again.
    const answered = await follow().catch(() => false)
    wait = answered ? AGAIN[0] : Math.min(wait * 2, AGAIN[1])
    if (!signal.aborted) setTimeout(go, wait)
  }
  void go()
  return () => controller.abort()
}

/** Server-sent events, each of which has one line of JSON. */
async function readEvents(
  body: ReadableStream<Uint8Array>,
  take: (calls: readonly LoggedCall[]) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let text = ''
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const blocks = (text + next.value).split('\n\n')
    text = blocks.pop() ?? ''
    const data = blocks.flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? [])
    if (data.length > 0) take(data.map((line) => JSON.parse(line) as LoggedCall))
  }
}
