import type { TryForm } from './try-it.ts'

/** What a person has filled in. */
export interface TryValues {
  /** By the field's place in the form. */
  readonly fields: readonly string[]
  readonly body: string
  readonly file?: Blob | undefined
}

export interface TryRequest {
  readonly method: string
  /** Below the sandbox's base path. */
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string | Blob | FormData | URLSearchParams
}

/** The form as a request; a sentence where a field keeps it from being one. */
export function tryRequest(form: TryForm, values: TryValues): TryRequest | string {
  let path = form.path
  const query = new URLSearchParams()
  const headers: [string, string][] = []
  for (const [index, field] of form.fields.entries()) {
    const value = values.fields[index] ?? ''
    if (value === '' && field.required) return `Fill in ${field.name}.`
    if (field.in === 'path') path = path.replaceAll(`{${field.name}}`, encodeURIComponent(value))
    else if (value === '') continue
    else if (field.in === 'header') headers.push([field.name, value])
    else for (const one of field.repeated ? value.split(',') : [value]) query.append(field.name, one.trim())
  }
  const search = query.size > 0 ? `?${query}` : ''
  const common = { method: form.method, path: path + search }
  const body = tryBody(form, values)
  if (typeof body === 'string') return body
  if (body.content === undefined) return { ...common, headers }
  // The browser writes the boundary of a multipart body itself.
  const typed = body.content instanceof FormData ? headers : [...headers, ['content-type', body.type] as const]
  return { ...common, headers: typed, body: body.content }
}

function tryBody(
  { body }: TryForm,
  values: TryValues,
): { type: string; content?: NonNullable<TryRequest['body']> } | string {
  if (body === undefined) return { type: '' }
  const { type } = body
  if (body.kind === 'file')
    return values.file === undefined
      ? body.required
        ? 'Choose a file to send.'
        : { type }
      : { type, content: values.file }
  if (values.body.trim() === '') return body.required ? 'Fill in the body.' : { type }
  if (body.kind === 'text') return { type, content: values.body }
  const parsed = parse(values.body)
  if (parsed instanceof SyntaxError) return `The body isn’t JSON: ${parsed.message}`
  if (body.kind === 'json') return { type, content: values.body }
  const parts = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
  if (!type.startsWith('multipart/'))
    return { type, content: new URLSearchParams(parts.map(([name, value]) => [name, text(value)])) }
  const form = new FormData()
  for (const [name, value] of parts) form.append(name, text(value))
  if (values.file !== undefined) form.append('file', values.file)
  return { type, content: form }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError) return error
    throw error
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
