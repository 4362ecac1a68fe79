import { refName, type Schema, type Schemas } from '../../model/schema.ts'
import { subschemas } from '../../model/schema-walk.ts'
import type { OperationPlan } from '../plan/plan.ts'

/** A schema means one thing in what is sent and another in what is received, by its read-only and write-only members. */
export type Direction = 'request' | 'response'

/** The named schemas that operations lead to, and what each is called in either direction. */
export interface Directions {
  /** In the document's order, that of requests after that of responses. */
  readonly schemas: readonly { readonly name: string; readonly source: string; readonly direction: Direction }[]
  name(source: string, direction: Direction): string
}

/** A schema keeps its name where its type is the same both ways, or one way is all there is; else a request's is `PetInput`. */
export function directions(operations: readonly OperationPlan[], schemas: Schemas): Directions {
  const sent = new Set<string>()
  const received = new Set<string>()
  for (const { parameters, body, result, failures } of operations) {
    for (const { schema } of parameters) reach(schema, schemas, sent)
    for (const { schema } of body === undefined ? [] : [body, ...body.others]) reach(schema, schemas, sent)
    const refused = failures.flatMap(({ bodies }) => bodies)
    for (const { schema } of [...result.variants, ...result.others, ...refused]) reach(schema, schemas, received)
  }
  const differing = differ(schemas)
  const taken = new Set(Object.keys(schemas))
  const inputs = new Map<string, string>()
  for (const source of sent) {
    if (!received.has(source) || !differing.has(source)) continue
    let name = `${source}Input`
    while (taken.has(name)) name = `${name}_`
    taken.add(name)
    inputs.set(source, name)
  }
  const found = Object.keys(schemas).flatMap((source) => {
    const input = inputs.get(source)
    const own = received.has(source) ? 'response' : sent.has(source) ? 'request' : undefined
    return [
      ...(own === undefined ? [] : [{ name: source, source, direction: own } as const]),
      ...(input === undefined ? [] : [{ name: input, source, direction: 'request' } as const]),
    ]
  })
  const name = (source: string, direction: Direction): string =>
    (direction === 'request' ? inputs.get(source) : undefined) ?? source
  return { schemas: found, name }
}

/** Whether a property has no place in a direction; its schema may say so where it is defined. */
export function isAbsent(schema: Schema, direction: Direction, schemas: Schemas): boolean {
  const keyword = direction === 'request' ? 'readOnly' : 'writeOnly'
  if (typeof schema !== 'object') return false
  const target = schema.$ref === undefined ? undefined : schemas[refName(schema.$ref) ?? '']
  return schema[keyword] === true || (typeof target === 'object' && target[keyword] === true)
}

/** Bytes: OpenAPI 3.0 says `format: binary`; 3.1 a `contentMediaType` that isn't encoded as text. */
export function isBinary(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  const { type, format, contentMediaType, contentEncoding } = schema as Readonly<Record<string, unknown>>
  if (type !== 'string') return false
  if (format === 'binary') return true
  return (
    typeof contentMediaType === 'string' &&
    contentEncoding === undefined &&
    !/[/+](json|xml)|^text\//.test(contentMediaType)
  )
}

function references(schema: Schema | undefined): string[] {
  if (typeof schema !== 'object') return []
  const own = [schema.$ref, ...Object.values(schema.discriminator?.mapping ?? {})].flatMap((ref) => {
    const name = typeof ref === 'string' ? refName(ref) : undefined
    return name === undefined ? [] : [name]
  })
  return [...own, ...[...subschemas(schema)].flatMap((child) => references(child.schema))]
}

function reach(schema: Schema | undefined, schemas: Schemas, found: Set<string>): void {
  for (const name of references(schema)) {
    if (found.has(name) || !Object.hasOwn(schemas, name)) continue
    found.add(name)
    reach(schemas[name], schemas, found)
  }
}

/** The schemas that differ by direction themselves, and those that lead to them. */
function differ(schemas: Schemas): Set<string> {
  const users = new Map<string, string[]>()
  for (const [name, schema] of Object.entries(schemas))
    for (const used of references(schema)) users.set(used, [...(users.get(used) ?? []), name])
  const found = new Set<string>()
  const queue = Object.keys(schemas).filter((name) => differsItself(schemas[name], schemas))
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue
    found.add(name)
    queue.push(...(users.get(name) ?? []))
  }
  return found
}

function differsItself(schema: Schema | undefined, schemas: Schemas): boolean {
  if (typeof schema !== 'object') return false
  if (isBinary(schema)) return true
  return [...subschemas(schema)].some(
    ({ schema: child, keyword }) =>
      (keyword === 'properties' && (['request', 'response'] as const).some((each) => isAbsent(child, each, schemas))) ||
      differsItself(child, schemas),
  )
}
