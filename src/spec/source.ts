import { CORE_SCHEMA, constructFromEvents, EVENT_ID, mergeTag, parseEvents, YAMLException } from 'js-yaml'
import { pointerTokens, toPointer } from './pointer.ts'
import { MAX_DEPTH, Positions } from './positions.ts'
import type { Parsed, Problem } from './problem.ts'

/** A place in a file that someone wrote. */
export interface Place {
  /** An absolute path or a URL. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
  /** JSON Pointer into that file, RFC 6901. */
  readonly pointer: string
}

/** Values that a document may hold once its aliases are written out; ten times what the largest public ones do. */
const MAX_VALUES = 8_000_000
const YAML = CORE_SCHEMA.withTags(mergeTag)

/** One file, parsed. Its value is a tree of plain JSON data, whatever the text did. */
export class Source {
  /** An absolute path or a URL. */
  readonly file: string
  readonly value: unknown
  readonly #text: string
  #positions: Positions | undefined
  #lines: number[] | undefined

  constructor(file: string, text: string, value: unknown) {
    this.file = file
    this.value = value
    this.#text = text
  }

  /**
   * Whether a reference may lead out of the file, or to a name instead of a place. By its text, which is quick; one that is
   * disguised by escapes is told as leading nowhere.
   */
  get refersBeyond(): boolean {
    return /\$ref['"]?\s*:(?!\s*['"]?#[/'"])|\$(id|anchor|dynamicAnchor|self)\b/.test(this.#text)
  }

  /** Where a node stands, or the nearest above it that the file has. */
  place(pointer: string): Place {
    this.#positions ??= new Positions(this.#text)
    const path = pointerTokens(pointer)
    const { depth, offset } = this.#positions.find(path)
    this.#lines ??= lineStarts(this.#text)
    return { file: this.file, ...lineAndColumn(this.#lines, offset), pointer: toPointer(path.slice(0, depth)) }
  }
}

/** Reads YAML or JSON. What can't be read is told with its line and column, and so is what is a trap: depth, size, circles. */
export function parseSource(bytes: Uint8Array, file: string): Parsed<Source> {
  const decoded = decode(bytes)
  if ('message' in decoded)
    return failed({ code: 'encoding', message: decoded.message, file, line: decoded.line, column: 1 })
  const { text } = decoded
  const json = parseJson(text)
  if (json !== undefined) return { ok: true, value: new Source(file, text, json.value) }
  try {
    const { value, shared } = parseYaml(text)
    const source = new Source(file, text, value)
    const trouble = weigh(value)
    if ('message' in trouble)
      return failed({ code: 'syntax', message: trouble.message, ...source.place(trouble.pointer) })
    // Written out, so that a change at one alias leaves the others alone.
    return { ok: true, value: shared ? new Source(file, text, JSON.parse(JSON.stringify(value))) : source }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const { line = 0, column = 0 } = error.mark ?? {}
    return failed({ code: 'syntax', message: sentence(error.reason), file, line: line + 1, column: column + 1 })
  }
}

/** The quick way for most: undefined sends the text the other way, which finds out what is wrong with it, and where. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const weight = weigh(value)
    // A key that is written twice makes more keys in the text than in the value.
    return 'message' in weight || weight.keys !== countKeys(text) ? undefined : { value }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function parseYaml(text: string): { readonly value: unknown; readonly shared: boolean } {
  const events = parseEvents(text, { maxDepth: MAX_DEPTH })
  const documents = constructFromEvents(events, { source: text, schema: YAML, maxTotalMergeKeys: 100_000 })
  if (documents.length > 1) throw new YAMLException('the file holds more than one YAML document')
  return { value: documents[0], shared: events.some(({ type }) => type === EVENT_ID.ALIAS) }
}

type Weight = { readonly keys: number } | { readonly message: string; readonly pointer: string }

/** Counts the keys of a value, unless it is too deep or too large, which aliases can make it in a few lines. */
function weigh(root: unknown): Weight {
  const path: string[] = []
  let keys = 0
  let values = 0
  const visit = (value: unknown): string | undefined => {
    if (++values > MAX_VALUES) return `It holds more than ${MAX_VALUES.toLocaleString('en')} values.`
    if (typeof value !== 'object' || value === null) return undefined
    if (path.length >= MAX_DEPTH) return `It nests deeper than ${MAX_DEPTH} levels.`
    for (const key in value) {
      if (!Array.isArray(value)) keys++
      path.push(key)
      const trouble = visit((value as Record<string, unknown>)[key])
      if (trouble !== undefined) return trouble
      path.pop()
    }
    return undefined
  }
  const message = visit(root)
  return message === undefined ? { keys } : { message, pointer: toPointer(path) }
}

/** The keys that a valid JSON text has: strings with a colon behind them. */
function countKeys(text: string): number {
  let keys = 0
  for (let open = text.indexOf('"'); open !== -1; ) {
    let close = text.indexOf('"', open + 1)
    while (escaped(text, close)) close = text.indexOf('"', close + 1)
    let next = close + 1
    while (text.charCodeAt(next) <= 32) next++
    if (text.charCodeAt(next) === 58) keys++
    open = text.indexOf('"', next)
  }
  return keys
}

function escaped(text: string, quote: number): boolean {
  let slashes = 0
  while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++
  return slashes % 2 === 1
}

/** UTF-8, or UTF-16 by its byte order mark or by the zeros that ASCII has in it. */
function decode(bytes: Uint8Array): { readonly text: string } | { readonly message: string; readonly line: number } {
  const [first, second] = bytes
  const little = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0)
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0)
  const encoding = little ? 'utf-16le' : big ? 'utf-16be' : 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    const line = new TextDecoder(encoding).decode(bytes).split('\uFFFD', 1)[0]?.split('\n').length ?? 1
    return { message: `It is not valid ${encoding.toUpperCase()}. Save it as UTF-8.`, line }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length)
  return starts
}

function lineAndColumn(starts: readonly number[], offset: number): Pick<Place, 'line' | 'column'> {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}

function failed(problem: Omit<Problem, 'severity'>): Parsed<never> {
  return { ok: false, problems: [{ severity: 'error', ...problem }] }
}
