import { escapePointer } from '../model/schema.ts'
import { bodies as say } from '../wording/wording.ts'

/** One line of a JSON body, as it is shown. */
export interface JsonLine {
  /** Steps of indentation. */
  readonly depth: number
  readonly text: string
  /** Stands in the place of a value that isn't there because a scope is missing. */
  readonly withheld?: {
    /** The member's name, in quotes, or words for an item, or the whole. */
    readonly name: string
    /** JSON Pointer into the body. */
    readonly path: string
  }
}

const WIDTH = 60
const MOST_LINES = 160

/**
 * @param withheld JSON Pointers into the body, as `access/redact()` reports them
 * @param most lines; of the rest it is said how many there are
 */
export function jsonLines(body: unknown, withheld: Iterable<string> = [], most = MOST_LINES): JsonLine[] {
  const lines: JsonLine[] = []
  new Writer(new Set(withheld), lines).whole(body)
  if (lines.length <= most) return lines
  return [...lines.slice(0, most), { depth: 0, text: say.moreLines(lines.length - most) }]
}

/** The lines that come first: cheap, however many there are. */
export function firstLines(body: unknown, withheld: Iterable<string>, enough: number): JsonLine[] {
  const lines: JsonLine[] = []
  new Writer(new Set(withheld), lines, enough).whole(body)
  return lines.slice(0, enough)
}

interface Part {
  readonly value: unknown
  /** Undefined where nothing below is withheld. */
  readonly path: string | undefined
  readonly depth: number
  readonly before: string
  readonly after: string
}

class Writer {
  readonly #withheld: ReadonlySet<string>
  /** What holds something that is withheld, at any depth, and so can't stand on one line. */
  readonly #holders = new Set<string>()
  readonly #lines: JsonLine[]
  readonly #enough: number

  constructor(withheld: ReadonlySet<string>, lines: JsonLine[], enough = Number.POSITIVE_INFINITY) {
    this.#withheld = withheld
    this.#lines = lines
    this.#enough = enough
    for (const pointer of withheld)
      for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
        this.#holders.add(pointer.slice(0, end))
        if (end === 0) break
      }
  }

  whole(value: unknown): void {
    if (this.#withheld.has('')) this.#lines.push({ depth: 0, text: '', withheld: { name: say.whole, path: '' } })
    else this.write({ value, path: '', depth: 0, before: '', after: '' })
  }

  write({ value, path, depth, before, after }: Part): void {
    if (this.#lines.length >= this.#enough) return
    if (typeof value !== 'object' || value === null) {
      this.#lines.push({ depth, text: `${before}${JSON.stringify(value) ?? 'null'}${after}` })
      return
    }
    const holds = path !== undefined && this.#holders.has(path)
    const flat = holds ? undefined : inline(value, WIDTH - before.length)
    if (flat !== undefined) {
      this.#lines.push({ depth, text: before + flat + after })
      return
    }
    const list = Array.isArray(value)
    const members = Object.entries(value).map(([key, child]) => {
      const at = holds ? `${path}/${escapePointer(key)}` : undefined
      return { key, child, at, hidden: at !== undefined && this.#withheld.has(at) }
    })
    const last = members.findLast(({ hidden }) => !hidden)
    this.#lines.push({ depth, text: `${before}${list ? '[' : '{'}` })
    for (const member of members) {
      const name = list ? '' : JSON.stringify(member.key)
      if (member.hidden && member.at !== undefined)
        this.#lines.push({ depth: depth + 1, text: '', withheld: { name: list ? say.item : name, path: member.at } })
      else
        this.write({
          value: member.child,
          path: member.at,
          depth: depth + 1,
          before: list ? '' : `${name}: `,
          after: member === last ? '' : ',',
        })
    }
    this.#lines.push({ depth, text: `${list ? ']' : '}'}${after}` })
  }
}

/** On one line, with the spaces that people write; undefined where that is longer than `room`. */
function inline(value: unknown, room: number): string | undefined {
  if (typeof value !== 'object' || value === null) {
    const text = JSON.stringify(value) ?? 'null'
    return text.length <= room ? text : undefined
  }
  const list = Array.isArray(value)
  const parts: string[] = []
  let left = room - 2
  for (const [key, child] of Object.entries(value)) {
    const name = list ? '' : `${JSON.stringify(key)}: `
    const text = inline(child, left - name.length)
    if (text === undefined) return undefined
    parts.push(name + text)
    left -= name.length + text.length + 2
  }
  const text = list ? `[${parts.join(', ')}]` : parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
  return text.length <= room ? text : undefined
}
