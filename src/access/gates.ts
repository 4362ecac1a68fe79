import { requiredScopes } from '../model/fields.ts'
import { patternTest } from '../model/pattern.ts'
import type { Schema, SchemaObject, Schemas } from '../model/schema.ts'
import { isSchema, subschemas } from '../model/schema-walk.ts'
import { Branches, isObject, list } from './branches.ts'

/** The schemas that describe a value, of those that lead to a gate. The same schemas are the same object. */
export interface Description {
  readonly schemas: readonly SchemaObject[]
  /** Scopes of every gate on the value or on anything in it. */
  readonly gates: ReadonlySet<string>
  /** Members of the value that have a say in what else describes it. */
  readonly deciding: readonly string[]
  /** What follows, by what those members say. */
  readonly shapes: Map<string, Shape>
}

/** What is known of a value once it is known which schemas describe it. */
export interface Shape {
  readonly schemas: readonly SchemaObject[]
  /** Of the gates on the value itself. */
  readonly scopes: readonly string[]
  /** Scopes of gates in a string that holds a document of its own, out of which nothing can be taken. */
  readonly content: readonly string[]
  /** By name and by index, as far as someone asked; null: no gate there. */
  readonly members: Map<string, Description | null>
  readonly elements: Map<number, Description | null>
  /** How many elements have a schema by position. */
  readonly positions: number
}

/** Names may come from who calls: not all that becomes of them is kept. */
const MOST_KEPT = 500

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
  readonly #branches: Branches
  readonly #gates = new WeakMap<SchemaObject, ReadonlySet<string>>()
  readonly #ids = new WeakMap<SchemaObject, number>()
  readonly #descriptions = new Map<string, Description>()
  #count = 0

  constructor(schemas: Schemas) {
    this.#branches = new Branches(schemas)
  }

  /** The scopes of every gate in what `schema` describes. */
  all(schema: Schema): ReadonlySet<string> {
    if (typeof schema === 'boolean') return NONE
    const known = this.#gates.get(schema)
    if (known !== undefined) return known
    const seen = new Set<SchemaObject>([schema])
    const scopes = new Set<string>()
    // A Set can grow while it is walked.
    for (const current of seen) {
      for (const scope of requiredScopes(current)) scopes.add(scope)
      for (const { schema: child } of subschemas(current)) if (typeof child === 'object') seen.add(child)
      for (const other of this.#branches.any(current)) if (typeof other === 'object') seen.add(other)
    }
    this.#gates.set(schema, scopes)
    // What can be reached from where no gate is has none either.
    if (scopes.size === 0) for (const current of seen) this.#gates.set(current, scopes)
    return scopes
  }

  /** What schemas say together of one value; null where none of them leads to a gate. */
  describe(schemas: readonly Schema[]): Description | null {
    const gated = [...new Set(schemas)].filter((schema) => typeof schema === 'object' && this.all(schema).size > 0)
    if (gated.length === 0) return null
    const leading = gated as SchemaObject[]
    const key = leading
      .map((schema) => this.#id(schema))
      .sort((a, b) => a - b)
      .join(' ')
    const known = this.#descriptions.get(key)
    if (known !== undefined) return known
    const gates = new Set(leading.flatMap((schema) => [...this.all(schema)]))
    const description = { schemas: leading, gates, deciding: this.#deciding(leading), shapes: new Map() }
    if (this.#descriptions.size < MOST_KEPT * 100) this.#descriptions.set(key, description)
    return description
  }

  shape(description: Description, value: unknown): Shape {
    const key = description.deciding.length === 0 ? '' : said(description.deciding, value)
    const known = description.shapes.get(key)
    if (known !== undefined) return known
    const applied = new Set<SchemaObject>(description.schemas)
    for (const schema of applied)
      for (const other of this.#branches.of(schema, value)) if (typeof other === 'object') applied.add(other)
    const schemas = [...applied]
    const shape: Shape = {
      schemas,
      scopes: [...new Set(schemas.flatMap(requiredScopes))],
      content: [
        ...new Set(
          schemas.flatMap(({ contentSchema }) => (isSchema(contentSchema) ? [...this.all(contentSchema)] : [])),
        ),
      ],
      members: new Map(),
      elements: new Map(),
      positions: Math.max(...schemas.map(({ prefixItems }) => list(prefixItems).length)),
    }
    if (description.shapes.size < MOST_KEPT) description.shapes.set(key, shape)
    return shape
  }

  member(shape: Shape, name: string): Description | null {
    const known = shape.members.get(name)
    if (known !== undefined) return known
    const found = this.describe(shape.schemas.flatMap((schema) => memberSchemas(schema, name)))
    if (shape.members.size < MOST_KEPT) shape.members.set(name, found)
    return found
  }

  element(shape: Shape, index: number): Description | null {
    // All that have no schema of their own are described alike.
    const position = Math.min(index, shape.positions)
    const known = shape.elements.get(position)
    if (known !== undefined) return known
    const found = this.describe(shape.schemas.flatMap((schema) => elementSchemas(schema, position)))
    shape.elements.set(position, found)
    return found
  }

  #deciding(schemas: readonly SchemaObject[]): string[] {
    const seen = new Set(schemas)
    for (const schema of seen)
      for (const other of this.#branches.any(schema)) if (typeof other === 'object') seen.add(other)
    return [...new Set([...seen].flatMap((schema) => this.#branches.deciding(schema)))]
  }

  #id(schema: SchemaObject): number {
    const known = this.#ids.get(schema)
    if (known !== undefined) return known
    this.#ids.set(schema, ++this.#count)
    return this.#count
  }
}

const NONE: ReadonlySet<string> = new Set()

/** What members that decide say of a value, as a key. */
function said(deciding: readonly string[], value: unknown): string {
  if (!isObject(value)) return '-'
  return JSON.stringify(
    deciding.map((name) => {
      const member = Object.hasOwn(value, name) ? value[name] : null
      return typeof member === 'string' ? member : Object.hasOwn(value, name)
    }),
  )
}

/** What one schema says of the member `name`. */
export function memberSchemas(schema: SchemaObject, name: string): Schema[] {
  const found: Schema[] = []
  const own = isObject(schema.properties) && Object.hasOwn(schema.properties, name)
  if (own) found.push(schema.properties?.[name] ?? true)
  let matched = false
  for (const [pattern, part] of isObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : []) {
    const match = matches(pattern, name)
    if (match !== false) found.push(part as Schema)
    matched ||= match === true
  }
  if (!own && !matched && isSchema(schema.additionalProperties)) found.push(schema.additionalProperties)
  // Whether another subschema has evaluated the member isn't worked out.
  if (!own && isSchema(schema.unevaluatedProperties)) found.push(schema.unevaluatedProperties)
  return found.filter(isSchema)
}

/** What one schema says of the element at `index`. */
function elementSchemas(schema: SchemaObject, index: number): Schema[] {
  const own = list(schema.prefixItems)[index]
  return [own ?? schema.items, schema.contains, schema.unevaluatedItems].filter(isSchema)
}

const tests = new Map<string, ReturnType<typeof patternTest>>()
const MAX_TESTS = 1_000

/** Whether a name fits a pattern; undefined for one that can't be read: it gates what it might, and frees nothing. */
function matches(pattern: string, name: string): boolean | undefined {
  const test = tests.has(pattern) ? tests.get(pattern) : patternTest(pattern)
  if (tests.size < MAX_TESTS) tests.set(pattern, test)
  return test?.(name)
}
