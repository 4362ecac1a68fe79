import type { Needs } from './grants.ts'
import type { Operation } from './operation.ts'
import { chunks, lines, parseLine } from './stream.ts'
import type { Input } from './transport.ts'

/** JSON values, one a line (JSON Lines, NDJSON) or each after a record separator (RFC 7464), as they come. */
export async function* jsonLines<Item>(
  client: Needs<never>,
  operation: Operation,
  input: Input,
): AsyncGenerator<Item, void, undefined> {
  const type = /^application\/([a-z.-]+\+)?(x-)?(jsonl(ines)?|ndjson|json-seq|json-lines)\s*(;|$)/i
  for await (const line of lines(chunks(client, operation, input, type), true)) {
    const text = line.replaceAll('\u001E', '').trim()
    if (text !== '') yield parseLine(operation, text) as Item
  }
}
