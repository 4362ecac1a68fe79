import { requiredScopes } from '../model/fields.ts'
import { refName, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'

/** A schema as a reader thinks of it: references followed, `allOf` merged, `null` taken out of unions. */
export interface FlatSchema {
  /** Named schemas that were gone through, outermost first. */
  readonly names: readonly string[]
  /** Keywords that stand once; of two that speak of the same, the outer rules. */
  readonly own: SchemaObject
  /** A property that several parts speak of has several schemas. */
  readonly properties: ReadonlyMap<string, readonly Schema[]>
  readonly required: ReadonlySet<string>
  readonly unions: readonly Union[]
  readonly nullable: boolean
  readonly scopes: readonly string[]
  /** False: the schema `false`, which nothing satisfies. */
  readonly possible: boolean
  /** Nothing had to be merged: `own` is the schema itself, as it stands in the document. */
  readonly plain?: true
}

export interface Union {
  readonly kind: 'one of' | 'any of'
  readonly options: readonly Schema[]
  readonly discriminator?: SchemaObject['discriminator']
}

const MOST_PARTS = 200

/** What was merged before: by name where a reference stands alone, since many mean the same. */
interface Merged {
  readonly named: Map<string, FlatSchema>
  readonly others: WeakMap<SchemaObject, FlatSchema>
}

const merged = new WeakMap<Schemas, Merged>()

export function flatten(schema: Schema, schemas: Schemas): FlatSchema {
  if (typeof schema === 'boolean') return merge(schema, schemas)
  if (isPlain(schema)) return plain(schema)
  const { named, others } = mergedOf(schemas)
  const name = Object.keys(schema).length === 1 ? schema.$ref : undefined
  const flat = (name === undefined ? others.get(schema) : named.get(name)) ?? merge(schema, schemas)
  if (name === undefined) others.set(schema, flat)
  else named.set(name, flat)
  return flat
}

function mergedOf(schemas: Schemas): Merged {
  const known = merged.get(schemas) ?? { named: new Map(), others: new WeakMap() }
  merged.set(schemas, known)
  return known
}

/** Most schemas have nothing that would have to be merged. */
function isPlain(schema: SchemaObject): boolean {
  for (const key of MERGED) if (schema[key] !== undefined) return false
  return true
}

const NOTHING: Omit<FlatSchema, 'own' | 'nullable'> = {
  names: [],
  properties: new Map(),
  required: new Set(),
  unions: [],
  scopes: [],
  possible: true,
  plain: true,
}

function plain(own: SchemaObject): FlatSchema {
  return { ...NOTHING, own, nullable: Array.isArray(own.type) && own.type.includes('null') }
}

function merge(schema: Schema, schemas: Schemas): FlatSchema {
  const names: string[] = []
  const own: Record<string, unknown> = {}
  const properties = new Map<string, Schema[]>()
  const required = new Set<string>()
  const unions: Union[] = []
  const scopes = new Set<string>()
  let nullable = false
  let possible = true
  let parts = 0

  const absorb = (part: Schema, path: readonly string[]): void => {
    if (++parts > MOST_PARTS) return
    if (typeof part === 'boolean') {
      if (!part) possible = false
      return
    }
    for (const [key, value] of Object.entries(part)) if (!MERGED.has(key) && !(key in own)) own[key] = value
    for (const scope of requiredScopes(part)) scopes.add(scope)
    for (const name of part.required ?? []) required.add(name)
    for (const [name, child] of Object.entries(part.properties ?? {}))
      properties.set(name, [...(properties.get(name) ?? []), child])
    for (const kind of ['oneOf', 'anyOf'] as const) {
      const options = part[kind]
      if (!Array.isArray(options)) continue
      const solid = options.filter((option) => !isNull(option))
      if (solid.length < options.length) nullable = true
      const [only] = solid
      if (solid.length === 1 && only !== undefined) absorb(only, path)
      else if (solid.length > 1)
        unions.push({
          kind: kind === 'oneOf' ? 'one of' : 'any of',
          options: solid,
          ...(part.discriminator && { discriminator: part.discriminator }),
        })
    }
    if (part.$ref !== undefined) {
      const name = refName(part.$ref)
      if (name !== undefined && !path.includes(name) && Object.hasOwn(schemas, name)) {
        if (path.length === 0 || names.length === path.length) names.push(name)
        absorb(schemas[name] ?? true, [...path, name])
      }
    }
    const all = part.allOf ?? []
    for (const child of all) {
      // A lone reference in `allOf` is how OpenAPI 3.0 puts a description beside a `$ref`: it keeps its name.
      const inner = all.length === 1 && part.properties === undefined ? path : [...path, '']
      absorb(child, inner)
    }
  }

  absorb(schema, [])
  if (Array.isArray(own.type) && own.type.includes('null')) nullable = true
  return { names, own, properties, required, unions, nullable, scopes: [...scopes], possible }
}

const MERGED = new Set([
  '$ref',
  'allOf',
  'oneOf',
  'anyOf',
  'properties',
  'required',
  'x-required-scopes',
  'discriminator',
])

function isNull(schema: Schema): boolean {
  return (
    typeof schema === 'object' &&
    (schema.type === 'null' || schema.const === null || (schema.enum?.length === 1 && schema.enum[0] === null))
  )
}

/** `type` as a list without `null`; inferred from other keywords where it is not said. */
export function types(flat: FlatSchema): string[] {
  const { type } = flat.own
  const said = typeof type === 'string' ? [type] : Array.isArray(type) ? type : []
  const solid = said.filter((name) => name !== 'null')
  if (said.length > 0) return solid.length > 0 ? solid : ['null']
  if (
    flat.properties.size > 0 ||
    isSchemaLike(flat.own.additionalProperties) ||
    flat.own.patternProperties !== undefined
  )
    return ['object']
  if (flat.own.items !== undefined || flat.own.prefixItems !== undefined) return ['array']
  return []
}

/** Whether there is something to show below: fields, choices, places of a tuple. */
export function isStructured(flat: FlatSchema): boolean {
  const { own } = flat
  return (
    flat.properties.size > 0 ||
    flat.unions.length > 0 ||
    own.patternProperties !== undefined ||
    isSchemaLike(own.additionalProperties) ||
    isSchemaLike(own.unevaluatedProperties) ||
    own.if !== undefined ||
    isSchemaLike(own.dependentSchemas) ||
    places(flat).some(([, schema]) => typeof schema === 'object')
  )
}

/** Of a tuple: one after the other, and what comes after them. */
export function places({ own: { prefixItems, items, unevaluatedItems } }: FlatSchema): [string, Schema][] {
  if (prefixItems === undefined) return []
  const first = prefixItems.map((schema, index): [string, Schema] => [String(index + 1), schema])
  const rest = items ?? unevaluatedItems
  return isSchemaLike(rest) ? [...first, [`${first.length + 1}…`, rest]] : first
}

/**
 * What a value takes, whatever it is: as one, for its elements, and for any branch that no discriminator tells from the
 * others. A body is redacted by the same: see `access/gates.ts`.
 */
export function scopesOn(flat: FlatSchema, schemas: Schemas): readonly string[] {
  const seen = new Set([flat])
  // A Set can grow while it is walked.
  for (const { own, unions } of seen) {
    const branches = unions.flatMap(({ options, discriminator }) => (discriminator === undefined ? options : []))
    const parts = [...branches, own.if, own.then, own.else, own.items]
    for (const part of parts) if (isSchemaLike(part)) seen.add(flatten(part, schemas))
  }
  return [...new Set([...seen].flatMap(({ scopes }) => scopes))]
}

export function isSchemaLike(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
