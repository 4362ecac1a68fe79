import { UnexpectedResponseError } from './errors.ts'
import { type Needs, transport } from './grants.ts'
import type { Operation } from './operation.ts'
import type { Input } from './transport.ts'

/**
 * The body of a success as it comes. The timeout counts until it begins; the signal ends it.
 *
 * @param type what the server must say that it is
 */
export async function* chunks(
  client: Needs<never>,
  operation: Operation,
  input: Input,
  type: RegExp,
): AsyncGenerator<string, void, undefined> {
  const begin = async (response: Response): Promise<ReadableStream<Uint8Array>> => {
    const given = response.headers.get('content-type') ?? ''
    if (response.body !== null && type.test(given)) return response.body
    const expected = `expected a stream of ${operation.accept ?? ''}, got ${given || 'nothing'}`
    throw new UnexpectedResponseError(`${operation.id}: ${expected}`, response.status)
  }
  const { data: body } = await client[transport].send(operation, input, begin, true)
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      input.options?.signal?.throwIfAborted()
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } finally {
    // Where the stream broke off there is nothing to cancel.
    await reader.cancel().catch(() => undefined)
  }
}

/** Lines end in LF, CR or CRLF, which may be torn apart between chunks. What follows the last end is given if `rest`. */
export async function* lines(source: AsyncIterable<string>, rest = false): AsyncGenerator<string, void, undefined> {
  let left = ''
  let start = true
  for await (const chunk of source) {
    left += start ? chunk.replace(/^\uFEFF/, '') : chunk
    if (left !== '') start = false
    const parts = left.split(/\r\n|\n|\r(?!$)/)
    left = parts.pop() ?? ''
    yield* parts
  }
  if (left.endsWith('\r')) yield left.slice(0, -1)
  else if (rest && left !== '') yield left
}

export function parseLine(operation: Operation, text: string): unknown {
  try {
    return withDates(operation, JSON.parse(text))
  } catch {
    throw new UnexpectedResponseError(`${operation.id}: a part of the stream isn't the JSON that it should be`, 200)
  }
}

/** One item, with its dates. */
export function withDates({ dates }: Operation, item: unknown): unknown {
  return dates?.shape ? dates.revive(item, dates.shape) : item
}
