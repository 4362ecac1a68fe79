import { ConfigurationError } from './errors.ts'
import type { BodyFormat } from './operation.ts'
import { present, scalar } from './parameters.ts'

/** What can be sent as it is. A stream can't be sent twice, so a call with one is never repeated. */
export type BinaryBody = Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | string

export interface EncodedBody {
  readonly body: BodyInit
  /** Absent: fetch sets it by itself (the boundary of `multipart/form-data`). */
  readonly contentType?: string
  readonly repeatable: boolean
}

/** @throws ConfigurationError where the value can't be sent in this format */
export function encodeBody(format: BodyFormat, value: unknown): EncodedBody {
  switch (format.kind) {
    case 'json':
      return { body: JSON.stringify(value), contentType: format.type, repeatable: true }
    case 'form':
      return { body: form(value), contentType: format.type, repeatable: true }
    case 'multipart':
      return { body: multipart(value, format.parts ?? {}), repeatable: true }
    case 'text':
      return { body: scalar(value), contentType: format.type, repeatable: true }
    case 'binary':
      return binary(value, format.type)
  }
}

function form(value: unknown): string {
  const search = new URLSearchParams()
  for (const [name, item] of parts(value)) search.append(name, scalar(item))
  return search.toString()
}

function multipart(value: unknown, types: Readonly<Record<string, string>>): FormData {
  const data = new FormData()
  for (const [name, item] of parts(value)) {
    // Several types, or a range, say what is allowed and not what this part is.
    const given = Object.hasOwn(types, name) ? types[name] : undefined
    const type = given !== undefined && !/[,*]/.test(given) ? given : undefined
    const part = toPart(item, type)
    if (typeof part === 'string') data.append(name, part)
    else if (typeof File !== 'undefined' && part instanceof File) data.append(name, part, part.name)
    else data.append(name, part, name)
  }
  return data
}

function toPart(item: unknown, type: string | undefined): string | Blob {
  if (item instanceof Blob) return type === undefined || item.type !== '' ? item : item.slice(0, item.size, type)
  if (item instanceof ArrayBuffer || ArrayBuffer.isView(item))
    return new Blob([item as BlobPart], { type: type ?? 'application/octet-stream' })
  if (typeof item === 'object' && item !== null && !(item instanceof Date))
    return new Blob([JSON.stringify(item)], { type: type ?? 'application/json' })
  return type === undefined || type === 'text/plain' ? scalar(item) : new Blob([scalar(item)], { type })
}

/** The members of a form; a list gives one part for each of its items. */
function parts(value: unknown): [string, unknown][] {
  if (value instanceof FormData || value instanceof URLSearchParams) return [...value.entries()]
  if (typeof value !== 'object' || value === null) throw new ConfigurationError('The body of a form is an object')
  return Object.entries(value)
    .flatMap(([name, item]) =>
      Array.isArray(item) ? item.map((each): [string, unknown] => [name, each]) : [[name, item] as [string, unknown]],
    )
    .filter(([, item]) => present(item))
}

function binary(value: unknown, type: string): EncodedBody {
  if (value instanceof Blob)
    return { body: value, contentType: value.type === '' ? type : value.type, repeatable: true }
  if (value instanceof ReadableStream) return { body: value, contentType: type, repeatable: false }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || typeof value === 'string')
    return { body: value as BodyInit, contentType: type, repeatable: true }
  throw new ConfigurationError('The body is a Blob, bytes, a string or a stream')
}
