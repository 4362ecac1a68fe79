import type { Schema, SchemaObject } from './schema.ts'
import { escapePointer } from './schema.ts'

/** Keywords of JSON Schema 2020-12 whose value is a schema, a list of schemas, or a map of schemas. */
const KEYWORDS: ReadonlyMap<string, 'one' | 'list' | 'map'> = new Map([
  ...[
    'items',
    'additionalProperties',
    'unevaluatedItems',
    'unevaluatedProperties',
    'contains',
    'contentSchema',
    'propertyNames',
    'not',
    'if',
    'then',
    'else',
  ].map((keyword) => [keyword, 'one'] as const),
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((keyword) => [keyword, 'list'] as const),
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs'].map((keyword) => [keyword, 'map'] as const),
])

export interface Subschema {
  readonly schema: Schema
  /** Relative JSON Pointer from the parent: `/properties/salary`. */
  readonly pointer: string
  readonly keyword: string
  /** The property's name, the index, or undefined for a single subschema. */
  readonly key?: string
}

/** The direct subschemas of a schema. By keyword, so that an example or a property named `$ref` is not mistaken for one. */
export function* subschemas(schema: SchemaObject): Generator<Subschema> {
  for (const keyword of Object.keys(schema)) {
    const kind = KEYWORDS.get(keyword)
    if (kind === undefined) continue
    const value = schema[keyword]
    if (kind === 'one') {
      if (isSchema(value)) yield { schema: value, pointer: `/${keyword}`, keyword }
    } else if (kind === 'list') {
      if (!Array.isArray(value)) continue
      for (const [index, item] of value.entries())
        if (isSchema(item)) yield { schema: item, pointer: `/${keyword}/${index}`, keyword, key: String(index) }
    } else if (isMap(value)) {
      for (const [key, item] of Object.entries(value))
        if (isSchema(item)) yield { schema: item, pointer: `/${keyword}/${escapePointer(key)}`, keyword, key }
    }
  }
}

/** A copy in which `change` has replaced direct subschemas; the same object where nothing changed. */
export function mapSubschemas(schema: SchemaObject, change: (child: Schema) => Schema): SchemaObject {
  let copy: Record<string, unknown> | undefined
  for (const keyword of Object.keys(schema)) {
    const kind = KEYWORDS.get(keyword)
    if (kind === undefined) continue
    const before = schema[keyword]
    const after =
      kind === 'one' ? changed(before, change) : kind === 'list' ? mapList(before, change) : mapMembers(before, change)
    if (after === before) continue
    copy ??= { ...schema }
    copy[keyword] = after
  }
  return copy ?? schema
}

function changed(value: unknown, change: (child: Schema) => Schema): unknown {
  return isSchema(value) ? change(value) : value
}

function mapList(list: unknown, change: (child: Schema) => Schema): unknown {
  if (!Array.isArray(list)) return list
  const after = list.map((item: unknown) => changed(item, change))
  return after.every((item, index) => item === list[index]) ? list : after
}

function mapMembers(map: unknown, change: (child: Schema) => Schema): unknown {
  if (!isMap(map)) return map
  let copy: Record<string, unknown> | undefined
  for (const key of Object.keys(map)) {
    const after = changed(map[key], change)
    if (after === map[key]) continue
    copy ??= { ...map }
    if (key === '__proto__') Object.defineProperty(copy, key, { ...WRITABLE, value: after })
    else copy[key] = after
  }
  return copy ?? map
}

const WRITABLE = { enumerable: true, writable: true, configurable: true }

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))
}
