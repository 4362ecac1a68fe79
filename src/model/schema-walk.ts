import type { Schema, SchemaObject } from './schema.ts'
import { escapePointer } from './schema.ts'

/** Keywords of JSON Schema 2020-12 whose value is a schema, a list of schemas, or a map of schemas. */
const SINGLE = [
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
] as const
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const
const MAP = ['properties', 'patternProperties', 'dependentSchemas', '$defs'] as const

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
  for (const keyword of SINGLE) {
    const value = schema[keyword]
    if (isSchema(value)) yield { schema: value, pointer: `/${keyword}`, keyword }
  }
  for (const keyword of LIST) {
    const value = schema[keyword]
    if (!Array.isArray(value)) continue
    for (const [index, item] of value.entries())
      if (isSchema(item)) yield { schema: item, pointer: `/${keyword}/${index}`, keyword, key: String(index) }
  }
  for (const keyword of MAP) {
    const value = schema[keyword]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    for (const [key, item] of Object.entries(value))
      if (isSchema(item)) yield { schema: item, pointer: `/${keyword}/${escapePointer(key)}`, keyword, key }
  }
}

/** A copy in which `change` has replaced direct subschemas; the same object where nothing changed. */
export function mapSubschemas(schema: SchemaObject, change: (child: Subschema) => Schema): SchemaObject {
  let copy: Record<string, unknown> | undefined
  for (const child of subschemas(schema)) {
    const changed = change(child)
    if (changed === child.schema) continue
    copy ??= { ...schema }
    if (child.key === undefined) copy[child.keyword] = changed
    else if (Array.isArray(schema[child.keyword])) {
      if (copy[child.keyword] === schema[child.keyword]) copy[child.keyword] = [...(schema[child.keyword] as unknown[])]
      ;(copy[child.keyword] as unknown[])[Number(child.key)] = changed
    } else {
      if (copy[child.keyword] === schema[child.keyword]) copy[child.keyword] = { ...(schema[child.keyword] as object) }
      Object.defineProperty(copy[child.keyword], child.key, {
        value: changed,
        enumerable: true,
        writable: true,
        configurable: true,
      })
    }
  }
  return (copy as SchemaObject | undefined) ?? schema
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))
}
