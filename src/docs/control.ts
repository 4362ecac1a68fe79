import type { ApiModel } from '../model/api.ts'
import type { Schema } from '../model/schema.ts'
import { schema as say } from '../wording/wording.ts'
import { type FlatSchema, flatten, isSchemaLike, types, type Union } from './schema-flat.ts'

/** What a person fills a value in with. Plain data of bounded size: it crosses to the browser. */
export type Control =
  | { readonly kind: 'text'; readonly input: TextInput; readonly hint?: string }
  | { readonly kind: 'number'; readonly integer: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'choice'; readonly options: readonly Scalar[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'list'; readonly item: Control }
  | { readonly kind: 'object'; readonly members: readonly Member[]; readonly entries?: Control }
  | { readonly kind: 'union'; readonly options: readonly UnionOption[] }
  | { readonly kind: 'file' }
  /** Anything, written as JSON: where the schema doesn't say more, or says too much. */
  | { readonly kind: 'json' }

export type TextInput = 'text' | 'date' | 'time' | 'email' | 'url' | 'password' | 'long'
export type Scalar = string | number | boolean | null

export interface Member {
  readonly name: string
  readonly required: boolean
  readonly control: Control
  /** Scopes without which sending it is refused. */
  readonly scopes: readonly string[]
}

export interface UnionOption {
  readonly title: string
  readonly control: Control
  /** The member that tells which option a value is, and what it says then. */
  readonly tag?: { readonly name: string; readonly value: string }
}

const DEEPEST = 5
const MOST_NODES = 400
const LONG_TEXT = 200

/** @param schema of a value that is sent: read-only members are left out */
export function control(schema: Schema | undefined, model: Pick<ApiModel, 'schemas'>): Control {
  return new ControlBuilder(model).build(schema ?? true, 0)
}

class ControlBuilder {
  readonly #model: Pick<ApiModel, 'schemas'>
  #nodes = 0

  constructor(model: Pick<ApiModel, 'schemas'>) {
    this.#model = model
  }

  build(schema: Schema, depth: number): Control {
    if (++this.#nodes > MOST_NODES) return { kind: 'json' }
    const flat = flatten(schema, this.#model.schemas)
    const { own } = flat
    if (own.const !== undefined && isScalar(own.const)) return { kind: 'choice', options: [own.const] }
    const options = own.enum?.filter(isScalar)
    if (options !== undefined && options.length > 0) return { kind: 'choice', options }
    if (isFile(flat)) return { kind: 'file' }
    const [union] = flat.unions
    if (union !== undefined) return depth >= DEEPEST ? { kind: 'json' } : this.#union(union, flat, depth)
    const [type, ...more] = types(flat)
    if (more.length > 0) return { kind: 'json' }
    switch (type) {
      case 'boolean':
        return { kind: 'switch' }
      case 'integer':
      case 'number':
        return number(flat, type)
      case 'string':
        return text(flat)
      case 'array': {
        if (depth >= DEEPEST || !isSchemaLike(own.items) || own.prefixItems !== undefined) return { kind: 'json' }
        return { kind: 'list', item: this.build(own.items, depth + 1) }
      }
      case 'object':
        return depth >= DEEPEST ? { kind: 'json' } : this.#object(flat, depth)
      default:
        return { kind: 'json' }
    }
  }

  #object(flat: FlatSchema, depth: number): Control {
    const members = [...flat.properties].flatMap(([name, [first, ...others]]): Member[] => {
      const schema = others.length === 0 && first !== undefined ? first : { allOf: [first ?? true, ...others] }
      const member = flatten(schema, this.#model.schemas)
      if (member.own.readOnly === true || !member.possible) return []
      const required = flat.required.has(name)
      return [{ name, required, control: this.build(schema, depth + 1), scopes: member.scopes }]
    })
    members.sort((a, b) => Number(b.required) - Number(a.required))
    const { additionalProperties: more } = flat.own
    if (isSchemaLike(more)) return { kind: 'object', members, entries: this.build(more, depth + 1) }
    return members.length === 0 ? { kind: 'json' } : { kind: 'object', members }
  }

  /** Members that stand beside a union belong to each of its options. */
  #union({ options, discriminator }: Union, flat: FlatSchema, depth: number): Control {
    const beside = Object.fromEntries([...flat.properties].map(([name, [first]]) => [name, first ?? true]))
    return {
      kind: 'union',
      options: options.map((option, index) => {
        const whole: Schema =
          flat.properties.size === 0
            ? option
            : { allOf: [option, { properties: beside, required: [...flat.required] }] }
        const { names, own } = flatten(option, this.#model.schemas)
        const title = own.title ?? names[0] ?? say.either(types(flatten(option, this.#model.schemas)))
        const tag = discriminator === undefined ? undefined : tagOf(discriminator, names[0])
        return {
          title: title === '' ? say.option(index + 1) : title,
          control: this.build(whole, depth + 1),
          ...(tag !== undefined && { tag }),
        }
      }),
    }
  }
}

function tagOf(
  { propertyName, mapping = {} }: NonNullable<Union['discriminator']>,
  name: string | undefined,
): UnionOption['tag'] {
  if (name === undefined) return undefined
  const mapped = Object.entries(mapping).find(([, target]) => target === name || target.endsWith(`/${name}`))
  return { name: propertyName, value: mapped?.[0] ?? name }
}

function number({ own }: FlatSchema, type: 'integer' | 'number'): Control {
  return {
    kind: 'number',
    integer: type === 'integer',
    ...(typeof own.minimum === 'number' && { min: own.minimum }),
    ...(typeof own.maximum === 'number' && { max: own.maximum }),
  }
}

const INPUTS: Readonly<Record<string, TextInput>> = {
  date: 'date',
  time: 'time',
  email: 'email',
  uri: 'url',
  url: 'url',
  password: 'password',
}

function text({ own }: FlatSchema): Control {
  const { format, pattern, maxLength } = own
  const long = typeof maxLength === 'number' && maxLength > LONG_TEXT
  const input = INPUTS[typeof format === 'string' ? format : ''] ?? (long ? 'long' : 'text')
  const hint = format === 'date-time' ? '2026-01-31T09:00:00Z' : typeof pattern === 'string' ? pattern : undefined
  return { kind: 'text', input, ...(hint !== undefined && { hint }) }
}

/** How OpenAPI 3.1 says "bytes", and how 3.0 did. */
export function isFile({ own }: FlatSchema): boolean {
  if (own.format === 'binary') return true
  return (
    typeof own.contentMediaType === 'string' &&
    own.contentEncoding === undefined &&
    !/json|text/.test(own.contentMediaType)
  )
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
