import type { MediaType, Operation } from '../../model/api.ts'
import { safeTypeName, suffix } from '../../model/names.ts'
import { refName, type Schema, type Schemas } from '../../model/schema.ts'
import { refusals } from './media.ts'
import type { ProblemPlan } from './plan.ts'

type Place = ProblemPlan['body']

interface Found {
  readonly type: string
  readonly body: Place
  readonly description: string | undefined
  /** A constant says more than one of several values, and those more than an example. */
  readonly certainty: 'const' | 'enum' | 'example'
}

const CERTAINTIES = ['const', 'enum', 'example'] as const

/** The problem types that the operations' refusals declare: as values of `type` in their schemas, or in examples of them. */
export function planProblems(operations: readonly Operation[], schemas: Schemas): ProblemPlan[] {
  const found = new Map<string, Found>()
  const seen = new Set<string>()
  for (const { id: operation, responses } of operations)
    for (const { status, content } of refusals(responses))
      for (const media of content.filter(({ type }) => type.startsWith('application/problem+json'))) {
        const place = { operation, status, mediaType: media.type }
        for (const each of [...inSchema(media.schema, schemas, place, seen), ...inExamples(media, place)]) {
          const before = found.get(each.type)
          if (before === undefined || CERTAINTIES.indexOf(each.certainty) < CERTAINTIES.indexOf(before.certainty))
            found.set(each.type, each)
        }
      }
  const taken = new Set<string>()
  return [...found.values()].map(({ type, body, description }) => {
    let name = safeTypeName(lastWord(type), 'Some')
    if (taken.has(name)) name = `${name}_${suffix(type)}`
    taken.add(name)
    return { name, type, ...(description !== undefined && { description }), body }
  })
}

/** @param seen named schemas that were looked at: what they declare, they declare wherever they are named */
function inSchema(schema: Schema | undefined, schemas: Schemas, place: Place, seen: Set<string>): Found[] {
  if (typeof schema !== 'object') return []
  const name = typeof schema.$ref === 'string' ? refName(schema.$ref) : undefined
  if (name !== undefined) {
    if (seen.has(name) || !Object.hasOwn(schemas, name)) return []
    seen.add(name)
    return inSchema(schemas[name], schemas, { schema: name }, seen)
  }
  const { description } = schema
  const found = types(schema).map((each) => ({ ...each, body: place, description }))
  const branches = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
  return [
    ...found,
    ...branches.flatMap((branch) => inSchema(branch, schemas, place, seen)),
    // A part of a whole: what it declares holds for the whole. One that others extend as well is looked at for each.
    ...(schema.allOf ?? []).flatMap((part) => {
      const target = typeof part === 'object' && typeof part.$ref === 'string' ? refName(part.$ref) : undefined
      const resolved = target === undefined ? part : schemas[target]
      return typeof resolved === 'object'
        ? types(resolved).map((each) => ({ ...each, body: place, description: description ?? resolved.description }))
        : []
    }),
  ]
}

function types({ properties, examples, example }: Exclude<Schema, boolean>): Pick<Found, 'type' | 'certainty'>[] {
  const type = properties?.type
  const whole = [...(Array.isArray(examples) ? examples : []), example].flatMap(typeOf)
  if (typeof type !== 'object') return likely(whole)
  const own = [type.example, type.default, ...(Array.isArray(type.examples) ? type.examples : [])]
  if (typeof type.const === 'string') return certain([type.const], 'const')
  if (Array.isArray(type.enum)) return certain(type.enum, type.enum.length === 1 ? 'const' : 'enum')
  return likely([...own, ...whole])
}

function inExamples({ examples }: MediaType, body: Place): Found[] {
  return likely(examples.flatMap(({ value }) => typeOf(value))).map((each) => ({
    ...each,
    body,
    description: undefined,
  }))
}

function typeOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null && 'type' in value ? [value.type] : []
}

function certain(values: readonly unknown[], certainty: Found['certainty']): Pick<Found, 'type' | 'certainty'>[] {
  return values.flatMap((type) => (typeof type === 'string' && !isNothing(type) ? [{ type, certainty }] : []))
}

/** Examples are full of `string`: only what looks like a URI reference is taken for one. */
function likely(values: readonly unknown[]): Pick<Found, 'type' | 'certainty'>[] {
  return certain(
    values.filter((value) => typeof value === 'string' && /^([a-z][a-z0-9+.-]*:|\/)\S+$/i.test(value)),
    'example',
  )
}

/** `about:blank` says no more than the status does (RFC 9457 section 4.2.1). */
function isNothing(type: string): boolean {
  return type.trim() === '' || type === 'about:blank'
}

/** `https://api.example/problems/out-of-stock#v2` → `out-of-stock`; `urn:problem-type:badRequest` → `badRequest`. */
function lastWord(type: string): string {
  const [path = ''] = type.split(/[?#]/)
  const words = path.split(/[/:]/).filter((word) => word !== '')
  return (words.at(-1) ?? type).replace(/(\.html?|[-_]?(problem|error))$/i, '') || type
}
