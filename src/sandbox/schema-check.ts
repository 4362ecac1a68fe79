import { format } from '@cfworker/json-schema'
import { patternTest } from '../model/pattern.ts'
import type { Schema, SchemaObject } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import { distinct, equals } from './json-equality.ts'

export interface Mismatch {
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string
  readonly detail: string
  /** The value isn't of the kind that the schema describes, rather than a bad one of it. */
  readonly structural: boolean
}

/** What gathers mismatches. Without one, the first ends the check. */
export type Found = Mismatch[] | undefined

/** Which members and elements some subschema has described, for `unevaluatedProperties` and `unevaluatedItems`. */
export interface Evaluated {
  readonly names: Set<string>
  readonly indexes: Set<number>
}

/** Whether a value fits. @param pointer where it is; only told where mismatches are gathered */
export type Check = (value: unknown, pointer: string, found: Found, evaluated: Evaluated | undefined) => boolean

export interface Compilation {
  /** The check of a subschema. */
  compile(schema: Schema): Check
  /** What a reference refers to; undefined: nothing that counts. */
  target(ref: string): Schema | undefined
  /** A required member that isn't asked for in this direction. */
  skips(schema: SchemaObject, name: string): boolean
}

/** Makes functions of a schema's keywords (JSON Schema 2020-12); keywords that aren't what they should be say nothing. */
export function checksOf(schema: SchemaObject, compilation: Compilation): Check[] {
  return [
    type(schema),
    Object.hasOwn(schema, 'const') ? oneOf([schema.const], schema.const) : undefined,
    Array.isArray(schema.enum) ? oneOf(schema.enum, schema.enum) : undefined,
    reference(schema, compilation),
    ...combined(schema, compilation),
    text(schema),
    number(schema),
    ...object(schema, compilation),
    ...array(schema, compilation),
  ].filter((check) => check !== undefined)
}

function fail(found: Found, pointer: string, detail: string, structural = false): false {
  found?.push({ pointer, detail, structural })
  return false
}

function type({ type }: SchemaObject): Check | undefined {
  const types: readonly unknown[] = Array.isArray(type) ? type : typeof type === 'string' ? [type] : []
  if (types.length === 0) return undefined
  const integer = types.includes('integer') && !types.includes('number')
  const named = new Set(integer ? [...types, 'number'] : types)
  return (value, pointer, found) => {
    const actual = typeOf(value)
    if (named.has(actual) && !(integer && actual === 'number' && !Number.isInteger(value))) return true
    return fail(found, pointer, `is of type ${actual}, not ${types.join(', ')}`, true)
  }
}

function oneOf(values: readonly unknown[], shown: unknown): Check {
  const plain = new Set<unknown>(values.filter((one) => typeof one !== 'object' || one === null))
  const others = values.filter((one) => typeof one === 'object' && one !== null)
  const detail = `is not ${JSON.stringify(shown)}`
  return (value, pointer, found) =>
    plain.has(value) || others.some((one) => equals(one, value)) || fail(found, pointer, detail)
}

function reference({ $ref }: SchemaObject, { compile, target }: Compilation): Check | undefined {
  const schema = typeof $ref === 'string' ? target($ref) : undefined
  return schema === undefined ? undefined : compile(schema)
}

