import { refName, resolve, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { isSchema, subschemas } from '../model/schema-walk.ts'

/**
 * Which schemas describe the same value as a given one: its reference, its parts, its branches, its subtypes. Which of
 * several branches a value is isn't worked out: all of them count, unless the value's discriminator names one.
 */
export class Branches {
  readonly #schemas: Schemas
  #subtypes: ReadonlyMap<Schema, ReadonlySet<string>> | undefined
  #anchors: ReadonlyMap<string, readonly Schema[]> | undefined

  constructor(schemas: Schemas) {
    this.#schemas = schemas
  }

  /** Those that count for one value. */
  *of(schema: SchemaObject, value: unknown): Generator<Schema> {
    yield* this.#fixed(schema)
    yield* this.#chosen(schema, value)
    for (const [name, part] of dependent(schema)) if (isObject(value) && Object.hasOwn(value, name)) yield part
  }

  /** Those that count for some value. */
  *any(schema: SchemaObject): Generator<Schema> {
    yield* this.#fixed(schema)
    yield* branches(schema)
    yield* this.#derived(schema).values()
    for (const [, part] of dependent(schema)) yield part
  }

  /** Names of members that have a say in which ones count. */
  deciding(schema: SchemaObject): string[] {
    const name = discriminating(schema)
    return [...(name === undefined ? [] : [name]), ...dependent(schema).map(([member]) => member)]
  }

  *#fixed(schema: SchemaObject): Generator<Schema> {
    const target = schema.$ref === undefined ? undefined : this.#named(refName(schema.$ref))
    if (target !== undefined) yield target
    if (typeof schema.$dynamicRef === 'string') yield* this.#anchored(schema.$dynamicRef.replace(/^.*#/, ''))
    yield* list(schema.allOf)
    for (const part of [schema.if, schema.then, schema.else]) if (isSchema(part)) yield part
  }

  #chosen(schema: SchemaObject, value: unknown): readonly Schema[] {
    const all = branches(schema)
    const derived = this.#derived(schema)
    const named = discriminated(schema, value)
    if (named === undefined) return [...all, ...derived.values()]
    const chosen = all.filter((branch) => nameOf(branch) === named)
    // A branch without a name can't be ruled out.
    if (chosen.length > 0) return [...chosen, ...all.filter((branch) => nameOf(branch) === undefined)]
    const subtype = derived.get(named)
    return [...all, ...(subtype === undefined ? derived.values() : [subtype])]
  }

  /** With a discriminator: what its mapping names and, where there are no branches, whatever extends this by `allOf`. */
  #derived(schema: SchemaObject): ReadonlyMap<string, Schema> {
    const derived = new Map<string, Schema>()
    if (discriminating(schema) === undefined) return derived
    this.#subtypes ??= subtypes(this.#schemas)
    const mapping = schema.discriminator?.mapping
    const mapped = isObject(mapping) ? Object.values(mapping).map((target) => mappingName(String(target))) : []
    const extending = branches(schema).length > 0 ? [] : (this.#subtypes.get(schema) ?? [])
    for (const name of [...mapped, ...extending]) {
      const target = this.#named(name)
      if (target !== undefined) derived.set(name, target)
    }
    return derived
  }

  /** Where a dynamic reference leads depends on the way that one came: every schema with its anchor counts. */
  #anchored(anchor: string): readonly Schema[] {
    this.#anchors ??= anchors(this.#schemas)
    return this.#anchors.get(anchor) ?? []
  }

  #named(name: string | undefined): Schema | undefined {
    return name !== undefined && Object.hasOwn(this.#schemas, name) ? this.#schemas[name] : undefined
  }
}

/** For each schema, the names of those that extend it by `allOf`, and of those that extend these. */
function subtypes(schemas: Schemas): ReadonlyMap<Schema, ReadonlySet<string>> {
  const direct = new Map<Schema, string[]>()
  for (const [name, schema] of Object.entries(schemas)) {
    if (typeof schema === 'boolean') continue
    for (const part of list(schema.allOf)) {
      if (typeof part === 'boolean' || part.$ref === undefined) continue
      const parent = resolve(part, schemas)
      if (parent !== undefined) direct.set(parent, [...(direct.get(parent) ?? []), name])
    }
  }
  const all = (parent: Schema): ReadonlySet<string> => {
    const names = new Set(direct.get(parent))
    // A Set can grow while it is walked.
    for (const name of names) for (const below of direct.get(schemas[name] ?? true) ?? []) names.add(below)
    return names
  }
  return new Map([...direct.keys()].map((parent) => [parent, all(parent)]))
}

function anchors(schemas: Schemas): ReadonlyMap<string, readonly Schema[]> {
  const found = new Map<string, Schema[]>()
  const seen = new Set<Schema>(Object.values(schemas))
  for (const schema of seen) {
    if (typeof schema === 'boolean') continue
    const anchor = schema.$dynamicAnchor ?? schema.$anchor
    if (typeof anchor === 'string') found.set(anchor, [...(found.get(anchor) ?? []), schema])
    for (const child of subschemas(schema)) seen.add(child.schema)
  }
  return found
}

/** The name of the schema that the value's discriminator points at. */
function discriminated(schema: SchemaObject, value: unknown): string | undefined {
  const member = discriminating(schema)
  if (member === undefined || !isObject(value) || !Object.hasOwn(value, member)) return undefined
  const name = value[member]
  if (typeof name !== 'string') return undefined
  const mapping = schema.discriminator?.mapping
  return isObject(mapping) && Object.hasOwn(mapping, name) ? mappingName(String(mapping[name])) : name
}

function discriminating({ discriminator }: SchemaObject): string | undefined {
  return isObject(discriminator) && typeof discriminator.propertyName === 'string'
    ? discriminator.propertyName
    : undefined
}

/** A mapping's value is a reference or a bare name (OpenAPI 3.1 section 4.8.25). */
function mappingName(target: string): string {
  return refName(target) ?? target
}

function nameOf(schema: Schema): string | undefined {
  return typeof schema === 'object' && schema.$ref !== undefined ? refName(schema.$ref) : undefined
}

function branches(schema: SchemaObject): Schema[] {
  return [...list(schema.oneOf), ...list(schema.anyOf)]
}

function dependent({ dependentSchemas }: SchemaObject): [string, Schema][] {
  return isObject(dependentSchemas)
    ? Object.entries(dependentSchemas).filter((entry): entry is [string, Schema] => isSchema(entry[1]))
    : []
}

/** A document's word for a list may be anything. */
export function list(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value.filter(isSchema) : []
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
