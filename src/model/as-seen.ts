import type { ApiModel, Operation, Response, Webhook } from './api.ts'
import { suffix } from './names.ts'
import { refName, type Schema, type Schemas } from './schema.ts'
import { subschemas } from './schema-walk.ts'
import { maySee, type Reader } from './visibility.ts'

const known = new WeakMap<ApiModel, Map<string, ApiModel>>()
/** The operations that not everyone may see. Few, if any: to look at all of them for every reader is what takes time. */
const restricted = new WeakMap<ApiModel, readonly Operation[]>()

/**
 * An API as this reader may see it: without the operations that are not for them, and without what only those bring along
 * (schemas, scopes, tags). Undefined: the API isn't for them at all. Every door goes through here. The same object for
 * readers who see the same.
 */
export function asSeenBy(model: ApiModel, reader: Reader | undefined): ApiModel | undefined {
  if (!maySee(model, reader)) return undefined
  const some = restricted.get(model) ?? model.operations.filter((operation) => !maySee(operation, undefined))
  restricted.set(model, some)
  const hidden = some.filter((operation) => !maySee(operation, reader))
  if (hidden.length === 0) return model
  const key = hidden.map(({ id }) => id).join('\n')
  const variants = known.get(model) ?? new Map<string, ApiModel>()
  known.set(model, variants)
  const variant = variants.get(key) ?? without(model, hidden, key)
  variants.set(key, variant)
  return variant
}

/** What a sandbox holds at first, of the collections that are left in a view of an API. */
export function seedAsSeen<T>(seed: Readonly<Record<string, T>>, { operations }: Pick<ApiModel, 'operations'>) {
  const places = [...new Set(operations.map(({ path }) => path))].map((path) => path.split('/'))
  const isKnown = (path: string): boolean => places.some((place) => standsAt(path.split('/'), place))
  return Object.fromEntries(Object.entries(seed).filter(([path]) => isKnown(path)))
}

/** Whether a path is one of a template's: `/employees/emp_1/notes` of `/employees/{id}/notes`. */
function standsAt(segments: readonly string[], template: readonly string[]): boolean {
  return (
    segments.length === template.length && template.every((part, at) => part.includes('{') || part === segments[at])
  )
}

/**
 * Whom a view of an API is for, as a key to what is kept for them: empty for everyone. Two models of one API that anyone
 * may see have the same key, and none that shows more has it.
 */
export function audienceKey({ visibility, operations }: Pick<ApiModel, 'visibility' | 'operations'>): string {
  const audiences = [visibility, ...operations.map((operation) => operation.visibility ?? 'public')]
    .filter((audience) => audience !== 'public')
    .map((audience) => (audience === 'signed-in' ? audience : [...audience.groups].sort().join(' ')))
  return [...new Set(audiences)].sort().join('|')
}

function without(model: ApiModel, hidden: readonly Operation[], key: string): ApiModel {
  const gone = new Set(hidden)
  const ids = new Set(hidden.map(({ id }) => id))
  const operations = model.operations.flatMap((operation) => (gone.has(operation) ? [] : withoutLinks(operation, ids)))
  const schemas = schemasFor(model, operations, hidden)
  const only = <T>(of: (operation: Operation) => readonly T[]): ReadonlySet<T> => {
    const kept = new Set(operations.flatMap(of))
    return new Set(hidden.flatMap(of).filter((one) => !kept.has(one)))
  }
  const scopes = only(scopesOf)
  const tags = only(({ tags }) => tags)
  return {
    ...model,
    hash: suffix(key) + model.hash,
    operations,
    schemas,
    scopes: model.scopes.filter(({ name }) => !scopes.has(name)),
    tags: model.tags.filter(({ name }) => !tags.has(name)),
  }
}

/** A response may lead to what is hidden. */
function withoutLinks(operation: Operation, ids: ReadonlySet<string>): Operation {
  const leads = (links: Response['links'] = []): boolean => links.some((link) => ids.has(link.operation))
  if (!operation.responses.some(({ links }) => leads(links))) return operation
  return {
    ...operation,
    responses: operation.responses.map(({ links = [], ...response }) => {
      const seen = links.filter((link) => !ids.has(link.operation))
      return seen.length === 0 ? response : { ...response, links: seen }
    }),
  }
}

function scopesOf({ requirement, fields }: Operation): string[] {
  return [
    ...requirement.alternatives.flatMap((alternative) => alternative.flatMap(({ scopes }) => scopes)),
    ...[...fields.request, ...fields.response].flatMap(({ scopes }) => scopes),
  ]
}

/** Without those that nothing but hidden operations leads to. One that no operation ever led to stays. */
function schemasFor(model: ApiModel, operations: readonly Operation[], hidden: readonly Operation[]): Schemas {
  const { schemas, webhooks } = model
  const visible = reached([...operations, ...webhooks].flatMap(schemasOf), schemas)
  const secret = reached(hidden.flatMap(schemasOf), schemas)
  const unused = Object.entries(schemas).filter(([name]) => !visible.has(name) && !secret.has(name))
  const beside = reached(
    unused.map(([, schema]) => schema),
    schemas,
  )
  return Object.fromEntries(
    Object.entries(schemas).filter(([name]) => visible.has(name) || beside.has(name) || !secret.has(name)),
  )
}

function schemasOf(call: Operation | Webhook): (Schema | undefined)[] {
  const contents = [call.body?.content ?? [], ...call.responses.map(({ content }) => content)].flat()
  return [
    ...call.parameters.map(({ schema }) => schema),
    ...contents.flatMap(({ schema, itemSchema }) => [schema, itemSchema]),
    ...call.responses.flatMap(({ headers }) => headers.map(({ schema }) => schema)),
    ...('callbacks' in call ? call.callbacks.flatMap(schemasOf) : []),
  ]
}

/** Names of all schemas that these lead to. */
function reached(from: readonly (Schema | undefined)[], schemas: Schemas): ReadonlySet<string> {
  const names = new Set<string>()
  const queue = [...from]
  for (const schema of queue) {
    if (typeof schema !== 'object') continue
    const mapped = Object.values(schema.discriminator?.mapping ?? {})
    for (const target of [schema.$ref, ...mapped]) {
      const name = typeof target === 'string' ? (refName(target) ?? target) : undefined
      if (name === undefined || names.has(name) || !Object.hasOwn(schemas, name)) continue
      names.add(name)
      queue.push(schemas[name])
    }
    for (const child of subschemas(schema)) queue.push(child.schema)
  }
  return names
}
