import { UnexpectedResponseError } from './errors.ts'
import { type Needs, transport } from './grants.ts'
import type { Operation } from './operation.ts'
import type { Input } from './transport.ts'

/** One server-sent event. */
export interface ServerSentEvent<Data> {
  /** `message` unless the server says otherwise. */
  readonly event: string
  readonly data: Data
  readonly id: string | undefined
}

/**
 * Connects when iterated, and ends with the server's stream. A `break` or the signal closes the connection; the timeout
 * counts until the stream begins.
 *
 * @param json whether each event's data is JSON
 */
export async function* events<Data>(
  client: Needs<never>,
  operation: Operation,
  input: Input,
  json: boolean,
): AsyncGenerator<ServerSentEvent<Data>, void, undefined> {
  const body = await client[transport].send(operation, input, async (response) => {
    const type = response.headers.get('content-type') ?? ''
    if (response.body === null || !/^text\/event-stream\s*(;|$)/i.test(type))
      throw new UnexpectedResponseError(
        `${operation.id}: expected an event stream, got ${type || 'nothing'}`,
        response.status,
      )
    return response.body
  })
  const { signal } = input.options ?? {}
  const reader = body.getReader()
  const stop = (): void => {
    reader.cancel(signal?.reason).catch(() => undefined)
  }
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for await (const event of parseEvents(chunks(reader))) {
      signal?.throwIfAborted()
      yield { ...event, data: (json ? parse(operation, event.data) : event.data) as Data }
    }
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', stop)
    await reader.cancel()
  }
}

function parse(operation: Operation, data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw new UnexpectedResponseError(`${operation.id}: an event's data isn't the JSON that it should be`, 200)
  }
}

async function* chunks(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield decoder.decode(value, { stream: true })
  }
}

/** The event stream format (WHATWG HTML section 9.2.6). An event that the stream breaks off in is dropped. */
export async function* parseEvents(source: AsyncIterable<string>): AsyncGenerator<ServerSentEvent<string>> {
  let event = ''
  let id: string | undefined
  let data: string[] = []
  for await (const line of lines(source)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id }
      event = ''
      data = []
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }
}

/** Lines end in LF, CR or CRLF, which may be torn apart between chunks. */
async function* lines(source: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  let start = true
  for await (const chunk of source) {
    rest += start ? chunk.replace(/^\uFEFF/, '') : chunk
    if (rest !== '') start = false
    const parts = rest.split(/\r\n|\n|\r(?!$)/)
    rest = parts.pop() ?? ''
    yield* parts
  }
  if (rest.endsWith('\r')) yield rest.slice(0, -1)
}
