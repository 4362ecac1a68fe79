import type { Schema, Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import type { Inline } from '../wording/inline.ts'
import { constraints as say } from '../wording/wording.ts'
import { externalLink } from './external-link.ts'
import { type FlatSchema, flatten, isSchemaLike, isStructured } from './schema-flat.ts'
import { flatTypeName, literal, typeName } from './type-name.ts'

const LONGEST_PATTERN = 120
const MOST_EXAMPLES = 3

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
    ...propertyNames(own, schemas),
    undescribed(flat),
    closed && flat.properties.size > 0 ? say.closed : undefined,
    own.prefixItems !== undefined && (own.items === false || own.unevaluatedItems === false) ? say.noMore : undefined,
    ...dependencies(own),
    typeof own.contentEncoding === 'string' ? say.encoded(own.contentEncoding) : undefined,
    isSchemaLike(own.contentSchema) ? say.holds(typeName(own.contentSchema, schemas)) : undefined,
    xml(own),
    seeAlso(own),
    examples(own),
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

/** Undefined: what isn't allowed has fields of its own, and is shown below. */
function negation(schema: Schema, schemas: Schemas): Inline[] | string | undefined {
  if (typeof schema === 'boolean') return schema ? say.not.anything : undefined
  if (schema.enum?.length === 1) return say.not.value(literal(schema.enum[0]))
  if (Array.isArray(schema.enum)) return say.not.values(schema.enum.map(literal))
  if (schema.const !== undefined) return say.not.value(literal(schema.const))
  if (schema.required !== undefined && Object.keys(schema).length === 1) return say.not.fields(schema.required)
  if (typeof schema.pattern === 'string') return say.not.pattern(schema.pattern)
  const flat = flatten(schema, schemas)
  if (isStructured(flat)) return undefined
  const facts = constraints(flat, schemas)
  const type = flatTypeName(flat, schemas)
  return say.not.type(facts.length > 0 && type === 'any' ? undefined : type, facts)
}

function containing(own: FlatSchema['own'], schemas: Schemas): Inline[] {
  const flat = flatten(isSchema(own.contains) ? own.contains : true, schemas)
  const facts = constraints(flat, schemas)
  return say.contains(number(own.minContains) ?? 1, number(own.maxContains), flatTypeName(flat, schemas), facts)
}

function propertyNames({ propertyNames: names }: FlatSchema['own'], schemas: Schemas): Inline[][] {
  if (!isSchemaLike(names)) return []
  const flat = flatten(names, schemas)
  const values = Array.isArray(flat.own.enum) ? [say.namesAre(flat.own.enum.map(literal))] : []
  return [...values, ...constraints(flat, schemas).map(say.names)]
}

/** OpenAPI 3.1, XML Object. */
function xml({ xml: node }: FlatSchema['own']): Inline[] | undefined {
  if (!isSchemaLike(node)) return undefined
  const { name, prefix, namespace, attribute, wrapped, nodeType } = node
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
  const called = text(name) === undefined ? undefined : [text(prefix), text(name)].filter((part) => part).join(':')
  const as = text(nodeType) ?? (attribute === true ? 'attribute' : wrapped === true ? 'wrapped' : undefined)
  return called === undefined && as === undefined && text(namespace) === undefined
    ? undefined
    : say.inXml(called, as, text(namespace))
}

function seeAlso({ externalDocs }: FlatSchema['own']): Inline[] | undefined {
  const { url, description } = isSchemaLike(externalDocs) ? externalDocs : {}
  if (typeof url !== 'string') return undefined
  const found = externalLink({ url, ...(typeof description === 'string' && { description }) })
  return found && say.seeAlso(found.text, found.href)
}

/** JSON Schema 2020-12 Validation, section 6.5.4. */
function dependencies({ dependentRequired }: FlatSchema['own']): Inline[][] {
  if (!isSchemaLike(dependentRequired)) return []
  return Object.entries(dependentRequired).flatMap(([name, needed]) =>
    Array.isArray(needed) ? [say.takes(name, needed.map(String))] : [],
  )
}

function examples(own: FlatSchema['own']): Inline[] | undefined {
  const values: readonly unknown[] = Array.isArray(own.examples) ? own.examples : [own.example]
  const short = values.filter(
    (value) =>
      value !== undefined && value !== null && typeof value !== 'object' && value !== '' && String(value).length <= 40,
  )
  return short.length === 0 ? undefined : say.suchAs([...new Set(short.map(literal))].slice(0, MOST_EXAMPLES))
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
