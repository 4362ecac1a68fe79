/** A regular expression, as far as it matters what it may cost. */
export type Node =
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number }
  /** One character, as a source of its own: `[a-z]`, `\d`, `x`. */
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'start' | 'end' | 'boundary' | 'inside' | 'back' }
  | { readonly kind: 'look'; readonly part: Node }

/** Reads what is known to be well-formed with the flag `u`; undefined where it holds what this doesn't know. */
export function parsePattern(source: string): Node | undefined {
  const reader = new Reader(source)
  const node = reader.choice(0)
  return reader.failed || !reader.done ? undefined : node
}

const MAX_DEPTH = 100
const GROUPS: readonly (readonly [string, 'group' | 'look'])[] = [
  ['(?:', 'group'],
  ['(?=', 'look'],
  ['(?!', 'look'],
  ['(?<=', 'look'],
  ['(?<!', 'look'],
]

class Reader {
  readonly #source: string
  #at = 0
  failed = false

  constructor(source: string) {
    this.#source = source
  }

  get done(): boolean {
    return this.#at >= this.#source.length
  }

  choice(depth: number): Node {
    const options = [this.#sequence(depth)]
    while (this.#take('|')) options.push(this.#sequence(depth))
    const [only] = options
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options }
  }

  #sequence(depth: number): Node {
    const parts: Node[] = []
    while (!this.done && !this.failed && !this.#sees('|') && !this.#sees(')')) {
      const part = this.#term(depth)
      parts.push(this.#repeated(part))
    }
    return { kind: 'sequence', parts }
  }

  #term(depth: number): Node {
    if (depth > MAX_DEPTH) return this.#fail()
    if (this.#take('^')) return { kind: 'start' }
    if (this.#take('$')) return { kind: 'end' }
    if (this.#take('\\b')) return { kind: 'boundary' }
    if (this.#take('\\B')) return { kind: 'inside' }
    for (const [opening, kind] of GROUPS) if (this.#take(opening)) return this.#group(depth, kind)
    if (this.#match(/\(\?<[^>]*>/y) !== undefined) return this.#group(depth, 'group')
    if (this.#sees('(?')) return this.#fail()
    if (this.#take('(')) return this.#group(depth, 'group')
    if (this.#match(/\\(k<[^>]*>|[1-9]\d*)/y) !== undefined) return { kind: 'back' }
    const character = this.#match(
      /\[(?:\\.|[^\]\\])*\]|\\(?:u\{[^}]*\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[pP]\{[^}]*\}|.)|[^\\]/suy,
    )
    return character === undefined ? this.#fail() : { kind: 'character', source: character }
  }

  #group(depth: number, kind: 'group' | 'look'): Node {
    const part = this.choice(depth + 1)
    if (!this.#take(')')) return this.#fail()
    return kind === 'look' ? { kind, part } : part
  }

  #repeated(part: Node): Node {
    const quantifier = this.#match(/[*+?]|\{\d+(?:,\d*)?\}/y)
    if (quantifier === undefined) return part
    this.#take('?')
    const [, least = '', comma, most] = /^\{(\d+)(,(\d*))?\}$/.exec(quantifier) ?? []
    if (least === '')
      return { kind: 'repeat', part, min: quantifier === '+' ? 1 : 0, max: quantifier === '?' ? 1 : Infinity }
    const min = Number(least)
    return { kind: 'repeat', part, min, max: comma === undefined ? min : most === '' ? Infinity : Number(most) }
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  #take(text: string): boolean {
    const sees = this.#sees(text)
    if (sees) this.#at += text.length
    return sees
  }

  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#source)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #fail(): Node {
    this.failed = true
    return { kind: 'back' }
  }
}
