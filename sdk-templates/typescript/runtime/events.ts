import type { Needs } from './grants.ts'
import type { Operation } from './operation.ts'
import { chunks, lines, parseLine, withDates } from './stream.ts'
import type { Input } from './transport.ts'

/** One server-sent event. */
export interface ServerSentEvent<Data> {
  /** `message` unless the server says otherwise. */
  readonly event: string
  readonly data: Data
  readonly id: string | undefined
}

/**
 * Connects when iterated, and ends with the server's stream. A `break` or the signal closes the connection.
 *
 * @param json whether each event's data is JSON
 */
export async function* events<Data>(
  client: Needs<never>,
  operation: Operation,
  input: Input,
  json: boolean,
): AsyncGenerator<ServerSentEvent<Data>, void, undefined> {
  for await (const event of parseEvents(chunks(client, operation, input, /^text\/event-stream\s*(;|$)/i)))
    yield { ...event, data: (json ? parseLine(operation, event.data) : withDates(operation, event.data)) as Data }
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
