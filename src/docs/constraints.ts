import type { Schema, Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import type { Inline } from '../wording/inline.ts'
import { constraints as say } from '../wording/wording.ts'
import { type FlatSchema, isSchemaLike } from './schema-flat.ts'
import { literal, typeName } from './type-name.ts'

const LONGEST_PATTERN = 120

/** What a schema allows beyond its type, in words, each a sentence without its stop. */
export function constraints(flat: FlatSchema, schemas: Schemas): Inline[][] {
  const { own } = flat
  const closed = own.additionalProperties === false || own.unevaluatedProperties === false
  const facts: (Inline[] | string | undefined)[] = [
    size('characters', own.minLength, own.maxLength),
    interval(own.minimum, own.maximum, own.exclusiveMinimum, own.exclusiveMaximum),
    typeof own.multipleOf === 'number' ? say.multipleOf(own.multipleOf) : undefined,
    typeof own.pattern === 'string' ? say.matches(shortened(own.pattern)) : undefined,
    size('items', own.minItems, own.maxItems),
    own.uniqueItems === true ? say.different : undefined,
    size('entries', own.minProperties, own.maxProperties),
    own.default !== undefined ? say.defaultIs(literal(own.default)) : undefined,
    own.not === undefined ? undefined : negation(own.not, schemas),
    own.contains === undefined ? undefined : containing(own, schemas),
    isSchemaLike(own.propertyNames) && typeof own.propertyNames.pattern === 'string'
      ? say.namesMatch(own.propertyNames.pattern)
      : undefined,
    undescribed(flat),
    closed && flat.properties.size > 0 ? say.closed : undefined,
    ...dependencies(own),
    typeof own.contentEncoding === 'string' ? say.encoded(own.contentEncoding) : undefined,
    example(own),
  ]
  return facts.filter((fact) => fact !== undefined).map((fact) => (typeof fact === 'string' ? [fact] : fact))
}

/** Of `then: { required: […] }`, and where a document asks for what it doesn't describe. */
function undescribed({ required, properties }: FlatSchema): Inline[] | undefined {
  const names = [...required].filter((name) => !properties.has(name))
  return names.length === 0 ? undefined : say.with(names)
}

function shortened(pattern: string): string {
  return pattern.length > LONGEST_PATTERN ? `${pattern.slice(0, LONGEST_PATTERN)}…` : pattern
}

function negation(schema: Schema, schemas: Schemas): Inline[] | string | undefined {
  if (typeof schema === 'boolean') return schema ? say.not.anything : undefined
  if (schema.enum?.length === 1) return say.not.value(literal(schema.enum[0]))
  if (Array.isArray(schema.enum)) return say.not.values(schema.enum.map(literal))
  if (schema.const !== undefined) return say.not.value(literal(schema.const))
  if (schema.required !== undefined && Object.keys(schema).length === 1) return say.not.fields(schema.required)
  return typeof schema.pattern === 'string' ? say.not.pattern(schema.pattern) : say.not.type(typeName(schema, schemas))
}

function containing(own: FlatSchema['own'], schemas: Schemas): Inline[] {
  const type = isSchema(own.contains) ? typeName(own.contains, schemas) : 'any'
  return say.contains(number(own.minContains) ?? 1, number(own.maxContains), type)
}

/** JSON Schema 2020-12 Validation, section 6.5.4. */
function dependencies({ dependentRequired }: FlatSchema['own']): Inline[][] {
  if (!isSchemaLike(dependentRequired)) return []
  return Object.entries(dependentRequired).flatMap(([name, needed]) =>
    Array.isArray(needed) ? [say.takes(name, needed.map(String))] : [],
  )
}

function example(own: FlatSchema['own']): Inline[] | undefined {
  const value = Array.isArray(own.examples) ? own.examples[0] : own.example
  if (value === undefined || value === null || typeof value === 'object' || value === '' || String(value).length > 40)
    return undefined
  return say.suchAs(literal(value))
}

function size(unit: 'characters' | 'items' | 'entries', least: unknown, most: unknown): string | undefined {
  const low = number(least) === 0 ? undefined : number(least)
  const high = number(most)
  return low === undefined && high === undefined ? undefined : say.size(unit, low, high)
}

function interval(minimum: unknown, maximum: unknown, above: unknown, below: unknown): string | undefined {
  const low = number(minimum)
  const high = number(maximum)
  if (low !== undefined && high !== undefined) return say.between(low, high)
  const limits = [
    [low, say.atLeast],
    [number(above), say.moreThan],
    [high, say.atMost],
    [number(below), say.lessThan],
  ] as const
  const parts = limits.flatMap(([limit, words]) => (limit === undefined ? [] : [words(limit)]))
  return parts.length === 0 ? undefined : parts.join(', ')
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
