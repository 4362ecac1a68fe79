import { ConfigurationError } from './errors.ts'
import type { Parameter } from './operation.ts'

/** Values of parameters by name, by place. */
export interface ParameterValues {
  readonly path?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly cookie?: Readonly<Record<string, unknown>>
}

/** The path with its parameters filled in. A value can't leave its place: `..`, the empty string and `/` don't travel. */
export function expandPath(
  template: string,
  parameters: readonly Parameter[],
  values: ParameterValues['path'],
): string {
  const path = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const parameter = parameters.find((candidate) => candidate.in === 'path' && candidate.name === name)
    const value = Object.hasOwn(values ?? {}, name) ? values?.[name] : undefined
    if (!present(value)) throw new ConfigurationError(`The path parameter ${name} is missing`)
    const text = pathValue(parameter ?? { name, in: 'path' }, value)
    if (text === '') throw new ConfigurationError(`The path parameter ${name} is empty`)
    return text
  })
  // URL parsers resolve dot segments even where they are percent-encoded.
  if (path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment)))
    throw new ConfigurationError('A path parameter may not be "." or ".."')
  return path
}

/** `a=1&b=2`, without the question mark. Names that the operation doesn't know are sent as they are. */
export function queryString(parameters: readonly Parameter[], values: ParameterValues['query']): string {
  return Object.entries(values ?? {})
    .filter(([, value]) => present(value))
    .flatMap(([name, value]) => {
      const known = parameters.find((parameter) => parameter.in === 'query' && parameter.name === name)
      return queryPairs(known ?? { name, in: 'query' }, value)
    })
    .join('&')
}

export function headerValue(parameter: Parameter | undefined, value: unknown): string {
  if (parameter?.content !== undefined) return content(value)
  return simple(value, parameter?.explode ?? false, (text) => text)
}

/** The value of a `Cookie` header. */
export function cookieString(parameters: readonly Parameter[], values: ParameterValues['cookie']): string {
  return Object.entries(values ?? {})
    .filter(([, value]) => present(value))
    .flatMap(([name, value]) => {
      const known = parameters.find((parameter) => parameter.in === 'cookie' && parameter.name === name)
      return queryPairs(known ?? { name, in: 'cookie' }, value)
    })
    .join('; ')
}

function pathValue(parameter: Parameter, value: unknown): string {
  if (parameter.content !== undefined) return encode(content(value))
  const { name, style = 'simple', explode = false } = parameter
  if (style === 'label') return label(value, explode)
  if (style === 'matrix') return matrix(name, value, explode)
  return simple(value, explode, encode)
}

function simple(value: unknown, explode: boolean, code: (text: string) => string): string {
  if (Array.isArray(value))
    return value
      .filter(present)
      .map((item) => code(scalar(item)))
      .join(',')
  if (isRecord(value))
    return members(value, code)
      .map((pair) => pair.join(explode ? '=' : ','))
      .join(',')
  return code(scalar(value))
}

function label(value: unknown, explode: boolean): string {
  const separator = explode ? '.' : ','
  if (Array.isArray(value))
    return `.${value
      .filter(present)
      .map((item) => encode(scalar(item)))
      .join(separator)}`
  if (isRecord(value))
    return `.${members(value, encode)
      .map((pair) => pair.join(explode ? '=' : ','))
      .join(separator)}`
  return `.${encode(scalar(value))}`
}

function matrix(name: string, value: unknown, explode: boolean): string {
  const pair = (key: string, text: string): string => (text === '' ? `;${key}` : `;${key}=${text}`)
  const key = encode(name)
  if (Array.isArray(value)) {
    const items = value.filter(present).map((item) => encode(scalar(item)))
    return explode ? items.map((item) => pair(key, item)).join('') : pair(key, items.join(','))
  }
  if (isRecord(value)) {
    const pairs = members(value, encode)
    return explode ? pairs.map(([member, text]) => pair(member, text)).join('') : pair(key, pairs.flat().join(','))
  }
  return pair(key, encode(scalar(value)))
}

function queryPairs(parameter: Parameter, value: unknown): string[] {
  const { name, style = 'form' } = parameter
  const explode = parameter.explode ?? style === 'form'
  const code = parameter.allowReserved === true ? encodeReserved : encode
  const key = encode(name)
  if (parameter.content !== undefined) return [`${key}=${code(content(value))}`]
  if (style === 'deepObject') return deep(key, value, code)
  const separator = style === 'spaceDelimited' ? '%20' : style === 'pipeDelimited' ? '%7C' : ','
  if (Array.isArray(value)) {
    const items = value.filter(present).map((item) => code(scalar(item)))
    if (explode) return items.map((item) => `${key}=${item}`)
    return items.length === 0 ? [] : [`${key}=${items.join(separator)}`]
  }
  if (isRecord(value)) {
    const pairs = members(value, code)
    return explode ? pairs.map((pair) => pair.join('=')) : [`${key}=${pairs.flat().join(separator)}`]
  }
  return [`${key}=${code(scalar(value))}`]
}

function deep(key: string, value: unknown, code: (text: string) => string): string[] {
  if (Array.isArray(value)) return value.filter(present).flatMap((item) => deep(key, item, code))
  if (!isRecord(value)) return [`${key}=${code(scalar(value))}`]
  return Object.entries(value)
    .filter(([, member]) => present(member))
    .flatMap(([name, member]) => deep(`${key}%5B${encode(name)}%5D`, member, code))
}

function members(value: Readonly<Record<string, unknown>>, code: (text: string) => string): [string, string][] {
  return Object.entries(value)
    .filter(([, member]) => present(member))
    .map(([name, member]) => [code(name), code(scalar(member))])
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

/** Percent-encodes all but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** `allowReserved`: reserved characters stay, but those that would end the value. */
function encodeReserved(text: string): string {
  return encodeURI(text)
    .replace(/[#&+]/g, encodeURIComponent)
    .replace(/%25([0-9A-Fa-f]{2})/g, '%$1')
}
