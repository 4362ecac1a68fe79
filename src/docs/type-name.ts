import type { Schema, Schemas } from '../model/schema.ts'
import { type FlatSchema, flatten, isSchemaLike, types } from './schema-flat.ts'

const MOST_OPTIONS = 4
const LONGEST_LITERAL = 24

/** A schema's type as a reader would write it: `string (email)`, `Money | null`, `Employee[]`, `map of string`. */
export function typeName(schema: Schema, schemas: Schemas, depth = 0): string {
  return flatTypeName(flatten(schema, schemas), schemas, depth)
}

export function flatTypeName(flat: FlatSchema, schemas: Schemas, depth = 0): string {
  if (!flat.possible) return 'never'
  const base = solidName(flat, schemas, depth)
  return flat.nullable && base !== 'null' && base !== 'any' ? `${base} | null` : base
}

function solidName(flat: FlatSchema, schemas: Schemas, depth: number): string {
  const [name] = flat.names
  const list = types(flat)
  const structured = list.includes('object') || list.includes('array') || flat.unions.length > 0
  if (name !== undefined && structured && !(list[0] === 'array' && depth < 2)) return name
  if ('const' in flat.own) return literal(flat.own.const)
  if (Array.isArray(flat.own.enum)) return enumName(flat.own.enum, list)
  const [union] = flat.unions
  if (union !== undefined && flat.properties.size === 0) {
    if (depth > 2) return union.kind
    const options = [...new Set(union.options.map((option) => typeName(option, schemas, depth + 1)))]
    return options.length <= MOST_OPTIONS ? options.join(' | ') : `${union.kind} ${options.length}`
  }
  if (list.length === 0) return 'any'
  return list.map((type) => oneType(type, flat, schemas, depth)).join(' | ')
}

function oneType(type: string, flat: FlatSchema, schemas: Schemas, depth: number): string {
  const { own } = flat
  if (type === 'array') {
    if (Array.isArray(own.prefixItems)) {
      if (depth > 2) return 'tuple'
      const places = own.prefixItems.map((item) => typeName(item, schemas, depth + 1))
      const rest = isSchemaLike(own.items)
        ? [`…${typeName({ type: 'array', items: own.items }, schemas, depth + 1)}`]
        : []
      return `[${[...places, ...rest].join(', ')}]`
    }
    if (own.items === undefined || own.items === true) return 'any[]'
    const item = depth > 3 ? 'any' : typeName(own.items, schemas, depth + 1)
    return /[|,]| of /.test(item) ? `(${item})[]` : `${item}[]`
  }
  if (type === 'object' && flat.properties.size === 0 && isSchemaLike(own.additionalProperties))
    return depth > 3 ? 'map' : `map of ${typeName(own.additionalProperties, schemas, depth + 1)}`
  if (type === 'string' && typeof own.contentMediaType === 'string' && own.format === undefined)
    return `string (${own.contentMediaType})`
  return typeof own.format === 'string' && own.format !== '' ? `${type} (${own.format})` : type
}

function enumName(values: readonly unknown[], list: readonly string[]): string {
  const shown = values.filter((value) => value !== null).map(literal)
  if (shown.length > 0 && shown.length <= MOST_OPTIONS && shown.join(' | ').length <= 48) return shown.join(' | ')
  return list[0] ?? 'string'
}

/** What a reader would take for something else than a string of these letters: a number, `true`, `null`, a type. */
const ANOTHER_VALUE =
  /^(-?\d+(\.\d+)?(e[+-]?\d+)?|true|false|null|any|never|map|tuple|string|number|integer|boolean|object|array)$/i

/** A value in a type: a short string without quotes where mono says enough; anything else as JSON. */
export function literal(value: unknown): string {
  const bare = typeof value === 'string' && /^[\w.:/-]+$/.test(value) && !ANOTHER_VALUE.test(value)
  const text = bare ? value : (JSON.stringify(value) ?? 'undefined')
  return text.length <= LONGEST_LITERAL * 3 ? text : `${text.slice(0, LONGEST_LITERAL * 3)}…`
}
