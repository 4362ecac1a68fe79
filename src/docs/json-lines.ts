import { escapePointer } from '../model/schema.ts'

/** One line of a JSON body, as it is shown. */
export interface JsonLine {
  /** Steps of indentation. */
  readonly depth: number
  readonly text: string
  /** Stands in the place of a value that isn't there because a scope is missing: the member's name, in quotes, or "item". */
  readonly withheld?: string
}

const WIDTH = 60
const MOST_LINES = 160

/** @param withheld JSON Pointers into the body, as `access/redact()` reports them */
export function jsonLines(body: unknown, withheld: Iterable<string> = []): JsonLine[] {
  const lines = [...value({ value: body, path: '', depth: 0, before: '', after: '' }, new Set(withheld))]
  if (lines.length <= MOST_LINES) return lines
  return [...lines.slice(0, MOST_LINES), { depth: 0, text: `… ${lines.length - MOST_LINES} more lines` }]
}

interface Part {
  readonly value: unknown
  readonly path: string
  readonly depth: number
  readonly before: string
  readonly after: string
}

function* value({ value: body, path, depth, before, after }: Part, withheld: ReadonlySet<string>): Generator<JsonLine> {
  const flat = inline(body)
  const whole = ![...withheld].some((pointer) => pointer.startsWith(`${path}/`))
  if (typeof body !== 'object' || body === null || (whole && flat.length + before.length <= WIDTH)) {
    yield { depth, text: before + flat + after }
    return
  }
  const list = Array.isArray(body)
  const members = Object.entries(body).map(([key, child]) => {
    const at = `${path}/${escapePointer(key)}`
    return { key, child, at, hidden: withheld.has(at) }
  })
  const last = members.findLast(({ hidden }) => !hidden)
  yield { depth, text: `${before}${list ? '[' : '{'}` }
  for (const member of members) {
    const name = list ? '' : JSON.stringify(member.key)
    if (member.hidden) yield { depth: depth + 1, text: '', withheld: list ? 'item' : name }
    else {
      const part = {
        value: member.child,
        path: member.at,
        depth: depth + 1,
        before: list ? '' : `${name}: `,
        after: member === last ? '' : ',',
      }
      yield* value(part, withheld)
    }
  }
  yield { depth, text: `${list ? ']' : '}'}${after}` }
}

/** On one line, with the spaces that people write. */
function inline(body: unknown): string {
  if (Array.isArray(body)) return `[${body.map(inline).join(', ')}]`
  if (typeof body === 'object' && body !== null) {
    const members = Object.entries(body).map(([key, child]) => `${JSON.stringify(key)}: ${inline(child)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  return JSON.stringify(body) ?? 'null'
}
