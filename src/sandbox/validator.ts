import { format, type Schema as PlainSchema, validate } from '@cfworker/json-schema'
import { refName, resolve, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'

export interface Mismatch {
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string
  readonly detail: string
  /** The value isn't of the kind that the schema describes, rather than a bad one of it. */
  readonly structural: boolean
}

/**
 * Validates values against a document's schemas. The only user of the validation library, which interprets schemas and
 * generates no code, so that it runs under a strict content security policy.
 *
 * The library annotates what it is given and throws on keywords that aren't what they should be. It gets cleaned
 * copies, made when first needed.
 */
export class Validator {
  readonly #schemas: Schemas
  /** Required members that only the other direction has aren't asked for (OpenAPI 3.1 section 4.8.24.2). */
  readonly #foreign: 'readOnly' | 'writeOnly'
  readonly #cleaned = new WeakMap<SchemaObject, PlainSchema>()
  readonly #valid = new WeakMap<SchemaObject, WeakSet<object>>()
  readonly #lookup: Record<string, PlainSchema | boolean> = Object.create(null)

  constructor(schemas: Schemas, direction: 'request' | 'response') {
    this.#schemas = schemas
    this.#foreign = direction === 'request' ? 'readOnly' : 'writeOnly'
  }

  /** What doesn't fit, with where. Empty: the value is valid. */
  check(value: unknown, schema: Schema): Mismatch[] {
    const plain = this.#clean(schema)
    if (plain === true) return []
    try {
      const { valid, errors } = validate(value, plain, '2020-12', this.#lookup, false)
      return valid ? [] : mismatches(errors)
    } catch (error) {
      // A schema that refers to itself without end says nothing that could be checked.
      if (error instanceof RangeError) return []
      if (error instanceof URIError)
        return [{ pointer: '', detail: 'has a member whose name is not Unicode', structural: false }]
      throw error
    }
  }

  /** The same for values that never change: what was found valid once is not looked at again. */
  checkOnce(value: object, schema: Schema): Mismatch[] {
    if (typeof schema === 'boolean') return this.check(value, schema)
    const valid = this.#valid.get(schema) ?? new WeakSet()
    this.#valid.set(schema, valid)
    if (valid.has(value)) return []
    const mismatches = this.check(value, schema)
    if (mismatches.length === 0) valid.add(value)
    return mismatches
  }

  #clean(schema: Schema): PlainSchema | boolean {
    if (typeof schema === 'boolean') return schema
    const known = this.#cleaned.get(schema)
    if (known !== undefined) return known
    const plain: Record<string, unknown> = {}
    // Known before it is complete, for schemas that contain themselves.
    this.#cleaned.set(schema, plain)
    for (const [keyword, value] of Object.entries(schema)) {
      const kind = KEYWORDS[keyword]
      const cleaned = kind === undefined ? undefined : this.#keyword(schema, keyword, kind, value)
      if (cleaned !== undefined) plain[keyword] = cleaned
    }
    return plain
  }

  #keyword(schema: SchemaObject, keyword: string, kind: Kind, value: unknown): unknown {
    switch (kind) {
      case 'schema':
        return isSchema(value) ? this.#clean(value) : undefined
      case 'schemas':
        return Array.isArray(value) && value.length > 0
          ? value.filter(isSchema).map((one) => this.#clean(one))
          : undefined
      case 'map':
        return isRecord(value) ? this.#map(keyword, value) : undefined
      case 'number':
        return typeof value === 'number' && Number.isFinite(value) ? value : undefined
      case 'boolean':
        return typeof value === 'boolean' ? value : undefined
      case 'any':
        return value
      case 'list':
        return Array.isArray(value) ? value : undefined
      case 'type':
        return typeof value === 'string' || Array.isArray(value) ? value : undefined
      case 'names':
        return Array.isArray(value)
          ? value.filter((name) => typeof name === 'string' && !this.#skips(schema, name))
          : undefined
      case 'pattern':
        return typeof value === 'string' && isPattern(value) ? value : undefined
      case 'format':
        return typeof value === 'string' && Object.hasOwn(format, value) ? value : undefined
      case 'ref':
        return this.#reference(value)
    }
  }

  #map(keyword: string, value: Record<string, unknown>): Record<string, PlainSchema | boolean> {
    const entries = Object.entries(value).flatMap(([name, one]): [string, PlainSchema | boolean][] =>
      isSchema(one) && (keyword !== 'patternProperties' || isPattern(name)) ? [[name, this.#clean(one)]] : [],
    )
    return Object.fromEntries(entries)
  }

  /** The library finds the target by this very string. */
  #reference(value: unknown): string | undefined {
    const name = typeof value === 'string' ? refName(value) : undefined
    if (name === undefined || !Object.hasOwn(this.#schemas, name)) return undefined
    const key = `/${name}`
    if (!(key in this.#lookup)) this.#lookup[key] = this.#clean(this.#schemas[name] ?? true)
    return key
  }

  #skips(schema: SchemaObject, name: string): boolean {
    const member =
      isRecord(schema.properties) && Object.hasOwn(schema.properties, name) ? schema.properties[name] : true
    if (typeof member === 'object' && member[this.#foreign] === true) return true
    const target = resolve(member, this.#schemas)
    return typeof target === 'object' && target[this.#foreign] === true
  }
}

type Kind =
  | 'schema'
  | 'schemas'
  | 'map'
  | 'number'
  | 'boolean'
  | 'any'
  | 'list'
  | 'type'
  | 'names'
  | 'pattern'
  | 'format'
  | 'ref'

const KEYWORDS: Readonly<Record<string, Kind>> = Object.assign(Object.create(null), {
  $ref: 'ref',
  type: 'type',
  const: 'any',
  enum: 'list',
  required: 'names',
  dependentRequired: 'any',
  not: 'schema',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
  then: 'schema',
  else: 'schema',
  allOf: 'schemas',
  anyOf: 'schemas',
  oneOf: 'schemas',
  format: 'format',
  properties: 'map',
  patternProperties: 'map',
  additionalProperties: 'schema',
  unevaluatedProperties: 'schema',
  propertyNames: 'schema',
  dependentSchemas: 'map',
  minProperties: 'number',
  maxProperties: 'number',
  prefixItems: 'schemas',
  items: 'schema',
  unevaluatedItems: 'schema',
  contains: 'schema',
  minContains: 'number',
  maxContains: 'number',
  minItems: 'number',
  maxItems: 'number',
  uniqueItems: 'boolean',
  minimum: 'number',
  maximum: 'number',
  exclusiveMinimum: 'number',
  exclusiveMaximum: 'number',
  multipleOf: 'number',
  minLength: 'number',
  maxLength: 'number',
  pattern: 'pattern',
} satisfies Record<string, Kind>)

interface LibraryError {
  readonly keyword: string
  readonly keywordLocation: string
  readonly instanceLocation: string
  readonly error: string
}

/** Keywords that only say that something below them failed. */
const WRAPPERS = new Set([
  '$ref',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'unevaluatedItems',
  'allOf',
  'if',
  'dependentSchemas',
])

const STRUCTURAL = new Set(['type', 'anyOf', 'oneOf', 'required', 'false'])

/** The errors that say something, each place once. Of alternatives, that none fits, not why each of them doesn't. */
function mismatches(errors: readonly LibraryError[]): Mismatch[] {
  const alternatives = errors.filter(({ keyword }) => ['anyOf', 'oneOf', 'contains'].includes(keyword))
  const found = new Map<string, Mismatch>()
  for (const error of errors) {
    if (WRAPPERS.has(error.keyword) || alternatives.some((outer) => isBelow(error, outer))) continue
    const mismatch = {
      pointer: pointerOf(error),
      detail: detailOf(error),
      structural: STRUCTURAL.has(error.keyword),
    }
    found.set(`${mismatch.pointer} ${mismatch.detail}`, mismatch)
  }
  return found.size > 0 ? [...found.values()] : [{ pointer: '', detail: 'does not fit the schema', structural: false }]
}

function isBelow(error: LibraryError, outer: LibraryError): boolean {
  if (error === outer || !error.instanceLocation.startsWith(outer.instanceLocation)) return false
  // For the schema `false`, the library doesn't tell where it stands.
  return error.keyword === 'false' || error.keywordLocation.startsWith(`${outer.keywordLocation}/`)
}

function pointerOf({ keyword, instanceLocation, error }: LibraryError): string {
  const pointer = decodeURI(instanceLocation.slice(1))
  const name = keyword === 'required' ? /"(.*)"/s.exec(error)?.[1] : undefined
  return name === undefined ? pointer : `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function detailOf({ keyword, error }: LibraryError): string {
  if (keyword === 'required') return 'is required'
  if (keyword === 'false') return 'is not allowed here'
  if (keyword === 'anyOf') return 'fits none of the alternatives'
  if (keyword === 'type')
    return error
      .replace(/^Instance type "(\w+)" is invalid\. Expected (.*)\.$/s, 'is of type $1, not $2')
      .replaceAll('"', '')
  if (keyword === 'enum' || keyword === 'const')
    return error.replace(/^Instance does not match (any of )?(.*)\.$/s, 'is not $1$2')
  return error.replace(/^(Instance|String|Array) (?=[a-z])/, '').replace(/\.$/, '')
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