function combined(schema: SchemaObject, { compile }: Compilation): (Check | undefined)[] {
  const all = (keyword: 'allOf' | 'anyOf' | 'oneOf'): Check[] | undefined => {
    const parts: unknown = schema[keyword]
    return Array.isArray(parts) && parts.length > 0 ? parts.filter(isSchema).map(compile) : undefined
  }
  const one = (keyword: 'not' | 'if' | 'then' | 'else'): Check | undefined => {
    const part = schema[keyword]
    return isSchema(part) ? compile(part) : undefined
  }
  const [allOf, anyOf, oneOf, not, condition] = [all('allOf'), all('anyOf'), all('oneOf'), one('not'), one('if')]
  const [then, otherwise] = [one('then'), one('else')]
  return [
    allOf && ((value, pointer, found, evaluated) => every(allOf, value, pointer, found, evaluated)),
    anyOf &&
      ((value, pointer, found, evaluated) => {
        let fits = false
        for (const part of anyOf) {
          if (!attempt(part, value, evaluated)) continue
          fits = true
          // The others only matter for what they describe.
          if (evaluated === undefined) break
        }
        return fits || fail(found, pointer, 'fits none of the alternatives', true)
      }),
    oneOf &&
      ((value, pointer, found, evaluated) => {
        const fitting = oneOf.filter((part) => attempt(part, value, undefined))
        const [only] = fitting
        if (fitting.length === 1 && only !== undefined)
          return evaluated === undefined || attempt(only, value, evaluated)
        return fail(found, pointer, `does not match exactly one subschema (${fitting.length} matches)`, true)
      }),
    not &&
      ((value, pointer, found) =>
        !not(value, '', undefined, undefined) || fail(found, pointer, 'matched "not" schema')),
    condition &&
      ((value, pointer, found, evaluated) => {
        const branch = attempt(condition, value, evaluated) ? then : otherwise
        return branch === undefined || branch(value, pointer, found, evaluated)
      }),
  ]
}

/** Longer ones are none: an address, a date, a name. */
const MAX_FORMATTED = 10_000

function text(schema: SchemaObject): Check | undefined {
  const [min, max] = [count(schema.minLength), count(schema.maxLength)]
  const { pattern, format: name } = schema
  const matches = typeof pattern === 'string' ? patternTest(pattern) : undefined
  const formatted = typeof name === 'string' && Object.hasOwn(format, name) ? format[name] : undefined
  if (min === undefined && max === undefined && matches === undefined && formatted === undefined) return undefined
  return (value, pointer, found) => {
    if (typeof value !== 'string') return true
    let fits = true
    if (min !== undefined || max !== undefined) {
      const length = characters(value)
      if (min !== undefined && length < min) fits = fail(found, pointer, `is too short (${length} < ${min})`)
      if (max !== undefined && length > max) fits = fail(found, pointer, `is too long (${length} > ${max})`)
      if (!fits && found === undefined) return false
    }
    if (matches !== undefined && !matches(value)) fits = fail(found, pointer, 'does not match pattern')
    if (formatted !== undefined && !(value.length <= MAX_FORMATTED && formatted(value)))
      fits = fail(found, pointer, `does not match format "${name}"`)
    return fits
  }
}

const INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
}

function number(schema: SchemaObject): Check | undefined {
  const minimum = finite(schema.minimum)
  const maximum = finite(schema.maximum)
  const above = finite(schema.exclusiveMinimum)
  const below = finite(schema.exclusiveMaximum)
  const step = finite(schema.multipleOf)
  const name = typeof schema.format === 'string' && Object.hasOwn(INTEGERS, schema.format) ? schema.format : undefined
  const range = name === undefined ? undefined : INTEGERS[name]
  if ([minimum, maximum, above, below, step, range].every((one) => one === undefined)) return undefined
  return (value, pointer, found) => {
    if (typeof value !== 'number') return true
    let fits = true
    if (minimum !== undefined && value < minimum) fits = fail(found, pointer, `${value} is less than ${minimum}`)
    if (maximum !== undefined && value > maximum) fits = fail(found, pointer, `${value} is greater than ${maximum}`)
    if (above !== undefined && value <= above) fits = fail(found, pointer, `${value} is not greater than ${above}`)
    if (below !== undefined && value >= below) fits = fail(found, pointer, `${value} is not less than ${below}`)
    if (step !== undefined && step > 0 && !isMultiple(value, step))
      fits = fail(found, pointer, `${value} is not a multiple of ${step}`)
    if (range !== undefined && !(Number.isInteger(value) && value >= range[0] && value <= range[1]))
      fits = fail(found, pointer, `does not match format "${name}"`)
    return fits
  }
}

