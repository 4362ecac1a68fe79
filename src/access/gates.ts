import { requiredScopes } from '../model/fields.ts'
import { refName, resolve, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { isSchema, subschemas } from '../model/schema-walk.ts'

/** The schemas that describe one value. */
export interface Applied {
  readonly schemas: ReadonlySet<SchemaObject>
  /** What is known of members already, where the schemas are the same for every value. */
  readonly members?: Map<string, readonly Schema[]>
}

const MAX_KEPT = 500

const tables = new WeakMap<Schemas, GateTable>()

/** What is known of an API's gates, kept as long as its schemas are. */
export function gateTable(schemas: Schemas): GateTable {
  const known = tables.get(schemas)
  if (known !== undefined) return known
  const table = new GateTable(schemas)
  tables.set(schemas, table)
  return table
}

/** Answers which schemas describe a value, and whether one of them, or of its parts, is gated. */
export class GateTable {
  readonly #schemas: Schemas
  readonly #reaches = new WeakMap<SchemaObject, boolean>()
  readonly #scopes = new WeakMap<SchemaObject, readonly string[]>()
  readonly #fixed = new WeakMap<SchemaObject, Applied>()
  #subtypes: ReadonlyMap<Schema, readonly string[]> | undefined

  constructor(schemas: Schemas) {
    this.#schemas = schemas
  }

  scopes(schema: SchemaObject): readonly string[] {
    const known = this.#scopes.get(schema)
    if (known !== undefined) return known
    const scopes = requiredScopes(schema)
    this.#scopes.set(schema, scopes)
    return scopes
  }

  /** Whether a gate stands anywhere in what `schema` describes. */
  reaches(schema: Schema): boolean {
    if (typeof schema === 'boolean') return false
    const known = this.#reaches.get(schema)
    if (known !== undefined) return known
    const seen = new Set<SchemaObject>([schema])
    let found = false
    // A Set can grow while it is walked.
    for (const current of seen) {
      found = this.scopes(current).length > 0 || this.#reaches.get(current) === true
      if (found) break
      for (const next of this.#next(current)) if (typeof next === 'object') seen.add(next)
    }
    this.#reaches.set(schema, found)
    // What can be reached from where no gate is has none either.
    if (!found) for (const current of seen) this.#reaches.set(current, false)
    return found
  }

  /** The scopes of every gate in what `schema` describes. */
  all(schema: Schema): ReadonlySet<string> {
    const scopes = new Set<string>()
    if (!this.reaches(schema)) return scopes
    const seen = new Set<Schema>([schema])
    for (const current of seen) {
      if (typeof current === 'boolean') continue
      for (const scope of this.scopes(current)) scopes.add(scope)
      for (const next of this.#next(current)) seen.add(next)
    }
    return scopes
  }

  /**
   * The schemas that say something about `value` itself, through references and combinations. Which branch of several
   * applies isn't worked out: all of them count, unless the value's discriminator names one.
   */
  applied(schemas: readonly Schema[], value: unknown): Applied {
    const [only] = schemas
    const fixed = schemas.length === 1 && typeof only === 'object' ? this.#fixed.get(only) : undefined
    if (fixed !== undefined) return fixed
    const applied = new Set<SchemaObject>()
    let dynamic = false
    const add = (schema: unknown): void => {
      if (isSchema(schema) && typeof schema === 'object') applied.add(schema)
    }
    for (const schema of schemas) add(schema)
    for (const schema of applied) {
      add(this.#target(schema))
      for (const part of list(schema.allOf)) add(part)
      for (const branch of this.#branches(schema, value)) add(branch)
      add(schema.if)
      add(schema.then)
      add(schema.else)
      const dependent = schema.dependentSchemas
      if (isObject(dependent) && isObject(value))
        for (const [name, part] of Object.entries(dependent)) if (Object.hasOwn(value, name)) add(part)
      dynamic ||= schema.discriminator !== undefined || dependent !== undefined
    }
    // Where the value has no say, the answer is kept, and with it what becomes of each member.
    if (dynamic || schemas.length !== 1 || typeof only !== 'object') return { schemas: applied }
    const kept = { schemas: applied, members: new Map<string, readonly Schema[]>() }
    this.#fixed.set(only, kept)
    return kept
  }

  /** The schemas of the member `name` of a value that `applied` describe, as far as they lead to a gate. */
  member({ schemas, members }: Applied, name: string): readonly Schema[] {
    const known = members?.get(name)
    if (known !== undefined) return known
    const found = this.#member(schemas, name)
    // Names may come from who calls: not all of them are kept.
    if (members !== undefined && members.size < MAX_KEPT) members.set(name, found)
    return found
  }

  #member(applied: ReadonlySet<SchemaObject>, name: string): Schema[] {
    const all = [...applied].flatMap((schema) => {
      const found: Schema[] = []
      const own = isObject(schema.properties) && Object.hasOwn(schema.properties, name)
      if (own) found.push(schema.properties?.[name] ?? true)
      for (const [pattern, part] of Object.entries(schema.patternProperties ?? {}))
        if (matches(pattern, name)) found.push(part)
      if (found.length === 0 && schema.additionalProperties !== undefined) found.push(schema.additionalProperties)
      // Whether another subschema has evaluated the member isn't worked out either.
      if (!own && isSchema(schema.unevaluatedProperties)) found.push(schema.unevaluatedProperties)
      return found
    })
    return all.filter((schema) => this.reaches(schema))
  }

  /** The schemas of the element at `index` of a list that `applied` describe. */
  element({ schemas }: Applied, index: number): Schema[] {
    const all = [...schemas].flatMap((schema) => {
      const found: Schema[] = []
      const own = list(schema.prefixItems)[index]
      if (own !== undefined) found.push(own)
      else if (schema.items !== undefined) found.push(schema.items)
      for (const keyword of ['contains', 'unevaluatedItems']) if (isSchema(schema[keyword])) found.push(schema[keyword])
      return found
    })
    return all.filter((schema) => this.reaches(schema))
  }

  *#next(schema: SchemaObject): Generator<Schema> {
    const target = this.#target(schema)
    if (target !== undefined) yield target
    for (const child of subschemas(schema)) yield child.schema
    yield* this.#derived(schema).values()
  }

  #target(schema: SchemaObject): Schema | undefined {
    return schema.$ref === undefined ? undefined : this.#named(refName(schema.$ref))
  }

  #named(name: string | undefined): Schema | undefined {
    return name !== undefined && Object.hasOwn(this.#schemas, name) ? this.#schemas[name] : undefined
  }

  #branches(schema: SchemaObject, value: unknown): readonly Schema[] {
    const branches = [...list(schema.oneOf), ...list(schema.anyOf)]
    const derived = this.#derived(schema)
    const named = discriminated(schema, value)
    if (named === undefined) return [...branches, ...derived.values()]
    const chosen = branches.filter((branch) => nameOf(branch) === named)
    if (chosen.length > 0) {
      // A branch without a name can't be ruled out.
      return [...chosen, ...branches.filter((branch) => nameOf(branch) === undefined)]
    }
    const subtype = derived.get(named)
    return [...branches, ...(subtype === undefined ? derived.values() : [subtype])]
  }

  /** With a discriminator and no branches, the schemas that extend this one by `allOf`, or that its mapping names. */
  #derived(schema: SchemaObject): ReadonlyMap<string, Schema> {
    const derived = new Map<string, Schema>()
    if (schema.discriminator === undefined || schema.oneOf !== undefined || schema.anyOf !== undefined) return derived
    this.#subtypes ??= subtypes(this.#schemas)
    const mapped = Object.values(schema.discriminator.mapping ?? {}).map(mappingName)
    for (const name of [...mapped, ...(this.#subtypes.get(schema) ?? [])]) {
      const target = this.#named(name)
      if (target !== undefined) derived.set(name, target)
    }
    return derived
  }
}

/** For each schema, the names of those that extend it by `allOf`. */
function subtypes(schemas: Schemas): ReadonlyMap<Schema, readonly string[]> {
  const subtypes = new Map<Schema, string[]>()
  for (const [name, schema] of Object.entries(schemas)) {
    if (typeof schema === 'boolean') continue
    for (const part of list(schema.allOf)) {
      if (typeof part === 'boolean' || part.$ref === undefined) continue
      const parent = resolve(part, schemas)
      if (parent !== undefined) subtypes.set(parent, [...(subtypes.get(parent) ?? []), name])
    }
  }
  return subtypes
}

/** The name of the schema that the value's discriminator points at. */
function discriminated({ discriminator }: SchemaObject, value: unknown): string | undefined {
  if (discriminator === undefined || !isObject(value) || !Object.hasOwn(value, discriminator.propertyName))
    return undefined
  const name = value[discriminator.propertyName]
  if (typeof name !== 'string') return undefined
  const { mapping } = discriminator
  return isObject(mapping) && Object.hasOwn(mapping, name) ? mappingName(mapping[name] ?? name) : name
}

/** A mapping's value is a reference or a bare name (OpenAPI 3.1 section 4.8.25). */
function mappingName(target: string): string {
  return refName(target) ?? target
}

function nameOf(schema: Schema): string | undefined {
  return typeof schema === 'object' && schema.$ref !== undefined ? refName(schema.$ref) : undefined
}

/** A pattern that can't be read matches: what it may gate is better withheld. */
function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name)
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
}

/** A document's word for a list may be anything. */
function list(value: readonly Schema[] | undefined): readonly Schema[] {
  return Array.isArray(value) ? value.filter(isSchema) : []
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
