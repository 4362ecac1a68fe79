import { generateSync, type JsonSchema } from 'json-schema-faker'
import { refName, resolve, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import type { Validator } from './validator.ts'

/** Makes values that fit a schema: the same for the same schema and seed, always. The only user of the sampling library. */
export class Sampler {
  readonly #schemas: Schemas
  readonly #validator: Validator
  readonly #seed: number
  /** Names of members by which alternatives of the document are told apart. */
  readonly #tags: ReadonlySet<string>
  readonly #known = new WeakMap<SchemaObject, { readonly value: unknown }>()
  /** Likewise, of references that stand alone: each is an object of its own, and many mean the same. */
  readonly #named = new Map<string, { readonly value: unknown }>()
  readonly #fresh = new WeakMap<SchemaObject, Map<number, unknown>>()

  /** @param validator of the direction that samples are for */
  constructor(schemas: Schemas, validator: Validator, seed: number) {
    this.#schemas = schemas
    this.#validator = validator
    this.#seed = seed
    this.#tags = new Set(
      Object.values(schemas).flatMap(
        (schema) => (typeof schema === 'object' && schema.discriminator?.propertyName) || [],
      ),
    )
  }

  /** Undefined where no valid value was found: some schemas allow none. */
  sample(schema: Schema): unknown {
    if (typeof schema === 'boolean') return schema ? {} : undefined
    const name = Object.keys(schema).length === 1 ? schema.$ref : undefined
    const known = name === undefined ? this.#known.get(schema) : this.#named.get(name)
    if (known !== undefined) return known.value
    const made = { value: this.#best(schema) }
    if (name === undefined) this.#known.set(schema, made)
    else this.#named.set(name, made)
    return made.value
  }

  /** First as rich as it gets, then the least that will do. */
  #best(schema: SchemaObject): unknown {
    for (const attempt of [0, 1, 2, 3]) {
      const value = this.#generate(schema, attempt, attempt < 2)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** A rich value that differs with `salt`, examples left aside. */
  dynamic(schema: Schema, salt: string): unknown {
    if (typeof schema === 'boolean') return this.sample(schema)
    let hash = 0
    for (let index = 0; index < salt.length; index++) hash = (Math.imul(hash, 31) + salt.charCodeAt(index)) | 0
    return this.#generate(schema, (hash >>> 0) + 10, true, false) ?? this.sample(schema)
  }

  /** A value that differs with `salt`. Every session's first ids are the same, so the first ones are kept. */
  fresh(schema: Schema, salt: number): unknown {
    if (typeof schema === 'boolean' || salt >= MAX_FRESH) return this.#generate(schema, salt + 1, false, false)
    const known = this.#fresh.get(schema) ?? new Map<number, unknown>()
    this.#fresh.set(schema, known)
    if (!known.has(salt)) known.set(salt, this.#generate(schema, salt + 1, false, false))
    return known.get(salt)
  }

  #generate(schema: Schema, salt: number, optional: boolean, examples = true): unknown {
    const unfolded = new Unfolding(this.#schemas, this.#validator.foreign, this.#tags, optional, examples).unfold(
      schema,
      0,
    )
    try {
      const value: unknown = generateSync(unfolded as JsonSchema, {
        seed: this.#seed * 1_000_003 + salt,
        useExamplesValue: examples,
        alwaysFakeOptionals: optional,
        maxDefaultItems: 2,
        failOnInvalidTypes: false,
      })
      return value !== undefined && this.#validator.check(value, schema).length === 0 ? value : undefined
    } catch (error) {
      // The library throws plain errors for schemas that it can't satisfy.
      if (error instanceof Error) return undefined
      throw error
    }
  }
}

const MAX_FRESH = 2_000

/** Beyond these a document could make a sample as large as it likes. */
const MAX_DEPTH = 8
const MAX_NODES = 1_500
const MAX_ITEMS = 20
const MAX_LENGTH = 5_000

/** A schema without references and of limited size, from one that may be neither: the library gets nothing else. */
class Unfolding {
  readonly #schemas: Schemas
  readonly #foreign: Validator['foreign']
  readonly #tags: ReadonlySet<string>
  readonly #optional: boolean
  readonly #examples: boolean
  #nodes = 0

  constructor(
    schemas: Schemas,
    foreign: Validator['foreign'],
    tags: ReadonlySet<string>,
    optional: boolean,
    examples: boolean,
  ) {
    this.#schemas = schemas
    this.#foreign = foreign
    this.#tags = tags
    this.#optional = optional
    this.#examples = examples
  }

  unfold(schema: Schema, depth: number, path: readonly SchemaObject[] = []): Schema {
    if (typeof schema === 'boolean') return schema
    this.#nodes++
    if (depth > MAX_DEPTH * 2 || this.#nodes > MAX_NODES * 2) return true
    const { $ref, ...own } = schema
    const name = $ref === undefined ? undefined : refName($ref)
    const target = name === undefined || !Object.hasOwn(this.#schemas, name) ? undefined : this.#schemas[name]
    if (target === false) return false
    if (typeof target === 'object') {
      if (path.includes(target) && path.length > MAX_DEPTH) return true
      const unfolded = this.unfold(target, depth + 1, [...path, target])
      return typeof unfolded === 'boolean' ? unfolded : { ...unfolded, ...this.#keywords(own, depth, path) }
    }
    return this.#keywords(own, depth, path)
  }

  #keywords(schema: SchemaObject, depth: number, path: readonly SchemaObject[]): SchemaObject {
    const out: Record<string, unknown> = {}
    for (const keyword of COPIED) if (schema[keyword] !== undefined) out[keyword] = schema[keyword]
    if (schema.pattern !== undefined && isModest(schema.pattern)) out.pattern = schema.pattern
    for (const [keyword, limit] of LIMITS) {
      const value = schema[keyword]
      if (typeof value === 'number') out[keyword] = Math.min(value, limit)
    }
    if (typeof schema.maxLength === 'number') out.maxLength = Math.min(schema.maxLength, longest(schema))
    if (this.#examples) {
      if (Array.isArray(schema.examples) && schema.examples.length > 0) out.examples = [schema.examples[0]]
      else if (schema.example !== undefined) out.examples = [schema.example]
      else if (schema.default !== undefined) out.examples = [schema.default]
    }
    const below = (part: Schema): Schema => this.unfold(part, depth + 1, path)
    if (isRecord(schema.properties)) {
      const { properties } = schema
      out.properties = this.#properties(schema, properties, depth, path)
      if (Array.isArray(schema.required))
        out.required = schema.required.filter((name) => !this.#isForeign(properties[name]))
    } else if (isSchema(schema.additionalProperties)) out.additionalProperties = below(schema.additionalProperties)
    if (isSchema(schema.items)) {
      if (depth > MAX_DEPTH / 2 && !(Number(schema.minItems) > 0)) out.maxItems = 0
      else out.items = below(schema.items)
    }
    for (const keyword of ['prefixItems', 'allOf'] as const) {
      const parts = schema[keyword]
      if (Array.isArray(parts)) out[keyword] = parts.filter(isSchema).map(below)
    }
    for (const keyword of ['if', 'then', 'else', 'not', 'contains'] as const) {
      const part = schema[keyword]
      if (isSchema(part)) out[keyword] = below(part)
    }
    const branches = [schema.oneOf, schema.anyOf].filter(Array.isArray).map((parts) => parts.filter(isSchema))
    if (branches.length > 0) {
      const chosen = branches.map((parts) => this.#branch(schema, parts, below, depth))
      out.allOf = [...(Array.isArray(out.allOf) ? out.allOf : []), ...chosen]
    }
    return out
  }

  #properties(
    schema: SchemaObject,
    properties: Readonly<Record<string, Schema>>,
    depth: number,
    path: readonly SchemaObject[],
  ): Record<string, Schema> {
    const required = new Set(Array.isArray(schema.required) ? schema.required : [])
    const wanted = Object.entries(properties).filter(([name, property]) => {
      if (!isSchema(property) || this.#isForeign(property)) return false
      return (
        required.has(name) || this.#tags.has(name) || (this.#optional && depth <= MAX_DEPTH && this.#nodes < MAX_NODES)
      )
    })
    return Object.fromEntries(
      wanted.map(([name, property]) => {
        const unfolded = this.unfold(property, depth + 1, path)
        return [name, this.#examples ? legible(unfolded, name) : unfolded]
      }),
    )
  }

  /** Of the other direction: a required one isn't asked for in this. */
  #isForeign(property: Schema | undefined): boolean {
    const target = resolve(property, this.#schemas)
    return [property, target].some((one) => typeof one === 'object' && one[this.#foreign] === true)
  }

  /** The first branch, unless it is `null`; deep down, `null` if there is one. With a discriminator, its value too. */
  #branch(schema: SchemaObject, branches: readonly Schema[], below: (part: Schema) => Schema, depth: number): Schema {
    const isNull = (part: Schema): boolean => typeof part === 'object' && part.type === 'null'
    const chosen =
      (depth > MAX_DEPTH / 2 ? branches.find(isNull) : undefined) ??
      branches.find((part) => !isNull(part)) ??
      branches[0]
    if (chosen === undefined) return true
    const unfolded = below(chosen)
    const name = typeof chosen === 'object' && chosen.$ref !== undefined ? refName(chosen.$ref) : undefined
    const { discriminator } = schema
    if (name === undefined || discriminator === undefined || typeof unfolded === 'boolean') return unfolded
    const entry = Object.entries(discriminator.mapping ?? {}).find(([, target]) => (refName(target) ?? target) === name)
    const tag = { [discriminator.propertyName]: { const: entry?.[0] ?? name } }
    return { ...unfolded, properties: { ...unfolded.properties, ...tag } }
  }
}

const COPIED = [
  'type',
  'enum',
  'const',
  'required',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'maxItems',
  'maxProperties',
  'uniqueItems',
  'maxContains',
] as const
const LIMITS = [
  ['minLength', MAX_LENGTH],
  ['minItems', MAX_ITEMS],
  ['minProperties', MAX_ITEMS],
  ['minContains', MAX_ITEMS],
] as const

/** Where the document shows no value, a string reads as the name of its member, and a number is a small one: noise explains nothing. */
function legible(schema: Schema, name: string): Schema {
  return typeof schema === 'boolean' ? schema : legibleObject(schema, name)
}

function legibleObject(schema: SchemaObject, name: string): SchemaObject {
  const { type, items, allOf } = schema
  if (items !== undefined && schema.uniqueItems !== true) return { ...schema, items: legible(items, name) }
  const [only] = allOf ?? []
  // An alternative that was chosen.
  if (allOf?.length === 1 && typeof only === 'object' && Object.keys(schema).length === 1)
    return legibleObject(only, name)
  if (SAID.some((keyword) => schema[keyword] !== undefined)) return schema
  const types = [type].flat()
  const values = types.includes('string') ? [name] : types.some(isNumeric) ? [1, Number(schema.minimum)] : []
  const value = values.find((one) => fits(one, schema))
  return value === undefined ? schema : { ...schema, examples: [value] }
}

/** What speaks of the value already. */
const SAID = ['const', 'enum', 'examples', 'format', 'pattern', 'multipleOf', 'allOf', 'not', 'if'] as const

function isNumeric(type: unknown): boolean {
  return type === 'integer' || type === 'number'
}

function fits(value: string | number, schema: SchemaObject): boolean {
  if (typeof value === 'string')
    return value.length >= Number(schema.minLength ?? 0) && value.length <= Number(schema.maxLength ?? MAX_LENGTH)
  return (
    value >= Number(schema.minimum ?? value) &&
    value <= Number(schema.maximum ?? value) &&
    value > Number(schema.exclusiveMinimum ?? value - 1) &&
    value < Number(schema.exclusiveMaximum ?? value + 1)
  )
}

/** The library would make a string of any length that it may have, and takes its time: Stripe's document allows 5,000 everywhere. */
function longest({ minLength, pattern, format }: SchemaObject): number {
  if (pattern !== undefined) return MAX_LENGTH
  return Math.min(Number(minLength ?? 0), MAX_LENGTH) + (format === undefined ? 24 : 100)
}

/** No repetition by the thousand, and nothing that the library's generator reads as plain text. */
function isModest(pattern: unknown): pattern is string {
  return typeof pattern === 'string' && pattern.length < 1_000 && !/\{\d*,?\d{4,}\}/.test(pattern)
}

function isRecord(value: unknown): value is Readonly<Record<string, Schema>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
