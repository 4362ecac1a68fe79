import { resolve, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'

/** What a schema says at its top level, through references and combinations. */
export interface Shape {
  readonly types: ReadonlySet<string>
  readonly properties: ReadonlyMap<string, Schema>
  readonly required: ReadonlySet<string>
  readonly items: Schema | undefined
  /** Members that the schema doesn't name are expressly allowed. */
  readonly open: boolean
}

const shapes = new WeakMap<Schemas, WeakMap<SchemaObject, Shape>>()
const ANYTHING: Shape = { types: new Set(), properties: new Map(), required: new Set(), items: undefined, open: false }

export function shapeOf(schema: Schema | undefined, schemas: Schemas): Shape {
  if (typeof schema !== 'object') return ANYTHING
  const cache = shapes.get(schemas) ?? new WeakMap<SchemaObject, Shape>()
  shapes.set(schemas, cache)
  const known = cache.get(schema)
  if (known !== undefined) return known
  const shape = gather(schema, schemas)
  cache.set(schema, shape)
  return shape
}

function gather(root: SchemaObject, schemas: Schemas): Shape {
  const types = new Set<string>()
  const properties = new Map<string, Schema>()
  const required = new Set<string>()
  let items: Schema | undefined
  let open = false
  const seen = new Set<SchemaObject>([root])
  const alternatives = new Set<SchemaObject>()
  for (const schema of seen) {
    const optional = alternatives.has(schema)
    for (const type of typesOf(schema)) types.add(type)
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      if (!properties.has(name) && isSchema(property)) properties.set(name, property)
    if (!optional && Array.isArray(schema.required)) for (const name of schema.required) required.add(name)
    items ??= isSchema(schema.items) ? schema.items : undefined
    if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) open = true
    const add = (part: unknown, alternative: boolean): void => {
      const target = isSchema(part) ? resolve(part, schemas) : undefined
      if (typeof target !== 'object' || seen.has(target)) return
      seen.add(target)
      if (alternative || optional) alternatives.add(target)
    }
    if (schema.$ref !== undefined) add(schema, false)
    for (const part of list(schema.allOf)) add(part, false)
    for (const part of [...list(schema.oneOf), ...list(schema.anyOf)]) add(part, true)
  }
  return { types, properties, required, items, open }
}

function typesOf(schema: SchemaObject): readonly string[] {
  if (typeof schema.type === 'string') return [schema.type]
  if (Array.isArray(schema.type)) return schema.type
  if (schema.const !== undefined) return [typeOf(schema.const)]
  if (Array.isArray(schema.enum)) return schema.enum.map(typeOf)
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return ['object']
  return schema.items === undefined ? [] : ['array']
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
