import type { ApiModel, Example, MediaType, Parameter } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import type { Schema } from '../model/schema.ts'
import { Sampler } from '../sandbox/sample.ts'
import { Validator } from '../sandbox/validator.ts'
import { operation as say } from '../wording/wording.ts'
import { flatten, types } from './schema-flat.ts'

export interface ShownExample {
  /** Absent: it has none of its own. */
  readonly title?: string
  readonly description?: string
  readonly value: unknown
  /** Made from the schema: the document has none. */
  readonly generated: boolean
}

type Schemas = Pick<ApiModel, 'schemas'>
type Direction = 'request' | 'response'

/** The examples of a body: the document's own, or else one made from its schema. */
export function mediaExamples(media: MediaType, model: Schemas, direction: Direction): ShownExample[] {
  const named = media.examples.filter((example) => example.value !== undefined)
  if (named.length > 0) return named.map((example) => shown(example, media))
  const { schema } = media
  if (schema === undefined) return []
  const own = schemaExample(schema, model)
  if (own !== undefined) return [{ value: unquoted(own, media), generated: false }]
  const value = generated(schema, model, direction)
  return value === undefined ? [] : [{ title: say.madeUp, value, generated: true }]
}

/** A body to send: the first example that is valid, or else one made up. Undefined where there is neither. */
export function bodyValue(media: MediaType, model: Schemas): unknown {
  const { schema } = media
  const values = mediaExamples(media, model, 'request').map(({ value }) => value)
  if (schema === undefined) return values[0]
  const { validator } = makers(model).request
  const valid = values.find((value) => validator.check(value, schema).length === 0)
  return valid ?? generated(schema, model, 'request')
}

/** Keys of examples that say nothing: that of OpenAPI's lone `example` in the model, and what many call an only one. */
const NAMELESS = /^(example|default)$/i

function shown({ name, summary, description, value }: Example, media: MediaType): ShownExample {
  const title = summary ?? (NAMELESS.test(name) ? undefined : name)
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    value: unquoted(value, media),
    generated: false,
  }
}

/** Many documents quote their JSON: what reads as an object or a list is one. */
function unquoted(value: unknown, { type }: MediaType): unknown {
  if (typeof value !== 'string' || !isJson(type) || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
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
    return generated(parameter.schema, model, 'request') ?? parameter.name
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

/** What the sandbox would make of the schema: deterministic, and valid, or undefined where no valid value was found. */
function generated(schema: Schema, model: Schemas, direction: Direction): unknown {
  return typeof schema === 'object' ? makers(model)[direction].sampler.sample(schema) : undefined
}

interface Maker {
  readonly validator: Validator
  readonly sampler: Sampler
}

const SEED = 1
const known = new WeakMap<ApiModel['schemas'], Readonly<Record<Direction, Maker>>>()

function makers({ schemas }: Schemas): Readonly<Record<Direction, Maker>> {
  const maker = (direction: Direction): Maker => {
    const validator = new Validator(schemas, direction)
    return { validator, sampler: new Sampler(schemas, validator, SEED) }
  }
  const made = known.get(schemas) ?? { request: maker('request'), response: maker('response') }
  known.set(schemas, made)
  return made
}
