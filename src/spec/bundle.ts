import {
  type Dialect,
  isReference,
  keepsSiblings,
  type ObjectType,
  type Path,
  pointerOf,
  type Reference,
  rootType,
  section,
  walk,
} from './grammar.ts'
import { fragmentPointer, joinPointer, pointerFragment, pointerTokens } from './pointer.ts'
import type { Parsed, Problem } from './problem.ts'
import type { Source } from './source.ts'
import type { SourceMap } from './source-map.ts'

/** Reads a file that a document refers to. */
export type Load = (file: string) => Promise<Parsed<Source>>

/** Values that references may bring into one document: each that has no name there is copied at each place. */
const MAX_BROUGHT = 2_000_000

interface Target {
  readonly source: Source
  readonly pointer: string
  readonly node: unknown
}

interface Found {
  readonly node: Reference
  readonly path: Path
  readonly type: ObjectType
}

/** A schema that is a resource of its own, by its `$id` (JSON Schema 2020-12, section 8.2.1). */
interface Resource {
  readonly uri: string
  readonly pointer: string
}

/**
 * Brings everything that a document refers to into it, so that all its references are of the form `#/…`. What has a
 * place among the named objects goes there, under a name of its own; the rest is copied to where it is referred to. What
 * can't be resolved stays as it is, and is in `unresolved`.
 */
export class Bundler {
  /** By the object that refers: why it leads nowhere. */
  readonly unresolved = new Map<object, string>()
  /** In other files, which can't be read. */
  readonly problems: Problem[] = []
  readonly #document: Record<string, unknown>
  readonly #dialect: Dialect
  readonly #map: SourceMap
  readonly #load: Load
  readonly #sources = new Map<string, Promise<Parsed<Source>>>()
  /** `file#/pointer` → pointer in the document. */
  readonly #places = new Map<string, string>()
  readonly #resources = new Map<unknown, Resource>()
  readonly #byUri = new Map<string, string>()
  readonly #queue: { readonly path: Path; readonly type: ObjectType; readonly within: readonly string[] }[] = []
  #brought = 0

  constructor(document: Record<string, unknown>, root: Source, dialect: Dialect, map: SourceMap, load: Load) {
    this.#document = document
    this.#dialect = dialect
    this.#map = map
    this.#load = load
    this.#sources.set(root.file, Promise.resolve({ ok: true, value: root }))
    this.#places.set(`${root.file}#`, '')
    this.#byUri.set(this.#uri(root), '')
  }