function object(schema: SchemaObject, { compile, skips }: Compilation): (Check | undefined)[] {
  const required = Array.isArray(schema.required)
    ? [...new Set(schema.required)].filter((name) => typeof name === 'string' && !skips(schema, name))
    : []
  const dependent = Object.entries(record(schema.dependentRequired))
  const [min, max] = [count(schema.minProperties), count(schema.maxProperties)]
  const names = isSchema(schema.propertyNames) ? compile(schema.propertyNames) : undefined
  const conditional = entries(schema.dependentSchemas, compile)
  const members = membersCheck(schema, compile)
  const unevaluated = isSchema(schema.unevaluatedProperties) ? compile(schema.unevaluatedProperties) : undefined
  return [
    required.length === 0
      ? undefined
      : (value, pointer, found) => {
          if (!isRecord(value)) return true
          let fits = true
          for (const name of required) {
            if (Object.hasOwn(value, name)) continue
            fits = fail(found, below(found, pointer, name), 'is required', true)
            if (found === undefined) return false
          }
          return fits
        },
    members,
    min === undefined && max === undefined
      ? undefined
      : (value, pointer, found) => {
          if (!isRecord(value)) return true
          const size = Object.keys(value).length
          if (min !== undefined && size < min) return fail(found, pointer, `does not have at least ${min} properties`)
          if (max !== undefined && size > max) return fail(found, pointer, `does not have at most ${max} properties`)
          return true
        },
    names &&
      ((value, pointer, found) =>
        !isRecord(value) ||
        Object.keys(value).every(
          (name) =>
            names(name, '', undefined, undefined) ||
            fail(found, pointer, `Property name ${JSON.stringify(name)} does not match schema`),
        )),
    dependent.length === 0
      ? undefined
      : (value, pointer, found) =>
          !isRecord(value) ||
          dependent.every(
            ([name, needed]) =>
              !Object.hasOwn(value, name) ||
              !Array.isArray(needed) ||
              needed.every(
                (other) =>
                  Object.hasOwn(value, String(other)) ||
                  fail(found, pointer, `has ${JSON.stringify(name)} but does not have ${JSON.stringify(other)}`),
              ),
          ),
    conditional.length === 0
      ? undefined
      : (value, pointer, found, evaluated) => {
          if (!isRecord(value)) return true
          const applying = conditional.filter(([name]) => Object.hasOwn(value, name)).map(([, check]) => check)
          return every(applying, value, pointer, found, evaluated)
        },
    unevaluated &&
      ((value, pointer, found, evaluated) => {
        if (!isRecord(value)) return true
        let fits = true
        for (const name of Object.keys(value)) {
          if (evaluated?.names.has(name)) continue
          evaluated?.names.add(name)
          if (!unevaluated(value[name], below(found, pointer, name), found, undefined)) fits = false
        }
        return fits
      }),
  ]
}

function membersCheck(schema: SchemaObject, compile: Compilation['compile']): Check | undefined {
  const properties = new Map(entries(schema.properties, compile))
  const patterns = Object.entries(record(schema.patternProperties)).flatMap(([pattern, part]) => {
    const matches = patternTest(pattern)
    return matches === undefined || !isSchema(part) ? [] : [[matches, compile(part)] as const]
  })
  const rest = isSchema(schema.additionalProperties) ? compile(schema.additionalProperties) : undefined
  if (properties.size === 0 && patterns.length === 0 && rest === undefined) return undefined
  return (value, pointer, found, evaluated) => {
    if (!isRecord(value)) return true
    let fits = true
    for (const name in value) {
      if (!Object.hasOwn(value, name)) continue
      const own = properties.get(name)
      let known = own !== undefined
      const at = below(found, pointer, name)
      if (own !== undefined && !own(value[name], at, found, undefined)) fits = false
      for (const [matches, check] of patterns) {
        if (!matches(name)) continue
        known = true
        if (!check(value[name], at, found, undefined)) fits = false
      }
      if (!known && rest !== undefined && !rest(value[name], at, found, undefined)) fits = false
      if (known || rest !== undefined) evaluated?.names.add(name)
      if (!fits && found === undefined) return false
    }
    return fits
  }
}

