import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml'

/** More than any document that a person or a program wrote in earnest. */
export const MAX_DEPTH = 500

interface Child {
  readonly value: number
  /** What stands for it in a message: its key, if it has one. */
  readonly shown: number
}

/** Where the nodes of a YAML or JSON text stand in it. Made when the first finding asks: most documents have few. */
export class Positions {
  readonly #text: string
  readonly #events: readonly Event[]
  /** Of each event that opens a collection, the index of the one that closes it. */
  readonly #ends: Int32Array
  readonly #children = new Map<number, ReadonlyMap<string, Child>>()

  constructor(text: string) {
    this.#text = text
    this.#events = parseEvents(text, { maxDepth: MAX_DEPTH })
    this.#ends = new Int32Array(this.#events.length)
    const open: number[] = []
    for (const [index, { type }] of this.#events.entries()) {
      if (type === EVENT_ID.POP) this.#ends[open.pop() ?? 0] = index
      else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) open.push(index)
    }
  }

  /**
   * The node at `path`, or the nearest above it that the text has: how much of the path was found, and its offset, which
   * is that of the key where there is one.
   */
  find(path: readonly string[]): { readonly depth: number; readonly offset: number } {
    let index = 1
    let offset = this.#start(index)
    for (const [depth, token] of path.entries()) {
      const child = this.#child(index, token)
      if (child === undefined) return { depth, offset }
      index = child.value
      offset = this.#start(child.shown) || offset
    }
    return { depth: path.length, offset }
  }

  #child(parent: number, token: string): Child | undefined {
    let children = this.#children.get(parent)
    if (children === undefined) {
      children = this.#read(parent)
      this.#children.set(parent, children)
    }
    return children.get(token)
  }

  #read(parent: number): Map<string, Child> {
    const children = new Map<string, Child>()
    const type = this.#events[parent]?.type
    const end = this.#ends[parent] ?? 0
    for (let index = parent + 1; index < end; ) {
      const value = type === EVENT_ID.MAPPING ? this.#after(index) : index
      const event = this.#events[index]
      if (type === EVENT_ID.SEQUENCE) children.set(String(children.size), { value, shown: index })
      else if (event?.type === EVENT_ID.SCALAR) children.set(getScalarValue(this.#text, event), { value, shown: index })
      index = this.#after(value)
    }
    return children
  }

  #after(index: number): number {
    return (this.#ends[index] || index) + 1
  }

  #start(index: number): number {
    const event = this.#events[index]
    if (event?.type === EVENT_ID.SCALAR) {
      const quote = event.style === 2 || event.style === 3 ? 1 : 0
      return Math.max(event.valueStart - quote, 0)
    }
    if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start
    return event?.type === EVENT_ID.ALIAS ? event.anchorStart : 0
  }
}