  async run(): Promise<void> {
    this.#queue.push({ path: { node: this.#document, key: '' }, type: rootType(this.#dialect), within: [] })
    const waiting: Found[] = []
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      const found = this.#collect(job.path, job.type)
      // An entry of the named objects that is but a reference gives its name to what it refers to.
      found.sort((a, b) => Number(this.#isNamed(b)) - Number(this.#isNamed(a)))
      for (const reference of found) if (!(await this.#resolve(reference, job.within))) waiting.push(reference)
    }
    // By now every `$id` and `$anchor` is known, also those in files that were read later.
    for (const reference of waiting) if (await this.#resolve(reference, [])) this.unresolved.delete(reference.node)
  }

  #collect(start: Path, root: ObjectType): Found[] {
    const found: Found[] = []
    walk(start, root, (path, type) => {
      const { node } = path
      if (type.name === 'Schema' && typeof node === 'object' && node !== null) this.#identify(path)
      if (!isReference(node)) return true
      const plain = node.$ref === '#' || node.$ref.startsWith('#/')
      if (!plain || !this.#map.trivial || this.#resources.size > 0) found.push({ node, path, type })
      return keepsSiblings(this.#dialect, type)
    })
    return found
  }

  #identify(path: Path): void {
    const { $id, $anchor, $dynamicAnchor } = path.node as Record<string, unknown>
    if (typeof $id === 'string') {
      const uri = resolveUri($id, this.#base(path.parent ?? path))
      const pointer = pointerOf(path)
      this.#resources.set(path.node, { uri, pointer })
      this.#byUri.set(uri, pointer)
    }
    for (const anchor of [$anchor, $dynamicAnchor])
      if (typeof anchor === 'string') this.#byUri.set(`${this.#base(path)}#${anchor}`, pointerOf(path))
  }

  #resource(path: Path): Resource | undefined {
    for (let above: Path | undefined = path; above !== undefined; above = above.parent) {
      const resource = this.#resources.get(above.node)
      if (resource !== undefined) return resource
    }
    return undefined
  }

  /** What a file is called by others: the document, by its `$self` (OpenAPI 3.2). */
  #uri({ file }: Source): string {
    const { $self } = this.#document
    return this.#places.get(`${file}#`) === '' && typeof $self === 'string' ? resolveUri($self, file) : file
  }

  #base(path: Path): string {
    return this.#resource(path)?.uri ?? this.#uri(this.#map.origin(pointerOf(path)).source)
  }

  /** @returns false where it leads nowhere, at least so far */
  async #resolve({ node, path, type }: Found, within: readonly string[]): Promise<boolean> {
    const hash = node.$ref.indexOf('#')
    const uri = hash === -1 ? node.$ref : node.$ref.slice(0, hash)
    const fragment = fragmentPointer(hash === -1 ? '' : node.$ref.slice(hash + 1))
    const { source } = this.#map.origin(pointerOf(path))
    const base = this.#base(path)
    const absolute = uri === '' ? base : resolveUri(uri, base)

    const known = this.#identified(absolute, fragment)
    if (known !== undefined) {
      node.$ref = `#${pointerFragment(known)}`
      return true
    }
    if (fragment !== '' && !fragment.startsWith('/')) {
      this.unresolved.set(node, `No schema has the anchor ${fragment}.`)
      return false
    }
    // A resource that means the file around it, as most do that refer to `#/components/…`.
    const file = uri === '' ? source.file : resolveUri(uri, source.file)
    const target = await this.#target(file, fragment)
    if (typeof target === 'string') {
      this.unresolved.set(node, target)
      return false
    }
    return this.#bring(target, { node, path, type }, within)
  }

  /** By `$id`, `$anchor` or `$self`, the pointer in the document. */
  #identified(uri: string, fragment: string): string | undefined {
    const anchored = this.#byUri.get(`${uri}#${fragment}`)
    if (anchored !== undefined) return anchored
    const resource = this.#byUri.get(uri)
    if (resource === undefined || (fragment !== '' && !fragment.startsWith('/'))) return undefined
    return valueAt(this.#document, resource + fragment) === undefined ? undefined : resource + fragment
  }

  async #target(file: string, pointer: string): Promise<Target | string> {
    let loading = this.#sources.get(file)
    if (loading === undefined) {
      loading = this.#load(file)
      this.#sources.set(file, loading)
      const loaded = await loading
      // One that is refused or missing is told where it is referred to.
      if (!loaded.ok) this.problems.push(...loaded.problems.filter(({ code }) => code !== 'unreadable'))
    }
    const loaded = await loading
    if (!loaded.ok) return loaded.problems[0]?.message ?? 'It can’t be read.'
    return this.#step(loaded.value, pointer, 0)
  }

  /** Down from the root of a file, through references on the way. */
  async #step(source: Source, pointer: string, hops: number): Promise<Target | string> {
    const nowhere = `There is no ${pointer} in ${source.file}.`
    if (hops > 50) return `It leads round in a circle.`
    let node = this.#places.get(`${source.file}#`) === '' ? this.#document : source.value
    const tokens = pointerTokens(pointer)
    for (const [index, token] of tokens.entries()) {
      if (typeof node !== 'object' || node === null) return nowhere
      if (!Object.hasOwn(node, token)) {
        if (!isReference(node)) return nowhere
        const [uri = '', fragment = ''] = node.$ref.split('#', 2)
        const file = uri === '' ? source.file : resolveUri(uri, source.file)
        const rest = tokens.slice(index).reduce(joinPointer, fragmentPointer(fragment))
        const loaded = await (this.#sources.get(file) ?? this.#load(file))
        return loaded.ok ? this.#step(loaded.value, rest, hops + 1) : nowhere
      }
      node = (node as Record<string, unknown>)[token]
    }
    return node === undefined ? nowhere : { source, pointer, node }
  }