function array(schema: SchemaObject, { compile }: Compilation): (Check | undefined)[] {
  const [min, max] = [count(schema.minItems), count(schema.maxItems)]
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems.filter(isSchema).map(compile) : []
  const rest = isSchema(schema.items) ? compile(schema.items) : undefined
  const contains = isSchema(schema.contains) ? compile(schema.contains) : undefined
  const [least, most] = [count(schema.minContains) ?? 1, count(schema.maxContains)]
  const unevaluated = isSchema(schema.unevaluatedItems) ? compile(schema.unevaluatedItems) : undefined
  return [
    min === undefined && max === undefined
      ? undefined
      : (value, pointer, found) => {
          if (!Array.isArray(value)) return true
          const { length } = value
          if (min !== undefined && length < min) return fail(found, pointer, `has too few items (${length} < ${min})`)
          if (max !== undefined && length > max) return fail(found, pointer, `has too many items (${length} > ${max})`)
          return true
        },
    schema.uniqueItems === true
      ? (value, pointer, found) =>
          !Array.isArray(value) || distinct(value) || fail(found, pointer, 'has the same item more than once')
      : undefined,
    first.length === 0 && rest === undefined
      ? undefined
      : (value, pointer, found, evaluated) => {
          if (!Array.isArray(value)) return true
          let fits = true
          for (let index = 0; index < value.length; index++) {
            const check = first[index] ?? rest
            if (check === undefined) break
            evaluated?.indexes.add(index)
            if (check(value[index], found === undefined ? '' : `${pointer}/${index}`, found, undefined)) continue
            fits = false
            if (found === undefined) return false
          }
          return fits
        },
    contains &&
      ((value, pointer, found, evaluated) => {
        if (!Array.isArray(value)) return true
        let matching = 0
        for (const [index, item] of value.entries()) {
          if (!contains(item, '', undefined, undefined)) continue
          matching++
          evaluated?.indexes.add(index)
        }
        if (matching < least) return fail(found, pointer, `contains too few items that match (${matching} < ${least})`)
        if (most !== undefined && matching > most)
          return fail(found, pointer, `contains too many items that match (${matching} > ${most})`)
        return true
      }),
    unevaluated &&
      ((value, pointer, found, evaluated) => {
        if (!Array.isArray(value)) return true
        let fits = true
        for (let index = 0; index < value.length; index++) {
          if (evaluated?.indexes.has(index)) continue
          evaluated?.indexes.add(index)
          if (!unevaluated(value[index], found === undefined ? '' : `${pointer}/${index}`, found, undefined))
            fits = false
        }
        return fits
      }),
  ]
}

/** All of them; of all of them what doesn't fit, where that is gathered. */
export function every(
  checks: readonly Check[],
  value: unknown,
  pointer: string,
  found: Found,
  evaluated: Evaluated | undefined,
): boolean {
  let fits = true
  for (const check of checks) {
    if (check(value, pointer, found, evaluated)) continue
    if (found === undefined) return false
    fits = false
  }
  return fits
}

/** Whether it fits, without saying why not; what it describes counts only if it does. */
function attempt(check: Check, value: unknown, evaluated: Evaluated | undefined): boolean {
  if (evaluated === undefined) return check(value, '', undefined, undefined)
  const own: Evaluated = { names: new Set(), indexes: new Set() }
  const fits = check(value, '', undefined, own)
  if (fits) include(own, evaluated)
  return fits
}

export function include({ names, indexes }: Evaluated, into: Evaluated | undefined): void {
  for (const name of names) into?.names.add(name)
  for (const index of indexes) into?.indexes.add(index)
}

function entries(value: unknown, compile: Compilation['compile']): [string, Check][] {
  return Object.entries(record(value)).flatMap(([name, part]): [string, Check][] =>
    isSchema(part) ? [[name, compile(part)]] : [],
  )
}

function below(found: Found, pointer: string, name: string): string {
  return found === undefined ? '' : `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** As many as a reader counts: code points. */
function characters(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const next = code >= 0xd800 && code <= 0xdbff ? text.charCodeAt(index + 1) : 0
    if (next >= 0xdc00 && next <= 0xdfff) index++
    count++
  }
  return count
}

/** But for what binary fractions can't express: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, step: number): boolean {
  if (Number.isInteger(value / step)) return true
  const remainder = Math.abs(value % step)
  return remainder < 1e-7 * step || step - remainder < 1e-7 * step
}

function count(value: unknown): number | undefined {
  const number = finite(value)
  return number !== undefined && number >= 0 ? number : undefined
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
