import type { ApiModel, Operation } from '../model/api.ts'
import type { Schema } from '../model/schema.ts'
import { carrierOf } from './carrier.ts'
import { type ExampleView, exampleViews } from './content.ts'
import type { Viewer } from './lens.ts'
import { references } from './references.ts'
import { type Gated, gatedSchema, type SchemaNode, schemaTree } from './schema-tree.ts'
import { calling } from './withheld.ts'

export interface SchemaPage {
  readonly node: SchemaNode
  /** Where all of it takes scopes. */
  readonly gated?: Gated
  readonly example?: ExampleView
  /** Named schemas that refer to it. */
  readonly usedBy: readonly string[]
  /** Operations whose parameters or bodies refer to it. */
  readonly operations: readonly Operation[]
}

export function schemaPage(name: string, model: ApiModel, viewer: Viewer): SchemaPage | undefined {
  const schema = Object.hasOwn(model.schemas, name) ? model.schemas[name] : undefined
  if (schema === undefined) return undefined
  const { schemas, operations } = usersOf(model).get(name) ?? NOBODY
  const caller = calling(operationsWith(name, model), viewer)
  const [example] = exampleViews(
    { type: 'application/json', schema, examples: [], encoding: {} },
    { model, viewer: caller, anchor: 'field', direction: 'response' },
  )
  const options = { model, viewer: caller, anchor: 'field', carrier: carrierOf(name, model) }
  const gated = gatedSchema(schema, options)
  return {
    node: schemaTree(schema, options),
    ...(gated !== undefined && { gated }),
    ...(example !== undefined && { example }),
    usedBy: schemas.filter((other) => other !== name),
    operations,
  }
}

function operationSchemas({ parameters, body, responses }: Operation): Schema[] {
  const media = [...(body?.content ?? []), ...responses.flatMap(({ content }) => content)]
  return [
    ...parameters.map(({ schema }) => schema),
    ...media.flatMap(({ schema, itemSchema }) => [schema, itemSchema]),
  ].filter((schema) => schema !== undefined)
}

interface Users {
  readonly schemas: string[]
  readonly operations: Operation[]
}

const NOBODY: Users = { schemas: [], operations: [] }

/** Operations that take or give it, if only within other schemas. */
export function operationsWith(name: string, model: ApiModel): readonly Operation[] {
  const users = usersOf(model)
  const names = new Set([name])
  // A Set can grow while it is walked.
  for (const one of names) for (const other of users.get(one)?.schemas ?? []) names.add(other)
  return [...new Set([...names].flatMap((one) => users.get(one)?.operations ?? []))]
}

const users = new WeakMap<ApiModel, ReadonlyMap<string, Users>>()

/** Who refers to which named schema: by itself, not through others. */
function usersOf(model: ApiModel): ReadonlyMap<string, Users> {
  const known = users.get(model)
  if (known !== undefined) return known
  const found = new Map<string, Users>()
  const of = (name: string): Users => {
    const entry = found.get(name) ?? { schemas: [], operations: [] }
    found.set(name, entry)
    return entry
  }
  for (const [name, schema] of Object.entries(model.schemas))
    for (const target of references([schema])) of(target).schemas.push(name)
  for (const operation of model.operations)
    for (const target of references(operationSchemas(operation))) of(target).operations.push(operation)
  users.set(model, found)
  return found
}
