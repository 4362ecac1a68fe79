import { paths } from 'jsonpath-rfc9535'
import parsePath from 'jsonpath-rfc9535/parser'
import { valueAt } from './bundle.ts'
import type { OverlayFile } from './overlay-file.ts'
import { joinPointer, toPointer } from './pointer.ts'
import type { Finding } from './problem.ts'
import type { Source } from './source.ts'
import type { SourceMap } from './source-map.ts'

type Members = Record<string, unknown>

/**
 * Applies an OpenAPI Overlay 1.0 or 1.1 to a document, in place: its actions in their order, each with `update`, `copy`
 * or `remove` on what its JSONPath (RFC 9535) selects. Findings have pointers into the overlay.
 */
export function applyOverlay(document: Members, overlay: OverlayFile, source: Source, map: SourceMap): Finding[] {
  return overlay.actions.flatMap((action, index) => {
    const at = `/actions/${index}`
    const finding = (key: string, code: string, message: string, hint?: string): Finding[] => [
      {
        severity: code === 'overlay-unmatched' ? 'warning' : 'error',
        code,
        message,
        pointer: `${at}/${key}`,
        ...(hint !== undefined && { hint }),
      },
    ]
    const targets = select(document, action.target)
    if (typeof targets === 'string') return finding('target', 'overlay-target', targets)
    if (targets.length === 0) {
      const hint = 'Compare it with the document, in which files that it refers to are already brought in.'
      return finding('target', 'overlay-unmatched', 'The target selects nothing, so the action does nothing.', hint)
    }
    if (action.remove === true) {
      if (targets.some((keys) => keys.length === 0))
        return finding('target', 'overlay-target', 'The whole document can’t be removed.')
      remove(document, targets, map)
      return []
    }
    const copied = action.copy === undefined ? undefined : select(document, action.copy)
    if (copied !== undefined && (typeof copied === 'string' || copied.length !== 1))
      return finding('copy', 'overlay-target', typeof copied === 'string' ? copied : 'It must select exactly one node.')
    const from = copied?.[0] === undefined ? undefined : toPointer(copied[0])
    const value = from === undefined ? action.update : structuredClone(valueAt(document, from))
    if (value === undefined) return []
    const origin = from === undefined ? { source, pointer: `${at}/update` } : map.origin(from)
    const merge = new Merge(map, origin)
    for (const keys of targets) {
      const clash = merge.at(document, keys, value)
      if (clash !== undefined) return finding(from === undefined ? 'update' : 'copy', 'overlay-clash', clash)
    }
    return []
  })
}

/** The keys that lead to each selected node; a sentence where the expression is wrong. */
function select(document: Members, expression: string): (string | number)[][] | string {
  try {
    return [...new Set(paths(document as never, expression))].map((path) =>
      parsePath(path).segments.flatMap(({ node }) =>
        node.type === 'BracketedSelection'
          ? node.selectors.flatMap((selector) =>
              selector.type === 'NameSelector' || selector.type === 'IndexSelector' ? [selector.value] : [],
            )
          : [],
      ),
    )
  } catch (error) {
    return `It is no JSONPath: ${error instanceof Error ? error.message.split('\n', 1)[0] : error}`
  }
}

/** Merges a value into nodes of the document: objects by their members, lists by appending, the rest by replacing. */
class Merge {
  readonly #map: SourceMap
  readonly #origin: { readonly source: Source; readonly pointer: string }

  constructor(map: SourceMap, origin: { readonly source: Source; readonly pointer: string }) {
    this.#map = map
    this.#origin = origin
  }

  /** @returns what doesn't go together */
  at(document: Members, keys: readonly (string | number)[], value: unknown): string | undefined {
    const pointer = toPointer(keys)
    const last = keys.at(-1)
    const node = valueAt(document, pointer)
    // Of one that is selected itself, a list takes any value as one more member.
    if (Array.isArray(node) && !Array.isArray(value)) return this.#append(node, [value], pointer, '', false)
    if (last === undefined)
      return isMembers(value) ? this.#members(document, value, '', '') : clash(value, document, '')
    return this.#member(valueAt(document, toPointer(keys.slice(0, -1))) as Members, String(last), value, pointer, '')
  }

  #member(parent: Members, key: string, value: unknown, pointer: string, below: string): string | undefined {
    const present = parent[key]
    if (isMembers(present) && isMembers(value)) return this.#members(present, value, pointer, below)
    if (Array.isArray(present) && Array.isArray(value)) return this.#append(present, value, pointer, below, true)
    if (isCollection(present) || isCollection(value)) return clash(value, present, pointer)
    parent[key] = value
    this.#written(pointer, below)
    return undefined
  }

  #members(node: Members, value: Members, pointer: string, below: string): string | undefined {
    for (const [key, member] of Object.entries(value)) {
      const at = joinPointer(pointer, key)
      const from = joinPointer(below, key)
      if (Object.hasOwn(node, key)) {
        const trouble = this.#member(node, key, member, at, from)
        if (trouble !== undefined) return trouble
      } else {
        // `__proto__`, too, is just a key.
        Object.defineProperty(node, key, {
          value: structuredClone(member),
          enumerable: true,
          writable: true,
          configurable: true,
        })
        this.#written(at, from)
      }
    }
    return undefined
  }

  #append(list: unknown[], members: unknown[], pointer: string, below: string, listed: boolean): undefined {
    for (const [index, member] of members.entries()) {
      this.#written(joinPointer(pointer, list.length), listed ? joinPointer(below, index) : below)
      list.push(structuredClone(member))
    }
  }

  #written(pointer: string, below: string): void {
    this.#map.set(pointer, { source: this.#origin.source, pointer: this.#origin.pointer + below })
  }
}

function remove(document: Members, targets: readonly (string | number)[][], map: SourceMap): void {
  // From the last member of a list to its first, so that no index shifts before its turn.
  const ordered = targets.toSorted((a, b) => Number(b.at(-1)) - Number(a.at(-1)) || 0)
  for (const keys of ordered) {
    const above = toPointer(keys.slice(0, -1))
    const parent = valueAt(document, above)
    const key = keys.at(-1) ?? ''
    if (Array.isArray(parent)) {
      map.shift(above, Number(key), parent.length)
      parent.splice(Number(key), 1)
    } else if (isMembers(parent)) {
      delete parent[key]
      map.forget(toPointer(keys))
    }
  }
}

function isMembers(value: unknown): value is Members {
  return isCollection(value) && !Array.isArray(value)
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function clash(value: unknown, present: unknown, pointer: string): string {
  return `It puts ${kind(value)} where the document has ${kind(present)}, at ${pointer || 'its root'}.`
}

function kind(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
