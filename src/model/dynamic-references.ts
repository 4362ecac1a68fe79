import { isObject } from './document.ts'
import { escapePointer, refName, type Schema, type SchemaObject } from './schema.ts'
import { isSchema, mapSubschemas, subschemas } from './schema-walk.ts'

type Named = Readonly<Record<string, Schema>>
/** By anchor, the schema that it stands for. */
type Scope = ReadonlyMap<string, Schema>

/** A document could make as many copies as it likes of a few references. */
const MOST_COPIES = 10_000

/**
 * `$dynamicRef` (JSON Schema 2020-12 Core, section 8.2.3.2) turned into what it stands for at each place, so that whoever
 * reads the model needs not know the way there: a template is copied into whatever binds its anchors.
 */
export class DynamicReferences {
  readonly #named: Named
  /** By name: the anchors that a schema asks for, itself or through what it refers to. */
  readonly #asked: ReadonlyMap<string, ReadonlySet<string>>
  /** What an anchor stands for where nothing on the way there binds it. */
  readonly #unbound: Scope
  #copies = 0

  private constructor(named: Named, asked: ReadonlyMap<string, ReadonlySet<string>>, unbound: Scope) {
    this.#named = named
    this.#asked = asked
    this.#unbound = unbound
  }

  /** Undefined: the document has none. */
  static in(named: Named): DynamicReferences | undefined {
    const asked = anchorsAsked(named)
    const bound = Object.entries(named).flatMap(([name, schema]) => [...anchorsOf(schema, name)])
    return asked.size === 0 && bound.length === 0
      ? undefined
      : new DynamicReferences(named, asked, new Map(bound.toReversed()))
  }

  /** @param name of a named schema, which its own anchor stands for */
  resolved(schema: SchemaObject, name?: string): SchemaObject {
    const own = anchorsOf(schema, name)
    if (own.size === 0 && name === undefined && schema.$dynamicRef === undefined) return schema
    return this.#within(schema, own, name === undefined ? [] : [name])
  }

  #within(schema: SchemaObject, scope: Scope, path: readonly string[]): SchemaObject {
    const inner = mapSubschemas(schema, (child) =>
      typeof child === 'boolean' ? child : this.#within(child, scope, path),
    )
    const { $dynamicRef, ...rest } = inner
    if (typeof $dynamicRef === 'string') return beside(rest, this.#target($dynamicRef, scope))
    const copy = this.#copy(nameOf(inner.$ref), scope, path)
    if (copy === undefined) return inner
    const { $ref: _, ...own } = inner
    return beside(own, copy)
  }

  #target(ref: string, scope: Scope): Schema {
    if (ref.startsWith('#/')) return { $ref: ref }
    const anchor = ref.slice(ref.indexOf('#') + 1)
    return scope.get(anchor) ?? this.#unbound.get(anchor) ?? true
  }

  /** A named schema as it reads from here. Undefined: the same as from anywhere. */
  #copy(name: string, scope: Scope, path: readonly string[]): Schema | undefined {
    const [schema, asked] = [this.#named[name], this.#asked.get(name)]
    if (typeof schema !== 'object' || asked === undefined || path.includes(name)) return undefined
    if (![...scope.keys()].some((anchor) => asked.has(anchor)) || ++this.#copies > MOST_COPIES) return undefined
    const { $id: _id, $defs: _defs, $dynamicAnchor: _anchor, ...copied } = schema
    // What is bound on the way here rules over what the template says itself.
    return this.#within(copied, new Map([...anchorsOf(schema, name), ...scope]), [...path, name])
  }
}

function beside(own: SchemaObject, other: Schema): SchemaObject {
  if (Object.keys(own).length === 0 && typeof other === 'object') return other
  return { ...own, allOf: [...(Array.isArray(own.allOf) ? own.allOf : []), other] }
}

/** What a schema binds: anchors at its root, if it has a name to refer to, and in its `$defs`. */
function anchorsOf(schema: Schema | undefined, name: string | undefined): Map<string, Schema> {
  const found = new Map<string, Schema>()
  if (typeof schema !== 'object') return found
  if (name !== undefined && typeof schema.$dynamicAnchor === 'string')
    found.set(schema.$dynamicAnchor, { $ref: `#/components/schemas/${escapePointer(name)}` })
  for (const definition of isObject(schema.$defs) ? Object.values(schema.$defs) : []) {
    if (!isSchema(definition) || typeof definition === 'boolean') continue
    const { $dynamicAnchor, ...bound } = definition
    if (typeof $dynamicAnchor === 'string') found.set($dynamicAnchor, bound)
  }
  return found
}

function anchorsAsked(named: Named): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>()
  const refersTo = new Map<string, Set<string>>()
  for (const [name, schema] of Object.entries(named)) {
    const [anchors, names] = [new Set<string>(), new Set<string>()]
    for (const { $dynamicRef, $ref } of within(schema)) {
      if (typeof $dynamicRef === 'string') anchors.add($dynamicRef.slice($dynamicRef.indexOf('#') + 1))
      if ($ref !== undefined) names.add(nameOf($ref))
    }
    if (anchors.size > 0) asked.set(name, anchors)
    refersTo.set(name, names)
  }
  for (let before = -1, size = sum(asked); size > before; before = size, size = sum(asked))
    for (const [name, others] of refersTo)
      for (const anchor of [...others].flatMap((other) => [...(asked.get(other) ?? [])]))
        asked.set(name, (asked.get(name) ?? new Set()).add(anchor))
  return asked
}

function sum(sets: ReadonlyMap<string, ReadonlySet<string>>): number {
  return [...sets.values()].reduce((all, { size }) => all + size, 0)
}

function* within(schema: Schema): Generator<SchemaObject> {
  if (typeof schema === 'boolean') return
  yield schema
  for (const child of subschemas(schema)) yield* within(child.schema)
}

function nameOf(ref: unknown): string {
  return typeof ref === 'string' ? (refName(ref) ?? '') : ''
}
