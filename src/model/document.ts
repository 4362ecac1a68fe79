import { escapePointer, unescapePointer } from './schema.ts'

export type Json = Readonly<Record<string, unknown>>

/** A node of the bundled document and where it stands. */
export interface Located {
  readonly node: Json
  /** JSON Pointer, RFC 6901. */
  readonly pointer: string
}

/** The bundled document, read by pointer. References stay references until someone asks. */
export class BundledDocument {
  readonly root: Json

  constructor(root: Json) {
    this.root = root
  }

  /** The value at a pointer such as `/components/schemas/Employee`; undefined where there is none. */
  at(pointer: string): unknown {
    let current: unknown = this.root
    for (const token of pointer.split('/').slice(1).map(unescapePointer)) {
      if (typeof current !== 'object' || current === null || !Object.hasOwn(current, token)) return undefined
      current = (current as Json)[token]
    }
    return current
  }

  /** What a node of the document stands for, through `$ref`; undefined where that is no object, or a circle. */
  locate(node: unknown, pointer: string): Located | undefined {
    const seen = new Set<string>()
    let at = pointer
    let current = node
    while (isObject(current) && typeof current.$ref === 'string') {
      const ref = refPointer(current.$ref)
      if (ref === undefined || seen.has(ref)) return undefined
      seen.add(ref)
      current = this.at(ref)
      at = ref
    }
    return isObject(current) ? { node: current, pointer: at } : undefined
  }

  /** The members of the object or list at `node[key]`, each located. */
  children(parent: Located, key: string): { key: string; value: Located }[] {
    return this.#each(parent.node[key], `${parent.pointer}/${escapePointer(key)}`)
  }

  /** The members of an object, each located. */
  members({ node, pointer }: Located): { key: string; value: Located }[] {
    return this.#each(node, pointer)
  }

  #each(holder: unknown, pointer: string): { key: string; value: Located }[] {
    const entries = Array.isArray(holder) ? [...holder.entries()] : isObject(holder) ? Object.entries(holder) : []
    return entries.flatMap(([name, child]) => {
      const value = this.locate(child, `${pointer}/${escapePointer(String(name))}`)
      return value === undefined ? [] : [{ key: String(name), value }]
    })
  }
}

/** `#/a/b` → `/a/b`; undefined for a reference out of the document. */
export function refPointer(ref: string): string | undefined {
  if (ref === '#') return ''
  if (!ref.startsWith('#/')) return undefined
  try {
    return decodeURIComponent(ref.slice(1))
  } catch {
    return ref.slice(1)
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

/** An object without the keys whose value is undefined, as `exactOptionalPropertyTypes` wants it. */
export function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  const result: { [K in keyof T]?: T[K] | undefined } = {}
  for (const key in value) if (value[key] !== undefined) result[key] = value[key]
  return result as T
}