  #bring(
    { source, pointer, node }: Target,
    { node: reference, path, type }: Found,
    within: readonly string[],
  ): boolean {
    const id = `${source.file}#${pointer}`
    const place = this.#places.get(`${source.file}#`) === '' ? pointer : this.#places.get(id)
    const holder = section(this.#dialect, type.name)
    if (place !== undefined) {
      reference.$ref = `#${pointerFragment(place)}`
      return true
    }
    if (within.includes(id)) {
      this.unresolved.set(reference, `It refers to itself, through ${source.file}.`)
      return false
    }
    const copy = this.#copy(node)
    if (copy === undefined) {
      this.unresolved.set(reference, 'What the document refers to is too large altogether.')
      return false
    }
    const at = pointerOf(path)
    if (holder === undefined || this.#isNamed({ node: reference, path, type })) {
      const { $ref: _, ...siblings } = reference
      const beside = keepsSiblings(this.#dialect, type) || isReference(copy) ? siblings : {}
      const { source: around, pointer: here } = this.#map.origin(at)
      const whole = Object.keys(beside).length === 0 || typeof copy !== 'object' ? copy : { ...copy, ...beside }
      const { parent } = path
      if (parent === undefined) throw new Error('The root of a document is no reference')
      ;(parent.node as Record<string, unknown>)[path.key] = whole
      this.#map.set(at, { source, pointer })
      for (const key of Object.keys(beside))
        this.#map.set(joinPointer(at, key), { source: around, pointer: joinPointer(here, key) })
      if (holder !== undefined) this.#places.set(id, at)
      this.#queue.push({ path: { node: whole, parent, key: path.key }, type, within: [...within, id] })
      return true
    }
    const { container, pointer: below } = this.#container(holder)
    const name = freeName(nameOf(source.file, pointer), container)
    container[name] = copy
    const brought = joinPointer(below, name)
    this.#places.set(id, brought)
    this.#map.set(brought, { source, pointer })
    reference.$ref = `#${pointerFragment(brought)}`
    const parent = { node: container, key: below }
    this.#queue.push({ path: { node: copy, parent, key: name }, type, within: [] })
    return true
  }

  #isNamed({ path, type, node }: Found): boolean {
    const holder = section(this.#dialect, type.name)
    return (
      holder !== undefined &&
      path.parent !== undefined &&
      Object.keys(node).length === 1 &&
      pointerOf(path.parent) === holder.reduce(joinPointer, '')
    )
  }

  #container(holder: readonly string[]): { readonly container: Record<string, unknown>; readonly pointer: string } {
    let container = this.#document
    for (const key of holder) {
      container[key] ??= {}
      container = container[key] as Record<string, unknown>
    }
    return { container, pointer: holder.reduce(joinPointer, '') }
  }

  #copy(node: unknown): unknown {
    const text = JSON.stringify(node)
    // A value of JSON has four characters or more with what sets it apart from the next.
    this.#brought += text.length / 4
    return this.#brought > MAX_BROUGHT * 4 ? undefined : JSON.parse(text)
  }
}

/** What stands at a pointer; undefined: nothing. */
export function valueAt(root: unknown, pointer: string): unknown {
  let node = root
  for (const token of pointerTokens(pointer)) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, token)) return undefined
    node = (node as Record<string, unknown>)[token]
  }
  return node
}

/** `./pets.yaml` seen from a file or a URL. */
function resolveUri(uri: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) return uri
  if (/^[a-z][a-z0-9+.-]+:/i.test(base)) return URL.canParse(uri, base) ? new URL(uri, base).href : uri
  const path = new URL(uri.replaceAll('%', '%25').replaceAll('?', '%3F'), `file://${encodeURI(base)}`).pathname
  return decodeURIComponent(path)
}

function nameOf(file: string, pointer: string): string {
  const last = pointerTokens(pointer).at(-1) ?? file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')
  return last.replace(/[^\w.-]+/g, '_') || 'part'
}

function freeName(wanted: string, taken: object): string {
  let name = wanted
  for (let count = 2; name === '__proto__' || Object.hasOwn(taken, name); count++) name = `${wanted}_${count}`
  return name
}
