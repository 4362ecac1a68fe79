import { expandPath, pairs as queryPairs } from '../../sdk-templates/typescript/runtime/address.ts'
import type { ValueStyle } from '../../sdk-templates/typescript/runtime/styles.ts'
import { tryFields as say } from '../wording/wording.ts'
import { parameterKey } from './parameter-key.ts'
import { formPairs, parameterText, type Write } from './parameter-text.ts'
import type { TryBody, TryForm, TryParameter } from './try-it.ts'

/** What a person has filled in. */
export interface TryDraft {
  /** By place and name: `query limit`. Absent: not sent. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** By name. Never stored or shared. */
  readonly keys: Readonly<Record<string, string>>
  /** Index into the form's bodies. */
  readonly media: number
  /** As its kind says: JSON (with files where parts are files), a string, or a file. Undefined: none is sent. */
  readonly body: unknown
}

export interface TryRequest {
  readonly method: string
  /** Below the sandbox's base path. */
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string | Blob | FormData | URLSearchParams
}

export function firstDraft(form: TryForm): TryDraft {
  const given = form.parameters.filter(({ value }) => value !== undefined)
  return {
    parameters: Object.fromEntries(given.map((parameter) => [parameterKey(parameter), parameter.value])),
    keys: {},
    media: 0,
    body: form.bodies[0]?.value,
  }
}

/** The draft as a request; a sentence where a field keeps it from being one. */
export function tryRequest(form: TryForm, draft: TryDraft): TryRequest | string {
  const missing = form.parameters.find((parameter) => parameter.required && isEmpty(given(draft, parameter)))
  if (missing !== undefined) return say.fillIn(missing.name)
  const malformed = malformedIn([draft.parameters, draft.body])
  if (malformed !== undefined) return malformed.message
  const path = placed(form, draft, 'path')
  let expanded: string
  try {
    expanded = expandPath(form.path, textStyles(path.styles), path.values)
  } catch (error) {
    if (error instanceof Error) return `${error.message}.`
    throw error
  }
  const query = placed(form, draft, 'query')
  const keys = form.keys.filter(({ name }) => (draft.keys[name] ?? '') !== '')
  const search = [
    queryPairs('&', query.styles, query.values),
    ...keys
      .filter((key) => key.in === 'query')
      .map(({ name }) => `${encodeURIComponent(name)}=${encodeURIComponent(draft.keys[name] ?? '')}`),
  ].filter((part) => part !== '')
  const header = placed(form, draft, 'header')
  const headers = [
    ...Object.entries(header.values).map(([name, value]): [string, string] => [
      name,
      header.styles[name]?.(value).join('') ?? '',
    ]),
    ...keys.filter((key) => key.in === 'header').map(({ name }): [string, string] => [name, draft.keys[name] ?? '']),
  ]
  const unsendable = headers.find(([, value]) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
  if (unsendable !== undefined) return say.notForHeaders(unsendable[0])
  const common = { method: form.method, path: expanded + (search.length > 0 ? `?${search.join('&')}` : '') }
  const media = form.bodies[draft.media]
  if (media === undefined) return { ...common, headers }
  if (isEmpty(draft.body)) return form.bodyRequired ? say.fillInBody : { ...common, headers }
  const body = bodyOf(media, draft.body)
  // The browser writes the boundary of a multipart body itself.
  const typed = body instanceof FormData ? headers : [...headers, ['content-type', media.type] as const]
  return { ...common, headers: typed, body }
}

function textStyles(writers: Readonly<Record<string, Write>>): Record<string, ValueStyle> {
  return Object.fromEntries(Object.entries(writers).map(([name, write]) => [name, (value) => write(value).join('')]))
}

/** The parameters of one place: how they are written, and the values that are given. */
function placed(form: TryForm, draft: TryDraft, place: TryParameter['in']) {
  const parameters = form.parameters.filter((parameter) => parameter.in === place)
  const filled = parameters.filter((parameter) => !isEmpty(given(draft, parameter)))
  return {
    styles: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameterText(parameter)])),
    values: Object.fromEntries(filled.map((parameter) => [parameter.name, given(draft, parameter)])),
  }
}

function given({ parameters }: TryDraft, parameter: TryParameter): unknown {
  return parameters[parameterKey(parameter)]
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === ''
}

function bodyOf({ kind, type, parts, encoding }: TryBody, value: unknown): NonNullable<TryRequest['body']> {
  if (kind === 'json') return JSON.stringify(value)
  if (kind === 'text') return text(value)
  if (kind === 'file') return value instanceof Blob ? value : text(value)
  const members = Object.entries(typeof value === 'object' && value !== null ? value : {})
  if (!type.startsWith('multipart/'))
    return new URLSearchParams(
      members.flatMap(([name, member]) =>
        formPairs(name, member, Object.hasOwn(encoding, name) ? encoding[name] : undefined),
      ),
    )
  const form = new FormData()
  for (const [name, member] of members)
    for (const item of Array.isArray(member) ? member : [member]) {
      const part = partOf(item, parts[name])
      if (part instanceof Blob) form.append(name, part, part instanceof File ? part.name : undefined)
      else if (part !== undefined) form.append(name, part)
    }
  return form
}

/** A part of another type than text has to say so, and only a blob can. */
function partOf(value: unknown, type: string | undefined): string | Blob | undefined {
  if (value === undefined || value instanceof Blob) return value
  const json = typeof value === 'object' && value !== null
  if (type === undefined && !json) return text(value)
  return new Blob([text(value)], { type: type ?? 'application/json' })
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** What was typed where JSON should stand. */
export class Malformed {
  readonly text: string
  readonly message: string

  constructor(text: string, message: string) {
    this.text = text
    this.message = message
  }
}

function malformedIn(value: unknown): Malformed | undefined {
  if (value instanceof Malformed) return value
  if (typeof value !== 'object' || value === null || value instanceof Blob) return undefined
  for (const member of Object.values(value)) {
    const found = malformedIn(member)
    if (found !== undefined) return found
  }
  return undefined
}
