import { code, count, type Inline } from './inline.ts'
import type { FlatSchema } from './schema-flat.ts'
import { literal } from './type-name.ts'

/** What a schema allows beyond its type, in words, each a sentence without its stop. */
export function constraints(flat: FlatSchema): Inline[][] {
  const { own } = flat
  const facts: (Inline[] | undefined)[] = [
    range(own.minLength, own.maxLength, 'character'),
    interval(own.minimum, own.maximum, own.exclusiveMinimum, own.exclusiveMaximum),
    number(own.multipleOf) === undefined ? undefined : ['a multiple of ', code(String(own.multipleOf))],
    typeof own.pattern === 'string'
      ? ['matches ', code(own.pattern.length > 120 ? `${own.pattern.slice(0, 120)}…` : own.pattern)]
      : undefined,
    range(own.minItems, own.maxItems, 'item'),
    own.uniqueItems === true ? ['all different'] : undefined,
    range(own.minProperties, own.maxProperties, 'entry', 'entries'),
    own.default !== undefined ? ['default ', code(literal(own.default))] : undefined,
    own.not !== undefined || own.if !== undefined ? ['further conditions, as the document says'] : undefined,
    typeof own.contentEncoding === 'string' ? ['encoded as ', code(own.contentEncoding)] : undefined,
    example(own),
  ]
  return facts.filter((fact) => fact !== undefined)
}

function example(own: FlatSchema['own']): Inline[] | undefined {
  const value = Array.isArray(own.examples) ? own.examples[0] : own.example
  if (value === undefined || value === null || typeof value === 'object' || value === '' || String(value).length > 40)
    return undefined
  return ['such as ', code(literal(value))]
}

function range(least: unknown, most: unknown, unit: string, units = `${unit}s`): Inline[] | undefined {
  const low = number(least)
  const high = number(most)
  if (low !== undefined && low > 0 && low === high) return [`exactly ${count(low, unit, units)}`]
  if (low !== undefined && low > 0 && high !== undefined) return [`${low} to ${count(high, unit, units)}`]
  if (low !== undefined && low > 0) return [`at least ${count(low, unit, units)}`]
  if (high !== undefined) return [`at most ${count(high, unit, units)}`]
  return undefined
}

function interval(minimum: unknown, maximum: unknown, above: unknown, below: unknown): Inline[] | undefined {
  const low = number(minimum)
  const high = number(maximum)
  if (low !== undefined && high !== undefined) return [`${low} to ${high}`]
  const parts = [
    low === undefined ? undefined : `at least ${low}`,
    number(above) === undefined ? undefined : `more than ${above}`,
    high === undefined ? undefined : `at most ${high}`,
    number(below) === undefined ? undefined : `less than ${below}`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : [parts.join(', ')]
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
