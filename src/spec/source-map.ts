import { joinPointer } from './pointer.ts'
import type { Place, Source } from './source.ts'

export interface Origin {
  readonly source: Source
  /** JSON Pointer into that file. */
  readonly pointer: string
}

/**
 * Where the nodes of a bundled document come from. It holds one entry for each subtree that was brought in from another
 * file or by an overlay, so it is small however large the document is; lines are found when someone asks.
 */
export class SourceMap {
  readonly #origins = new Map<string, Origin>()

  constructor(root: Source) {
    this.#origins.set('', { source: root, pointer: '' })
  }

  /** Whether everything is from the one file, at the same pointers. */
  get trivial(): boolean {
    return this.#origins.size === 1
  }

  /** The subtree at `pointer` was brought in from there. */
  set(pointer: string, origin: Origin): void {
    this.#origins.set(pointer, origin)
  }

  /** A member of a list is gone: those behind it move up. */
  shift(list: string, index: number, length: number): void {
    const moved = Array.from({ length: length - index - 1 }, (_, step) => index + 1 + step).flatMap((from) => {
      const below = [...this.#origins].filter(([pointer]) => within(pointer, joinPointer(list, from)))
      const own = [joinPointer(list, from), this.origin(joinPointer(list, from))] as const
      return [own, ...below].map(([pointer, origin]) => ({
        pointer: joinPointer(list, from - 1) + pointer.slice(joinPointer(list, from).length),
        origin,
      }))
    })
    for (let from = index; from < length; from++) this.forget(joinPointer(list, from))
    for (const { pointer, origin } of moved) this.#origins.set(pointer, origin)
  }

  /** The subtree at `pointer` is gone, and whatever was brought into it. */
  forget(pointer: string): void {
    for (const known of this.#origins.keys()) if (within(known, pointer)) this.#origins.delete(known)
  }

  origin(pointer: string): Origin {
    for (let above = pointer; ; above = above.slice(0, above.lastIndexOf('/'))) {
      const found = this.#origins.get(above)
      if (found !== undefined) return { ...found, pointer: found.pointer + pointer.slice(above.length) }
      if (above === '') throw new Error('A source map without a root')
    }
  }

  /** In the file that someone wrote; of a node that no file has, the nearest above it. */
  place(pointer: string): Place {
    const origin = this.origin(pointer)
    return origin.source.place(origin.pointer)
  }
}

function within(pointer: string, above: string): boolean {
  return pointer === above || pointer.startsWith(`${above}/`)
}
