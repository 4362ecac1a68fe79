import { requiredScopes } from '../../model/fields.ts'
import { refName, type Schema, type SchemaObject, type Schemas } from '../../model/schema.ts'
import { circles } from './circles.ts'
import type { TypeOptions } from './client.ts'
import { isDateTime } from './dates.ts'
import { type Direction, type Directions, isAbsent, isBinary } from './directions.ts'
import { Discriminators, isObject } from './discriminators.ts'
import { comment, key, prose, quote } from './text.ts'
import {
  array,
  intersection,
  isUnknown,
  literalType,
  NEVER,
  NULL,
  plain,
  type TypeText,
  UNKNOWN,
  union,
  written,
} from './type-text.ts'

interface Member {
  /** With its documentation. */
  readonly line: string
  readonly type: TypeText
  readonly isOptional: boolean
}

/** Where a type is written. */
interface Place {
  readonly direction: Direction
  readonly indent: string
  /** The named schema whose type this is a part of, other than by a member of an object. */
  readonly within?: string | undefined
  /** Values that the members of this object must have. */
  readonly tags?: ReadonlyMap<string, readonly string[]> | undefined
}

/** What types name that isn't in their own file, or is declared once in it. */
type Name = '$Gated' | '$Upload' | 'WithRequired'

/** Writes the types of schemas, in terms of `components['schemas']`. */
export class SchemaTypes {
  readonly #schemas: Schemas
  readonly #directions: Directions
  readonly #discriminators: Discriminators
  readonly #circles: ReturnType<typeof circles>
  readonly #options: TypeOptions
  readonly #used = new Set<Name>()

  /** @param unnamed the schemas in operations */
  constructor(schemas: Schemas, unnamed: readonly Schema[], directions: Directions, options: TypeOptions) {
    this.#schemas = schemas
    this.#directions = directions
    this.#discriminators = new Discriminators(schemas, unnamed)
    this.#circles = circles(schemas)
    this.#options = options
  }

  /** The names that the types written so far use. */
  get used(): ReadonlySet<Name> {
    return this.#used
  }

  /** The type that a named schema stands for. */
  named(source: string, direction: Direction, indent: string): string {
    const tags = this.#discriminators.of(source)
    return written(this.#type(this.#schemas[source] ?? true, { direction, indent, within: source, tags }))
  }

  of(schema: Schema | undefined, direction: Direction, indent: string): string {
    return written(this.#type(schema ?? true, { direction, indent }))
  }

  #type(schema: Schema, place: Place): TypeText {
    if (typeof schema === 'boolean') return schema ? UNKNOWN : NEVER
    const scopes = [...new Set(requiredScopes(schema))].sort()
    const type = this.#ungated(schema, place)
    if (scopes.length === 0) return type
    return plain(`${this.#use('$Gated')}<${scopes.map(quote).join(' | ')}, ${written(type)}>`)
  }

  #ungated(schema: SchemaObject, place: Place): TypeText {
    if (typeof schema.$ref === 'string') return this.#reference(schema.$ref, place)
    if (schema.const !== undefined) return literalType(schema.const)
    const values = enumeration(schema)
    if (values !== undefined) return this.#enum(values, schema)
    return this.#composed(schema, place)
  }

  #reference(ref: string, { direction, within }: Place): TypeText {
    const source = refName(ref)
    if (source === undefined || !Object.hasOwn(this.#schemas, source) || this.#isCircular(within, source))
      return UNKNOWN
    return plain(`components['schemas'][${quote(this.#directions.name(source, direction))}]`)
  }

  #isCircular(within: string | undefined, target: string): boolean {
    return within !== undefined && this.#circles.get(within)?.has(target) === true
  }

