import { ConfigurationError } from './errors.ts'
import type { BodyFormat, EncodedBody } from './operation.ts'
import { present, scalar } from './styles.ts'

/** Bytes that can be sent as they are. A call whose body is a stream is never repeated: it can't be read twice. */
export type BinaryBody = Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | string

/** A file in a form. A `File` brings its name along; a stream is read into memory first. */
export type Upload = Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>

export function encodeJson(value: unknown, { type }: BodyFormat): EncodedBody {
  return { body: JSON.stringify(value), contentType: type, repeatable: true }
}

export function encodeText(value: unknown, { type }: BodyFormat): EncodedBody {
  return { body: scalar(value), contentType: type, repeatable: true }
}

export function encodeForm(value: unknown, { type }: BodyFormat): EncodedBody {
  const search = new URLSearchParams()
  for (const [name, item] of entries(value)) search.append(name, scalar(item))
  return { body: search.toString(), contentType: type, repeatable: true }
}

export async function encodeMultipart(value: unknown, { parts = {} }: BodyFormat): Promise<EncodedBody> {
  const data = new FormData()
  for (const [name, item] of entries(value)) {
    // Several types, or a range, say what is allowed and not what this part is.
    const given = Object.hasOwn(parts, name) ? parts[name] : undefined
    const part = await toPart(item, given !== undefined && !/[,*]/.test(given) ? given : undefined)
    if (typeof part === 'string') data.append(name, part)
    else data.append(name, part, item instanceof Blob && 'name' in item ? String(item.name) : name)
  }
  return { body: data, repeatable: true }
}

export function encodeBinary(value: unknown, { type }: BodyFormat): EncodedBody {
  if (value instanceof Blob) return { body: value, contentType: value.type || type, repeatable: true }
  if (value instanceof ReadableStream) return { body: value, contentType: type, repeatable: false }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || typeof value === 'string')
    return { body: value as BodyInit, contentType: type, repeatable: true }
  throw new ConfigurationError('The body is a Blob, bytes, a string or a stream')
}

async function toPart(item: unknown, type: string | undefined): Promise<string | Blob> {
  if (item instanceof ReadableStream) return toPart(await new Response(item).blob(), type)
  if (item instanceof Blob) return type === undefined || item.type !== '' ? item : item.slice(0, item.size, type)
  if (item instanceof ArrayBuffer || ArrayBuffer.isView(item))
    return new Blob([item as BlobPart], { type: type ?? 'application/octet-stream' })
  if (typeof item === 'object' && item !== null && !(item instanceof Date))
    return new Blob([JSON.stringify(item)], { type: type ?? 'application/json' })
  return type === undefined || type === 'text/plain' ? scalar(item) : new Blob([scalar(item)], { type })
}

/** The members of a form; a list gives one part for each of its items. */
function entries(value: unknown): [string, unknown][] {
  if (value instanceof FormData || value instanceof URLSearchParams) return [...value.entries()]
  if (typeof value !== 'object' || value === null) throw new ConfigurationError('The body of a form is an object')
  return Object.entries(value)
    .flatMap(([name, item]) => (Array.isArray(item) ? item : [item]).map((each): [string, unknown] => [name, each]))
    .filter(([, item]) => present(item))
}
