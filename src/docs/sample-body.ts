import type { ApiModel, MediaType } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import type { Schema } from '../model/schema.ts'
import { isFile } from './control.ts'
import { jsLiteral, quote, Variable } from './js-literal.ts'
import { isForm } from './media-type.ts'
import { formPairs } from './parameter-text.ts'
import { flatten, isSchemaLike } from './schema-flat.ts'

export interface SampleBody {
  readonly type: string
  /** Undefined: nothing valid is known. */
  readonly value: unknown
  readonly schema?: Schema | undefined
  readonly encoding: MediaType['encoding']
}

/** One `name=value` of a form, or one part; a file has no value. */
export interface FormPart {
  readonly name: string
  readonly value?: string
  /** Where the usual type of such a part wouldn't say it. */
  readonly type?: string
}

/** Whether a string is what is sent, rather than a file. */
export function isText(type: string): boolean {
  return /^text\/|[/+-](xml|yaml|json-seq|jsonl|jsonlines|ndjson|graphql|javascript)\b/.test(type)
}

/** A part that is longer is a file, or made up. */
const LONGEST_PART = 200

/** A form, item by item: a list gives one for each. */
export function formParts({ type: media, value, schema, encoding }: SampleBody, model: ApiModel): FormPart[] {
  const flat = flatten(schema ?? true, model.schemas)
  const multipart = media.startsWith('multipart/')
  return Object.entries(isSchemaLike(value) ? value : {}).flatMap(([key, member]) => {
    const name = key.toWellFormed()
    const own = Object.hasOwn(encoding, key) ? encoding[key] : undefined
    if (!multipart)
      return formPairs(name, member, own).map(([of, text]) => ({ name: of, value: shortened(text.toWellFormed()) }))
    const of = flatten({ allOf: flat.properties.get(key) ?? [] }, model.schemas)
    const item = Array.isArray(member) ? flatten(of.own.items ?? true, model.schemas) : of
    // Several types, or a range, say what is allowed and not what this part is.
    const stated = own?.contentType
    const only = stated === undefined || /[,*]/.test(stated) ? undefined : stated
    return (Array.isArray(member) ? member : [member])
      .filter((each) => each !== undefined && each !== null)
      .map((each: unknown): FormPart => {
        if (isFile(item)) return { name, ...(only !== undefined && { type: only }) }
        const structured = typeof each === 'object'
        const type = only ?? (structured ? 'application/json' : undefined)
        const text = (structured ? JSON.stringify(each) : String(each)).toWellFormed()
        return {
          name,
          value: shortened(text),
          ...(type !== undefined && type !== 'text/plain' && { type }),
        }
      })
  })
}

function shortened(text: string): string {
  return text.length <= LONGEST_PART ? text : '…'
}

/** A body as the SDK takes it. `body` and `file` stand for what a program has to bring along. */
export function bodyLiteral({ type, value, schema }: SampleBody, model: ApiModel): string {
  if (type.startsWith('text/')) return quote(typeof value === 'string' ? value : '…')
  if (!isJson(type) && !isForm(type)) return 'file'
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
