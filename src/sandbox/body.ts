import type { Body, MediaType } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import type { Schema, Schemas } from '../model/schema.ts'
import { type Answer, type Call, chunksOf, readBody } from './call.ts'
import { deepMembers } from './deep-form.ts'
import { charset, describing, essence } from './media-type.ts'
import { coerce } from './parameters.ts'
import { type InvalidValue, invalid, problem } from './problem.ts'
import { shapeOf } from './shape.ts'
import type { StoredFile } from './world.ts'

/** Bytes. */
const LIMIT = 1_048_576
/** Deeper nesting serves nobody but those who look for a stack to overflow. */
const DEPTH = 64

export interface ReadBody {
  readonly media: MediaType
  /** JSON and forms; of anything else only the text. */
  readonly value: unknown
  /** Whether `value` shows every member: what can't be seen can't be let through a gate. */
  readonly transparent: boolean
  /** What was uploaded: the body itself, or the one file of a form. */
  readonly file?: StoredFile
}

/** Reads a request's body by its type; an answer where it can't be taken. */
export async function readRequestBody(
  body: Body | undefined,
  call: Call,
  schemas: Schemas,
): Promise<{ readonly body?: ReadBody } | Refused> {
  const length = Number(call.header('content-length') ?? 0)
  const sent = length > LIMIT ? undefined : await call.body(LIMIT)
  if (sent === undefined) return refuse(413, `The body may have ${LIMIT} bytes.`)
  if (sent.byteLength === 0) {
    return body?.required === true ? refuse(400, 'The operation needs a body.') : {}
  }
  // Where none is described, none is looked at.
  if (body === undefined) return {}
  const type = call.header('content-type') ?? ''
  const media = describing(body.content, type)
  const accept = body.content.map((one) => one.type).join(', ')
  if (media === undefined) {
    const given = type === '' ? 'Without Content-Type' : `${essence(type)} isn't taken`
    return refuse(415, `${given}: the operation takes ${accept}.`)
  }
  const coding = call.header('content-encoding') ?? 'identity'
  if (coding !== 'identity' && coding !== 'gzip' && coding !== 'deflate')
    return refuse(415, `The content coding ${coding} isn't taken: gzip and deflate are.`)
  const bytes = coding === 'identity' ? sent : await decompressed(sent, coding)
  if (bytes === undefined) return refuse(413, `The body may have ${LIMIT} bytes, once it is decompressed.`)
  if (bytes === 'malformed') return unreadable(`is not ${coding}`)
  if (isJson(type)) return json(bytes, type, media)
  if (essence(type) === 'multipart/form-data' || essence(type) === 'application/x-www-form-urlencoded')
    return form(bytes, type, media, schemas)
  const file = { type: essence(type), bytes }
  return { body: { media, value: new TextDecoder().decode(bytes), transparent: false, file } }
}

interface Refused {
  readonly refused: Answer
  readonly errors: readonly InvalidValue[]
}

type Read = { readonly body: ReadBody } | Refused

/** No further than the limit, whatever it would grow to. */
async function decompressed(
  bytes: Uint8Array<ArrayBuffer>,
  coding: 'gzip' | 'deflate',
): Promise<Uint8Array<ArrayBuffer> | 'malformed' | undefined> {
  try {
    return await readBody(chunksOf(new Blob([bytes]).stream().pipeThrough(new DecompressionStream(coding))), LIMIT)
  } catch (error) {
    if (error instanceof TypeError) return 'malformed'
    throw error
  }
}

function json(bytes: Uint8Array<ArrayBuffer>, type: string, media: MediaType): Read {
  const declared = charset(type)
  if (declared !== undefined && declared !== 'utf-8') return refuse(415, `JSON is UTF-8, not ${declared}.`)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (tooDeep(text)) return refuse(400, `The body is nested more than ${DEPTH} levels deep.`)
    return { body: { media, value: JSON.parse(text) as unknown, transparent: true } }
  } catch (error) {
    if (error instanceof SyntaxError) return unreadable(`is not JSON: ${error.message}`)
    if (error instanceof TypeError) return unreadable('is not UTF-8')
    throw error
  }
}

/** Looked at before parsing, which recurses. */
function tooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === 92) index++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 91 || code === 123) {
      if (++depth > DEPTH) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}

/** A form as an object; a file as its name, a name given more than once as a list. */
async function form(bytes: Uint8Array<ArrayBuffer>, type: string, media: MediaType, schemas: Schemas): Promise<Read> {
  let fields: [string, string | File][]
  try {
    fields = [...(await new Response(bytes, { headers: { 'content-type': type } }).formData())]
  } catch (error) {
    if (error instanceof TypeError) return unreadable('is not a form')
    throw error
  }
  const { properties } = shapeOf(media.schema, schemas)
  const values = new Map<string, unknown[]>()
  const deep = deepMembers(fields, media, schemas)
  for (const [name, field] of fields) {
    if (deep.names.has(name)) continue
    const schema = properties.get(name)
    const { types, items } = shapeOf(schema, schemas)
    const value =
      typeof field === 'string' ? fieldValue(field, types.has('array') ? items : schema, schemas) : field.name
    values.set(name, [...(values.get(name) ?? []), value])
  }
  const flat = Object.fromEntries(
    [...values].map(([name, all]) => {
      const list = shapeOf(properties.get(name), schemas).types.has('array')
      return [name, list || all.length > 1 ? all : all[0]]
    }),
  )
  const value = { ...flat, ...Object.fromEntries(deep.members) }
  const [only, ...others] = fields.flatMap(([, field]) => (typeof field === 'string' ? [] : [field]))
  if (only === undefined || others.length > 0) return { body: { media, value, transparent: true } }
  const file = { type: essence(only.type), bytes: new Uint8Array(await only.arrayBuffer()) }
  return { body: { media, value, transparent: true, file } }
}

/** OpenAPI 3.1 section 4.8.15.1.3: what has structure is JSON, unless its encoding says otherwise. */
function fieldValue(text: string, schema: Schema | undefined, schemas: Schemas): unknown {
  const { types } = shapeOf(schema, schemas)
  const structured = (types.has('object') || types.has('array')) && !types.has('string')
  if (!structured || !/^\s*[[{]/.test(text) || tooDeep(text)) return coerce(text, schema, schemas)
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function unreadable(detail: string): Refused {
  const errors: InvalidValue[] = [{ in: 'body', pointer: '', detail }]
  return { refused: invalid(400, `The body ${detail}.`, errors), errors }
}

function refuse(status: number, detail: string): Refused {
  return { refused: problem(status, detail), errors: [{ in: 'body', pointer: '', detail }] }
}
