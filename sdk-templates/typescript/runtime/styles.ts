/**
 * How a parameter's value becomes text: one function for each style of OpenAPI (RFC 6570 underneath), so that a program
 * bundles those that its calls use. An operation's description names the functions of its parameters.
 */

/** A value in its place in the path, or in a header. */
export type ValueStyle = (value: unknown, name: string) => string

/** `name=value` pairs, none for an empty list: of a query, or of cookies. */
export type PairStyle = (value: unknown, name: string) => readonly string[]

type Code = (text: string) => string

export function simple(value: unknown): string {
  return joined(value, ',', ',', encode)
}

export function explodedSimple(value: unknown): string {
  return joined(value, ',', '=', encode)
}

export function label(value: unknown): string {
  return `.${joined(value, ',', ',', encode)}`
}

export function explodedLabel(value: unknown): string {
  return `.${joined(value, '.', '=', encode)}`
}

export function matrix(value: unknown, name: string): string {
  return matrixPair(encode(name), joined(value, ',', ',', encode))
}

export function explodedMatrix(value: unknown, name: string): string {
  if (Array.isArray(value))
    return list(value, encode)
      .map((item) => matrixPair(encode(name), item))
      .join('')
  if (isRecord(value))
    return members(value, encode)
      .map(([member, text]) => matrixPair(member, text))
      .join('')
  return matrix(value, name)
}

function matrixPair(name: string, text: string): string {
  return text === '' ? `;${name}` : `;${name}=${text}`
}

export function header(value: unknown): string {
  return joined(value, ',', ',', asIs)
}

export function explodedHeader(value: unknown): string {
  return joined(value, ',', '=', asIs)
}

/** `a=1&a=2`, `R=100&G=200`. */
export function form(value: unknown, name: string, code: Code = encode): readonly string[] {
  if (Array.isArray(value)) return list(value, code).map((item) => `${encode(name)}=${item}`)
  if (isRecord(value)) return members(value, code).map((pair) => pair.join('='))
  return [`${encode(name)}=${code(scalar(value))}`]
}

/** `a=1,2`, `color=R,100,G,200`. */
export function joinedForm(value: unknown, name: string, code: Code = encode): readonly string[] {
  return delimited(value, name, ',', code)
}

export function spaceDelimited(value: unknown, name: string, code: Code = encode): readonly string[] {
  return delimited(value, name, '%20', code)
}

export function pipeDelimited(value: unknown, name: string, code: Code = encode): readonly string[] {
  return delimited(value, name, '%7C', code)
}

/** `color[R]=100&color[G]=200`, at any depth. */
export function deepObject(value: unknown, name: string, code: Code = encode): readonly string[] {
  return deep(encode(name), value, code)
}

export function reservedForm(value: unknown, name: string): readonly string[] {
  return form(value, name, encodeReserved)
}

export function reservedJoinedForm(value: unknown, name: string): readonly string[] {
  return joinedForm(value, name, encodeReserved)
}

export function reservedSpaceDelimited(value: unknown, name: string): readonly string[] {
  return spaceDelimited(value, name, encodeReserved)
}

export function reservedPipeDelimited(value: unknown, name: string): readonly string[] {
  return pipeDelimited(value, name, encodeReserved)
}

export function reservedDeepObject(value: unknown, name: string): readonly string[] {
  return deepObject(value, name, encodeReserved)
}

/** With `content` instead of `schema`: text as it is, anything else as JSON. */
export function contentPair(value: unknown, name: string): readonly string[] {
  return [`${encode(name)}=${encode(content(value))}`]
}

export function contentValue(value: unknown): string {
  return encode(content(value))
}

export function contentHeader(value: unknown): string {
  return content(value)
}

function delimited(value: unknown, name: string, separator: string, code: Code): readonly string[] {
  if (Array.isArray(value) && !value.some(present)) return []
  return [`${encode(name)}=${joined(value, separator, separator, code)}`]
}

function joined(value: unknown, separator: string, equals: string, code: Code): string {
  if (Array.isArray(value)) return list(value, code).join(separator)
  if (isRecord(value))
    return members(value, code)
      .map((pair) => pair.join(equals))
      .join(separator)
  return code(scalar(value))
}

function list(value: readonly unknown[], code: Code): string[] {
  return value.filter(present).map((item) => code(scalar(item)))
}

function members(value: Readonly<Record<string, unknown>>, code: Code): [string, string][] {
  return Object.entries(value)
    .filter(([, member]) => present(member))
    .map(([name, member]) => [code(name), code(scalar(member))])
}

function deep(key: string, value: unknown, code: Code): string[] {
  if (Array.isArray(value)) return value.filter(present).flatMap((item) => deep(key, item, code))
  if (!isRecord(value)) return [`${key}=${code(scalar(value))}`]
  return Object.entries(value)
    .filter(([, member]) => present(member))
    .flatMap(([name, member]) => deep(`${key}%5B${encode(name)}%5D`, member, code))
}

export function present(value: unknown): boolean {
  return value !== undefined && value !== null
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** A date is sent as RFC 3339 says; what has structure where only text can stand, as JSON. */
export function scalar(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function content(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function asIs(text: string): string {
  return text
}

/** Percent-encodes all but RFC 3986's unreserved characters. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** `allowReserved`: reserved characters stay, but those that would end the value. */
function encodeReserved(text: string): string {
  return encodeURI(text)
    .replace(/[#&+]/g, encodeURIComponent)
    .replace(/%25([0-9A-Fa-f]{2})/g, '%$1')
}
