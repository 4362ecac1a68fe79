import type { Schema, Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import { code, count, type Inline, names } from './inline.ts'
import { type FlatSchema, isSchemaLike } from './schema-flat.ts'
import { literal, typeName } from './type-name.ts'

/** What a schema allows beyond its type, in words, each a sentence without its stop. */
export function constraints(flat: FlatSchema, schemas: Schemas): Inline[][] {
  const { own } = flat
  const facts: (Inline[] | undefined)[] = [
    range(own.minLength, own.maxLength, 'character'),
    interval(own.minimum, own.maximum, own.exclusiveMinimum, own.exclusiveMaximum),
    number(own.multipleOf) === undefined ? undefined : ['a multiple of ', code(String(own.multipleOf))],
    typeof own.pattern === 'string'
      ? ['matches ', code(own.pattern.length > 120 ? `${own.pattern.slice(0, 120)}…` : own.pattern)]
      : undefined,
    range(own.minItems, own.maxItems, 'item'),
    own.uniqueItems === true ? ['all different'] : undefined,
    range(own.minProperties, own.maxProperties, 'entry', 'entries'),
    own.default !== undefined ? ['default ', code(literal(own.default))] : undefined,
    own.not === undefined ? undefined : negation(own.not, schemas),
    own.contains === undefined ? undefined : containing(own, schemas),
    isSchemaLike(own.propertyNames) && typeof own.propertyNames.pattern === 'string'
      ? ['names match ', code(own.propertyNames.pattern)]
      : undefined,
    (own.additionalProperties === false || own.unevaluatedProperties === false) && flat.properties.size > 0
      ? ['no other fields']
      : undefined,
    ...dependencies(own),
    typeof own.contentEncoding === 'string' ? ['encoded as ', code(own.contentEncoding)] : undefined,
    example(own),
  ]
  return facts.filter((fact) => fact !== undefined)
}

function negation(schema: Schema, schemas: Schemas): Inline[] {
  if (typeof schema === 'boolean') return schema ? ['nothing is valid'] : []
  if (Array.isArray(schema.enum)) return ['none of ', ...names(schema.enum.map(literal), 'or', 10)]
  if (schema.const !== undefined) return ['anything but ', code(literal(schema.const))]
  const { required } = schema
  if (required !== undefined && Object.keys(schema).length === 1)
    return required.length === 1
      ? ['without ', ...names(required, 'and')]
      : ['not with ', ...names(required, 'and'), ' together']
  if (typeof schema.pattern === 'string') return ['doesn’t match ', code(schema.pattern)]
  return ['not ', code(typeName(schema, schemas))]
}

function containing(own: FlatSchema['own'], schemas: Schemas): Inline[] {
  const least = number(own.minContains) ?? 1
  const most = number(own.maxContains)
  const items = most === undefined ? `at least ${count(least, 'item')}` : `${least} to ${count(most, 'item')}`
  return [items, ' of type ', code(isSchema(own.contains) ? typeName(own.contains, schemas) : 'any')]
}

/** JSON Schema 2020-12 Validation, section 6.5.4. */
function dependencies({ dependentRequired }: FlatSchema['own']): Inline[][] {
  if (!isSchemaLike(dependentRequired)) return []
  return Object.entries(dependentRequired).flatMap(([name, needed]) =>
    Array.isArray(needed) ? [[code(name), ' takes ', ...names(needed.map(String), 'and')]] : [],
  )
}

function example(own: FlatSchema['own']): Inline[] | undefined {
  const value = Array.isArray(own.examples) ? own.examples[0] : own.example
  if (value === undefined || value === null || typeof value === 'object' || value === '' || String(value).length > 40)
    return undefined
  return ['such as ', code(literal(value))]
}

function range(least: unknown, most: unknown, unit: string, units = `${unit}s`): Inline[] | undefined {
  const low = number(least)
  const high = number(most)
  if (low !== undefined && low > 0 && low === high) return [`exactly ${count(low, unit, units)}`]
  if (low !== undefined && low > 0 && high !== undefined) return [`${low} to ${count(high, unit, units)}`]
  if (low !== undefined && low > 0) return [`at least ${count(low, unit, units)}`]
  if (high !== undefined) return [`at most ${count(high, unit, units)}`]
  return undefined
}

function interval(minimum: unknown, maximum: unknown, above: unknown, below: unknown): Inline[] | undefined {
  const low = number(minimum)
  const high = number(maximum)
  if (low !== undefined && high !== undefined) return [`${low} to ${high}`]
  const parts = [
    low === undefined ? undefined : `at least ${low}`,
    number(above) === undefined ? undefined : `more than ${above}`,
    high === undefined ? undefined : `at most ${high}`,
    number(below) === undefined ? undefined : `less than ${below}`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : [parts.join(', ')]
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
