import type { ApiModel, Operation, Parameter } from '../../src/model/api.ts'
import { resolve, type Schema, type SchemaObject } from '../../src/model/schema.ts'
import { Sampler } from '../../src/sandbox/sample.ts'
import { Validator } from '../../src/sandbox/validator.ts'

/** One request of an operation: as the document has it, or with one thing wrong. */
export interface Variation {
  /** What is wrong, if anything: `query limit: not a number`. */
  readonly what: string
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

type Values = ReadonlyMap<Parameter, string>

/** Requests that fit, and for each rule that can be broken one that breaks it. Only what is written plainly, and JSON. */
export class Variations {
  readonly #model: ApiModel
  readonly #sampler: Sampler

  constructor(model: ApiModel) {
    this.#model = model
    this.#sampler = new Sampler(model.schemas, new Validator(model.schemas, 'request'), 1)
  }

  /** None where no request could be made up that fits. */
  of(operation: Operation): Variation[] {
    const required = operation.parameters.filter(({ required }) => required)
    const values: Values = new Map(
      required.flatMap((parameter) => {
        const value = this.#value(parameter)
        return value === undefined ? [] : [[parameter, value] as const]
      }),
    )
    const json = operation.body?.content.find(({ type }) => /^application\/json\b/.test(type))
    const body = json?.schema === undefined ? undefined : this.#sampler.sample(json.schema)
    const isWritable = operation.body === undefined || (json !== undefined && body !== undefined)
    if (values.size < required.length || !isWritable) return []
    const text = body === undefined ? undefined : JSON.stringify(body)
    const request = (what: string, sent = values, content = text, type = 'application/json'): Variation =>
      this.#request(operation, what, sent, content, type)
    const variations = [request('nothing'), ...this.#parameters(operation, values, request)]
    if (json?.schema === undefined) return variations
    variations.push(request('body: malformed', values, '{"'), request('body: another type', values, 'x', 'text/plain'))
    if (operation.body?.required) variations.push(request('body: none', values, ''))
    for (const [what, changed] of this.#bodies(body, json.schema))
      variations.push(request(`body ${what}`, values, JSON.stringify(changed)))
    return variations
  }

  #request(operation: Operation, what: string, values: Values, body: string | undefined, type: string): Variation {
    let path = operation.path
    const query = new URLSearchParams()
    const headers: Record<string, string> = { accept: '*/*' }
    const cookies: string[] = []
    for (const [{ in: place, name }, value] of values) {
      if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
      else if (place === 'query') query.append(name, value)
      else if (place === 'header') headers[name.toLowerCase()] = value
      else cookies.push(`${name}=${encodeURIComponent(value)}`)
    }
    if (cookies.length > 0) headers.cookie = cookies.join('; ')
    const sends = body !== undefined && body !== ''
    if (sends) headers['content-type'] = type
    const search = query.size === 0 ? '' : `?${query}`
    return { what, method: operation.method, path: path + search, headers, ...(sends ? { body } : {}) }
  }

  #parameters(
    { parameters }: Operation,
    values: Values,
    request: (what: string, values: Values) => Variation,
  ): Variation[] {
    return parameters.flatMap((parameter) => {
      const { in: place, name, required, mediaType, style, schema } = parameter
      const named = `${place} ${name}`
      const found: Variation[] = []
      const set = (what: string, value: string) =>
        found.push(request(`${named}: ${what}`, new Map([...values, [parameter, value]])))
      if (required && place !== 'path')
        found.push(request(`${named}: missing`, new Map([...values].filter(([one]) => one !== parameter))))
      if (mediaType !== undefined || style === 'deepObject' || place === 'querystring') return found
      const target = this.#resolved(schema)
      const type = typeOf(target)
      const good = this.#value(parameter)
      if (!required && good !== undefined) set('as described', good)
      if (type === 'integer' || type === 'number') set('not a number', 'many')
      if (type === 'integer') set('a fraction', '1.5')
      if (type === 'boolean') set('not a boolean', 'perhaps')
      if (Array.isArray(target?.enum) && type !== undefined) set('not in the list', 'nonsense-value')
      if (typeof target?.minimum === 'number') set('too small', String(target.minimum - 1))
      if (typeof target?.maximum === 'number') set('too large', String(target.maximum + 1))
      if (typeof target?.maxLength === 'number' && target.maxLength < 2000)
        set('too long', 'x'.repeat(target.maxLength + 1))
      if (typeof target?.pattern === 'string') set('against the pattern', '\u00a7')
      return found
    })
  }

  /** Members of an object, one at a time: left out, of another type, against a limit. */
  *#bodies(body: unknown, schema: Schema): Generator<readonly [what: string, body: unknown]> {
    yield ['of another type', Array.isArray(body) ? {} : []]
    const target = this.#resolved(schema)
    if (target === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) return
    const properties = Object.entries((target.properties ?? {}) as Record<string, Schema>)
    const required: readonly unknown[] = Array.isArray(target.required) ? target.required : []
    for (const [name, property] of properties) {
      const set = (what: string, value: unknown) => [`/${name}: ${what}`, { ...body, [name]: value }] as const
      const own = this.#resolved(property)
      if (own?.readOnly === true || (typeof property === 'object' && property.readOnly === true)) continue
      if (required.includes(name))
        yield [`/${name}: missing`, Object.fromEntries(Object.entries(body).filter(([key]) => key !== name))]
      const type = typeOf(own)
      if (type !== undefined) yield set('of another type', type === 'string' ? { not: 'text' } : 'text')
      if (type === undefined) continue
      if (Array.isArray(own?.enum)) yield set('not in the list', type === 'string' ? 'nonsense-value' : 987_654)
      if (typeof own?.minimum === 'number') yield set('too small', own.minimum - 1)
      if (typeof own?.maximum === 'number') yield set('too large', own.maximum + 1)
      if (typeof own?.minLength === 'number' && own.minLength > 0) yield set('too short', '')
      if (typeof own?.maxLength === 'number' && own.maxLength < 5000)
        yield set('too long', 'x'.repeat(own.maxLength + 1))
      if (typeof own?.pattern === 'string') yield set('against the pattern', '\u00a7')
      if (typeof own?.format === 'string' && type === 'string') yield set(`no ${own.format}`, 'no such thing')
      if (typeof own?.minItems === 'number' && own.minItems > 0) yield set('too few', [])
    }
    if (target.additionalProperties === false) yield ['with a member too many', { ...body, 'not-described': 1 }]
  }

  #value({ schema, examples, in: place }: Parameter): string | undefined {
    const value = examples[0]?.value ?? this.#sampler.sample(schema)
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    const text = plain ? String(value) : Array.isArray(value) && value.length === 1 ? String(value[0]) : undefined
    // What a header or a path can't hold as it is isn't about validation.
    if (text === undefined || (place !== 'query' && !/^[\x21-\x7e]+$/.test(text))) return undefined
    return text
  }

  #resolved(schema: Schema): SchemaObject | undefined {
    const target = resolve(schema, this.#model.schemas)
    return typeof target === 'object' ? target : undefined
  }
}

function typeOf(schema: SchemaObject | undefined): string | undefined {
  return typeof schema?.type === 'string' ? schema.type : undefined
}