  #enum(values: readonly unknown[], schema: SchemaObject): TypeText {
    const types = values.map(literalType)
    const texts = values.filter((value) => typeof value === 'string')
    // One value alone tells schemas apart, and stays.
    const isOpen =
      this.#options.enums === 'open' && texts.length > 1 && texts.length === values.filter(isPresent).length
    // An intersection, so that editors go on proposing the literals.
    const others = isOpen ? [plain('(string & {})')] : []
    return union([
      ...types.filter((type) => type !== NULL),
      ...others,
      ...(isNullable(schema) || values.includes(null) ? [NULL] : []),
    ])
  }

  /** What a schema says by itself, and all that it is composed of. */
  #composed(schema: SchemaObject, place: Place): TypeText {
    const inner = { ...place, tags: undefined }
    const any = (schemas: readonly Schema[] | undefined): TypeText =>
      schemas === undefined || schemas.length === 0 ? UNKNOWN : union(schemas.map((each) => this.#type(each, inner)))
    const composed = intersection([
      ...(schema.allOf ?? []).map((item) => this.#base(item, schema, place)),
      any(schema.anyOf),
      any(schema.oneOf),
    ])
    const own = this.#own(schema, place)
    const type = isUnknown(composed) ? own.type : own.structured ? intersection([own.type, composed]) : composed
    if (!isNullable(schema)) return type
    return isUnknown(type) && [schema.type].flat().every((each) => each === 'null') ? NULL : union([type, NULL])
  }

  /** One of `allOf`, with what the whole requires of its members. */
  #base(item: Schema, whole: SchemaObject, place: Place): TypeText {
    const inner = { ...place, tags: undefined }
    if (typeof item === 'boolean') return this.#type(item, inner)
    const name = typeof item.$ref === 'string' ? refName(item.$ref) : undefined
    if (name === undefined) return this.#type({ ...item, required: [...requiredOf(whole), ...requiredOf(item)] }, inner)
    const target = this.#schemas[name]
    const type = this.#type(item, inner)
    if (typeof target !== 'object') return type
    // All but the alternatives, which lead back here.
    if (this.#isCircular(place.within, name)) return this.#own(target, inner).type
    if (requiredScopes(target).length > 0) return type
    const differing = [...(place.tags?.keys() ?? [])].filter((tag) => this.#discriminators.of(name)?.has(tag))
    const required = requiredOf(whole).filter(
      (member) => !differing.includes(member) && this.#hasMember(target, member, place.direction),
    )
    const complete =
      required.length === 0
        ? type
        : plain(`${this.#use('WithRequired')}<${written(type)}, ${required.map(quote).join(' | ')}>`)
    return differing.length === 0 ? complete : plain(`Omit<${written(complete)}, ${differing.map(quote).join(' | ')}>`)
  }

  #hasMember(schema: SchemaObject, name: string, direction: Direction): boolean {
    const { properties = {} } = schema
    if (!isObject(schema) || isNullable(schema) || enumeration(schema) !== undefined || schema.const !== undefined)
      return false
    return Object.hasOwn(properties, name) && !isAbsent(properties[name] ?? true, direction, this.#schemas)
  }

  /** Without `null`, and without what it is composed of. Structured: it says more than which kind of value it is. */
  #own(schema: SchemaObject, place: Place): { readonly type: TypeText; readonly structured: boolean } {
    const kinds = kindsOf(schema, place.tags !== undefined)
    const type = kinds.length === 0 ? UNKNOWN : union(kinds.map((kind) => this.#kind(kind, schema, place)))
    return { type, structured: kinds.some((kind) => kind === 'array' || kind === 'object') && type !== RECORD }
  }

  #kind(kind: string, schema: SchemaObject, place: Place): TypeText {
    switch (kind) {
      case 'string':
        if (isBinary({ ...schema, type: kind }))
          return plain(place.direction === 'request' ? this.#use('$Upload') : 'Blob')
        return plain(this.#options.dates === 'Date' && isDateTime(schema) ? 'Date' : 'string')
      case 'number':
      case 'integer':
        return plain('number')
      case 'boolean':
        return plain('boolean')
      case 'array':
        return this.#array(schema, { ...place, tags: undefined })
      case 'object':
        return this.#object(schema, place)
      default:
        return UNKNOWN
    }
  }

  #array({ prefixItems, items, enum: values }: SchemaObject, place: Place): TypeText {
    const first: readonly Schema[] | undefined = prefixItems ?? (Array.isArray(items) ? items : undefined)
    if (first !== undefined) {
      const elements = first.map((item) => written(this.#type(item, place)))
      const rest =
        prefixItems !== undefined && typeof items === 'object' ? [`...${written(array(this.#type(items, place)))}`] : []
      return plain(`[${[...elements, ...rest].join(', ')}]`)
    }
    // Values of an array that are none: they are meant for its items.
    const element =
      values === undefined || values.length === 0 ? this.#type(items ?? true, place) : union(values.map(literalType))
    return array(element)
  }

  #object(schema: SchemaObject, place: Place): TypeText {
    const members = this.#members(schema, place)
    const inner = { direction: place.direction, indent: `${place.indent}  ` }
    const { additionalProperties = false, patternProperties = {} } = schema
    const others = [additionalProperties, ...Object.values(patternProperties)].filter((other) => other !== false)
    const lines = members.map(({ line }) => line)
    if (others.length === 0) return members.length === 0 ? RECORD : plain(block(lines, place.indent))
    // An index signature covers the members, too: no literal fits an intersection of both. What is written out is so once.
    const covered = members.map(({ type }) => (written(type).includes('{') ? UNKNOWN : type))
    const optional = members.some(({ isOptional }) => isOptional) ? [plain('undefined')] : []
    const value = union([...others.map((other) => this.#type(other, inner)), ...covered, ...optional])
    return plain(block([...lines, `${inner.indent}[key: string]: ${written(value)}\n`], place.indent))
  }

  #members(schema: SchemaObject, { direction, indent, tags = new Map() }: Place): Member[] {
    const { properties = {} } = schema
    const required = requiredOf(schema)
    const inner = `${indent}  `
    const missing = [...tags.keys()].filter((tag) => !Object.hasOwn(properties, tag))
    const present = Object.keys(properties).filter(
      (name) => !isAbsent(properties[name] ?? true, direction, this.#schemas),
    )
    return [...missing, ...present].map((name) => {
      const member = properties[name] ?? true
      const values = tags.get(name)
      const type =
        values === undefined ? this.#type(member, { direction, indent: inner }) : union(values.map(literalType))
      const isOptional = values === undefined && !required.includes(name)
      const readOnly = typeof member === 'object' && member.readOnly === true ? 'readonly ' : ''
      const line = `${documentation(member, inner)}${inner}${readOnly}${key(name)}${isOptional ? '?' : ''}: ${written(type)}\n`
      return { line, type, isOptional }
    })
  }

  #use(name: Name): Name {
    this.#used.add(name)
    return name
  }
}

const RECORD = plain('Record<string, unknown>')

/** @param members each on lines of its own, indented */
export function block(members: readonly string[], indent: string): string {
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`
}

/** A comment of what the document says of a schema. */
export function documentation(schema: Schema, indent: string): string {
  if (typeof schema === 'boolean') return ''
  const { title, description, format, deprecated } = schema
  const text = typeof description === 'string' && description !== '' ? description : title
  return comment(
    [
      typeof text === 'string' ? prose(text) : undefined,
      typeof format === 'string' ? prose(`Format: ${format}`) : undefined,
      deprecated === true ? '@deprecated' : undefined,
    ],
    indent,
  )
}

/** The values that are all there is; undefined where a schema isn't an enumeration, or is an array of one. */
function enumeration({
  enum: values,
  type,
  properties,
  additionalProperties,
}: SchemaObject): readonly unknown[] | undefined {
  if (!Array.isArray(values) || values.length === 0 || properties !== undefined) return undefined
  if (type === 'object' && additionalProperties !== undefined) return undefined
  return type === 'array' && !values.some(Array.isArray) ? undefined : values
}

/** Draft 3 of JSON Schema had `required: true`, which documents still say: it requires no member. */
function requiredOf({ required }: SchemaObject): readonly string[] {
  return Array.isArray(required) ? required : []
}

/** The types that a schema states or that its keywords are about, without `null`. */
function kindsOf(schema: SchemaObject, isTagged: boolean): readonly string[] {
  const { type, properties, additionalProperties, patternProperties, items, prefixItems } = schema
  if (typeof type === 'string') return type === 'null' ? [] : [type]
  if (Array.isArray(type)) return type.filter((each) => each !== 'null')
  if (isTagged || [properties, patternProperties].some(isPresent) || (additionalProperties ?? false) !== false)
    return ['object']
  return isPresent(items ?? prefixItems) ? ['array'] : []
}

/** `nullable` is what an upgraded OpenAPI 3.0 document may still say beside a composition. */
function isNullable({ type, nullable }: SchemaObject): boolean {
  return nullable === true || type === 'null' || (Array.isArray(type) && type.includes('null'))
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}
