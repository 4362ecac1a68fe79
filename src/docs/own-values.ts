import type { ApiModel, Operation, Parameter } from '../model/api.ts'
import { type Control, control } from './control.ts'
import { parameterExample } from './example.ts'
import { parameterKey } from './parameter-key.ts'

/**
 * What a reader fills in for parameters, as text, by the name that operations of an API share: `owner`, `employees/id`. The
 * newest come last.
 */
export type OwnValues = ReadonlyMap<string, string>

/** Characters of one value, and of all of an API's as they are stored: a cookie holds 4,096 bytes. */
const LONGEST = 200
const MOST = 3_000

/** Names that say nothing by themselves: whose `id` it is, the path says. */
const GENERAL = /^(id|uuid|guid|key|slug|name|code|number|ref|handle|value|type|q|query)$/i
/** What nobody wants to find again in a sample, and what samples write themselves. */
const OTHERS = /token|secret|password|passphrase|api.?key|authorization|session|^accept$|^content-type$/i

/** A value that every sample of an operation holds, to be filled in. */
export interface ValueField {
  /** As in a draft of try it: `path id`. */
  readonly key: string
  readonly name: string
  /** What the reader filled in, here or at another operation. */
  readonly own?: string
  /** What stands in its place without. */
  readonly example: string
  /** The values that it may have, where these are few. */
  readonly options?: readonly string[]
}

export function valueFields(operation: Operation, model: ApiModel, values: OwnValues): ValueField[] {
  return shareables(operation, model).map(({ key, parameter, shared, form }) => {
    const own = values.get(shared)
    const options = optionsOf(form)
    return {
      key,
      name: parameter.name,
      example: String(parameterExample(parameter, model)),
      ...(own !== undefined && typed(own, form) !== undefined && { own }),
      ...(options !== undefined && { options }),
    }
  })
}

/** By key, what the reader filled in for parameters of an operation, each of the type that it takes. */
export function ownParameters(operation: Operation, model: ApiModel, values: OwnValues): ReadonlyMap<string, unknown> {
  if (values.size === 0) return new Map()
  return new Map(
    shareables(operation, model).flatMap(({ key, shared, form }) => {
      const value = typed(values.get(shared) ?? '', form)
      return value === undefined ? [] : [[key, value] as const]
    }),
  )
}

/**
 * The values, with what was filled in at an operation. What is empty, of another type, or what the document gives anyway
 * isn't kept, and is forgotten if it was.
 *
 * @param given by key; what isn't in it stays
 */
export function withValues(
  values: OwnValues,
  operation: Operation,
  model: ApiModel,
  given: Readonly<Record<string, unknown>>,
): OwnValues {
  const all = new Map(values)
  for (const { key, parameter, shared, form } of shareables(operation, model)) {
    if (!Object.hasOwn(given, key)) continue
    const text = String(given[key] ?? '').trim()
    all.delete(shared)
    const own = text.length <= LONGEST && text !== String(parameterExample(parameter, model))
    if (own && typed(text, form) !== undefined) all.set(shared, text)
  }
  return all
}

/** As a cookie holds them. Of too many, the oldest are left out. */
export function storedValues(values: OwnValues): string {
  const kept = [...values]
  const stored = (): string => String(new URLSearchParams(kept.map((pair) => [...pair])))
  while (stored().length > MOST) kept.shift()
  return stored()
}

/** What a cookie says, which anyone may have written. */
export function readValues(stored: string | undefined): OwnValues {
  if (stored === undefined || stored.length > MOST) return new Map()
  return new Map([...new URLSearchParams(stored)].filter(([, value]) => value.length <= LONGEST))
}

interface Shareable {
  readonly key: string
  readonly parameter: Parameter
  /** What operations share it under. */
  readonly shared: string
  readonly form: Control
}

/** What has to be given, in the address or a header, and is a plain value: the rest has no place in another sample. */
function shareables(operation: Operation, model: ApiModel): Shareable[] {
  return operation.parameters.flatMap((parameter): Shareable[] => {
    const { in: place, name, required, schema } = parameter
    if (!required || OTHERS.test(name) || !(place === 'path' || place === 'query' || place === 'header')) return []
    const form = control(schema, model)
    if (form.kind === 'text' ? form.input === 'password' : !['number', 'choice', 'switch'].includes(form.kind))
      return []
    return [{ key: parameterKey(parameter), parameter, shared: sharedName(parameter, operation), form }]
  })
}

/** The parameter's name; of a general one, with what it is of. */
function sharedName({ in: place, name }: Parameter, { path }: Operation): string {
  if (!GENERAL.test(name)) return name
  if (place !== 'path') return `${path}?${name}`
  const [before = ''] = path.split(`{${name}}`, 1)
  const collection = before.split('/').findLast((segment) => segment !== '' && !segment.includes('{'))
  return `${collection ?? ''}/${name}`
}

/** Undefined: nothing, or not of the type that the control is for. */
function typed(text: string, form: Control): string | number | boolean | undefined {
  if (text === '') return undefined
  switch (form.kind) {
    case 'number': {
      const value = Number(text)
      return Number.isFinite(value) && (!form.integer || Number.isInteger(value)) ? value : undefined
    }
    case 'choice':
      return form.options.find((option) => String(option) === text) ?? undefined
    case 'switch':
      return text === 'true' ? true : text === 'false' ? false : undefined
    default:
      return text
  }
}

function optionsOf(form: Control): string[] | undefined {
  if (form.kind === 'switch') return ['true', 'false']
  return form.kind === 'choice' ? form.options.map(String) : undefined
}
