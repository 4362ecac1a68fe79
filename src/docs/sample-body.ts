import type { ApiModel } from '../model/api.ts'
import type { Schema } from '../model/schema.ts'
import { isFile } from './control.ts'
import { jsLiteral, quote, Variable } from './js-literal.ts'
import { isJson } from './media-type.ts'
import { flatten, isSchemaLike } from './schema-flat.ts'

export interface SampleBody {
  readonly type: string
  /** Undefined: nothing valid is known. */
  readonly value: unknown
  readonly schema?: Schema | undefined
}

/** A body as the SDK takes it. `body` and `file` stand for what a program has to bring along. */
export function bodyLiteral({ type, value, schema }: SampleBody, model: ApiModel): string {
  if (type.startsWith('text/')) return quote(typeof value === 'string' ? value : '…')
  const form = /^(multipart\/|application\/x-www-form-urlencoded)/.test(type)
  if (!isJson(type) && !form) return 'file'
  if (value === undefined) return 'body'
  return jsLiteral(schema === undefined ? value : typed(value, schema, model))
}

/** Files as variables, and without members that are required but nowhere described: they have no type. */
function typed(value: unknown, schema: Schema, model: ApiModel): unknown {
  if (!isSchemaLike(value)) return value
  const flat = flatten(schema, model.schemas)
  const closed = flat.properties.size > 0 && flat.unions.length === 0 && flat.own.additionalProperties === undefined
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !closed || flat.properties.has(name))
      .map(([name, member]) => [name, sent(member, { allOf: flat.properties.get(name) ?? [] }, model)]),
  )
}

function sent(value: unknown, schema: Schema, model: ApiModel): unknown {
  const flat = flatten(schema, model.schemas)
  if (isFile(flat)) return new Variable('file')
  const { items } = flat.own
  if (!Array.isArray(value) || items === undefined) return value
  return value.map((item) => sent(item, items, model))
}
