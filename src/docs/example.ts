import { generateSync } from 'json-schema-faker'
import type { ApiModel, Example, MediaType, Parameter } from '../model/api.ts'
import type { Schema, SchemaObject } from '../model/schema.ts'
import { operation as say } from '../wording/wording.ts'
import { references } from './references.ts'
import { flatten, types } from './schema-flat.ts'

export interface ShownExample {
  readonly title: string
  readonly description?: string
  readonly value: unknown
  /** Made from the schema: the document has none. */
  readonly generated: boolean
}

type Schemas = Pick<ApiModel, 'schemas'>

/** The examples of a body: the document's own, or else one made from its schema. */
export function bodyExamples(media: MediaType, model: Schemas): ShownExample[] {
  const named = media.examples.filter((example) => example.value !== undefined)
  if (named.length > 0) return named.map(shown)
  const { schema } = media
  if (schema === undefined) return []
  const own = schemaExample(schema, model)
  if (own !== undefined) return [{ title: say.anExample, value: own, generated: false }]
  const value = generated(schema, model)
  return value === undefined ? [] : [{ title: say.madeUp, value, generated: true }]
}

function shown({ name, summary, description, value }: Example): ShownExample {
  return { title: summary ?? name, ...(description !== undefined && { description }), value, generated: false }
}

/** A value to fill a parameter with. */
export function parameterExample(parameter: Parameter, model: Schemas): unknown {
  const [first] = parameter.examples
  if (first?.value !== undefined) return first.value
  const flat = flatten(parameter.schema, model.schemas)
  const said = schemaExample(parameter.schema, model) ?? flat.own.default ?? flat.own.const ?? flat.own.enum?.[0]
  if (said !== undefined && said !== null) return said
  const [type] = types(flat)
  if (type === 'array' || type === 'object' || flat.own.pattern !== undefined)
    return generated(parameter.schema, model) ?? parameter.name
  if (type === 'integer' || type === 'number') return Math.max(1, Number(flat.own.minimum ?? 1))
  if (type === 'boolean') return true
  if (flat.own.format === 'date') return '2026-01-31'
  if (flat.own.format === 'date-time') return '2026-01-31T09:00:00Z'
  if (flat.own.format === 'uuid') return '3fa85f64-5717-4562-b3fc-2c963f66afa6'
  return parameter.name
}

function schemaExample(schema: Schema, model: Schemas): unknown {
  const { own } = flatten(schema, model.schemas)
  return Array.isArray(own.examples) && own.examples.length > 0 ? own.examples[0] : own.example
}

const cache = new WeakMap<object, { readonly value: unknown }>()

/** Deterministic, and made once per schema: large schemas take milliseconds. Undefined where none could be made. */
function generated(schema: Schema, model: Schemas): unknown {
  if (typeof schema !== 'object') return undefined
  const known = cache.get(schema)
  if (known !== undefined) return known.value
  const value = generate(schema, model)
  cache.set(schema, { value })
  return value
}

/** References that are followed, one within another; what lies beyond may be anything. */
const DEEPEST = 4

/** The named schemas that a value of this one can reach: the generator copies them all, for each value. */
function within(schema: SchemaObject, schemas: ApiModel['schemas']): Record<string, Schema> {
  const found: Record<string, Schema> = {}
  let layer = references([schema])
  for (let depth = 0; depth < DEEPEST && layer.size > 0; depth++) {
    const next = new Set<string>()
    for (const name of layer) {
      if (Object.hasOwn(found, name) || !Object.hasOwn(schemas, name)) continue
      const target = schemas[name] ?? true
      found[name] = target
      for (const other of references([target])) next.add(other)
    }
    layer = next
  }
  for (const name of layer) found[name] ??= {}
  return found
}

function generate(schema: SchemaObject, model: Schemas): unknown {
  // As the generator's own types have it, which don't know a readonly schema.
  const own: object = schema
  try {
    return generateSync(
      { ...own, components: { schemas: within(schema, model.schemas) } },
      {
        seed: 1,
        useExamplesValue: true,
        useDefaultValue: true,
        optionalsProbability: 0.8,
        fixedProbabilities: true,
        minItems: 1,
        maxItems: 1,
        maxLength: 24,
        maxDepth: 5,
        refDepthMax: 2,
        failOnInvalidTypes: false,
      },
    )
  } catch (error) {
    // A schema that can't be satisfied, or that no generator understands, is documented without an example.
    if (error instanceof Error) return undefined
    throw error
  }
}
