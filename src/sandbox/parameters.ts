import type { Parameter } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import type { Schema, Schemas } from '../model/schema.ts'
import type { Call } from './call.ts'
import { cookies } from './caller.ts'
import type { InvalidValue } from './problem.ts'
import { shapeOf } from './shape.ts'
import type { Validator } from './validator.ts'

export interface ReadParameters {
  /** Query parameters by name, read as their schemas say. */
  readonly query: ReadonlyMap<string, unknown>
  readonly errors: readonly InvalidValue[]
}

/** Reads and validates the parameters of one operation (OpenAPI 3.1 section 4.8.12). */
export class ParameterReader {
  readonly #parameters: readonly Parameter[]
  readonly #schemas: Schemas
  readonly #validator: Validator

  constructor(parameters: readonly Parameter[], schemas: Schemas, validator: Validator) {
    this.#parameters = parameters.filter(
      ({ in: place, name }) =>
        place !== 'querystring' && !(place === 'header' && /^(accept|content-type|authorization)$/i.test(name)),
    )
    this.#schemas = schemas
    this.#validator = validator
  }

  read(call: Call, path: Readonly<Record<string, string>>): ReadParameters {
    const query = new Map<string, unknown>()
    const errors: InvalidValue[] = []
    const pairs = queryPairs(call.query)
    for (const parameter of this.#parameters) {
      const at = (detail: string, below = ''): InvalidValue => ({
        in: parameter.in === 'querystring' ? 'query' : parameter.in,
        pointer: `/${parameter.name.replaceAll('~', '~0').replaceAll('/', '~1')}${below}`,
        detail,
      })
      try {
        const value = this.#value(parameter, call, path, pairs)
        if (value === undefined) {
          if (parameter.required) errors.push(at('is required'))
          continue
        }
        if (parameter.in === 'query') query.set(parameter.name, value)
        const mismatches = this.#validator.check(value, parameter.schema)
        errors.push(...mismatches.map(({ pointer, detail }) => at(detail, pointer)))
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
        errors.push(at(error.message))
      }
    }
    return { query, errors }
  }

  #value(parameter: Parameter, call: Call, path: Readonly<Record<string, string>>, pairs: readonly Pair[]): unknown {
    const { name } = parameter
    switch (parameter.in) {
      case 'path':
        return Object.hasOwn(path, name) ? this.#simple(parameter, stripped(parameter, path[name] ?? '')) : undefined
      case 'header': {
        const value = /^[!#$%&'*+\-.^`|~\w]+$/.test(name) ? call.header(name) : undefined
        return value === undefined ? undefined : this.#simple(parameter, value)
      }
      case 'cookie': {
        const value = cookies(call).get(name)
        return value === undefined ? undefined : this.#simple(parameter, decode(value))
      }
      default:
        return this.#query(parameter, pairs)
    }
  }

  /** One string: `simple`, or `form` of one value. */
  #simple(parameter: Parameter, text: string): unknown {
    if (parameter.mediaType !== undefined) return content(parameter.mediaType, text)
    const { types, items, properties } = shapeOf(parameter.schema, this.#schemas)
    if (types.has('array') && !types.has('string')) {
      const delimiter = parameter.style === 'label' && parameter.explode ? '.' : ','
      return text === '' ? [] : text.split(delimiter).map((part) => this.#coerce(part.trim(), items))
    }
    if (types.has('object') && !types.has('string')) {
      const parts = text.split(',')
      const entries = parameter.explode
        ? parts.map((part) => part.split('=', 2))
        : parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]]] : []))
      return Object.fromEntries(
        entries.map(([key = '', value = '']) => [key, this.#coerce(value, properties.get(key))]),
      )
    }
    return this.#coerce(text, parameter.schema)
  }

  #query(parameter: Parameter, pairs: readonly Pair[]): unknown {
    const { name, style, explode, schema } = parameter
    const { types, items, properties } = shapeOf(schema, this.#schemas)
    const object = types.has('object') && !types.has('string') && parameter.mediaType === undefined
    if (object && style === 'deepObject') {
      const entries = pairs.flatMap(({ key, value }) => {
        const member = key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : undefined
        return member === undefined ? [] : [[member, this.#coerce(decode(value), properties.get(member))]]
      })
      return entries.length === 0 ? undefined : Object.fromEntries(entries)
    }
    if (object && explode) {
      const entries = pairs.flatMap(({ key, value }) =>
        properties.has(key) ? [[key, this.#coerce(decode(value), properties.get(key))]] : [],
      )
      return entries.length === 0 ? undefined : Object.fromEntries(entries)
    }
    const own = pairs.filter(({ key }) => key === name)
    const [first] = own
    if (first === undefined) return undefined
    if (types.has('array') && parameter.mediaType === undefined) {
      // Split before decoding: an encoded delimiter belongs to the value.
      const delimiter = DELIMITERS[style]
      const raw = explode ? own.map(({ value }) => value) : first.value === '' ? [] : first.value.split(delimiter)
      return raw.map((part) => this.#coerce(decode(part), items))
    }
    if (own.length > 1) throw new Unreadable('is given more than once')
    return this.#simple(parameter, decode(first.value))
  }

  #coerce(text: string, schema: Schema | undefined): unknown {
    return coerce(text, schema, this.#schemas)
  }
}

/** A string as the type that its schema wants; left a string where it can't be, for validation to say so. */
export function coerce(text: string, schema: Schema | undefined, schemas: Schemas): unknown {
  const { types } = shapeOf(schema, schemas)
  const number = types.has('number') || types.has('integer')
  if (number && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text)
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (types.has('null') && text === 'null' && !types.has('string')) return null
  return text
}

interface Pair {
  readonly key: string
  /** Not yet decoded. */
  readonly value: string
}

const DELIMITERS: Readonly<Record<Parameter['style'], RegExp>> = {
  matrix: /,/,
  label: /,/,
  simple: /,/,
  form: /,/,
  cookie: /,/,
  deepObject: /,/,
  spaceDelimited: /%20|\+/,
  pipeDelimited: /\||%7C/i,
}

class Unreadable extends Error {}

function queryPairs(query: string): Pair[] {
  if (query === '') return []
  return query.split('&').flatMap((pair) => {
    const equals = pair.indexOf('=')
    const [key, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    try {
      return key === '' ? [] : [{ key: decode(key), value }]
    } catch (error) {
      if (error instanceof Unreadable) return []
      throw error
    }
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (error) {
    if (error instanceof URIError) throw new Unreadable('is not well-formed percent-encoding')
    throw error
  }
}

/** Without the prefix of `label` (`.a`) and `matrix` (`;name=a`). */
function stripped({ style, name }: Parameter, text: string): string {
  if (style === 'label' && text.startsWith('.')) return text.slice(1)
  if (style === 'matrix' && text.startsWith(`;${name}=`)) return text.slice(name.length + 2)
  return text
}

function content(mediaType: string, text: string): unknown {
  if (!isJson(mediaType)) return text
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) throw new Unreadable('is not JSON')
    throw error
  }
}
