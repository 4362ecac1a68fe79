import type { ApiModel, Operation } from '../model/api.ts'
import { refName, type Schema, type SchemaObject } from '../model/schema.ts'
import { subschemas } from '../model/schema-walk.ts'
import type { Viewer } from './lens.ts'
import { type ExampleView, mediaView } from './operation-page.ts'
import { type SchemaNode, schemaTree } from './schema-tree.ts'

export interface SchemaPage {
  readonly node: SchemaNode
  readonly example?: ExampleView
  /** Named schemas that refer to it. */
  readonly usedBy: readonly string[]
  /** Operations whose parameters or bodies refer to it. */
  readonly operations: readonly Operation[]
}

export function schemaPage(name: string, model: ApiModel, viewer: Viewer): SchemaPage | undefined {
  const schema = Object.hasOwn(model.schemas, name) ? model.schemas[name] : undefined
  if (schema === undefined) return undefined
  const [example] = mediaView(
    { type: 'application/json', schema, examples: [], encoding: {} },
    { model, viewer, anchor: 'field', direction: 'response' },
  ).examples
  return {
    node: schemaTree(schema, { model, viewer, anchor: 'field' }),
    ...(example !== undefined && { example }),
    usedBy: Object.entries(model.schemas)
      .filter(([other, candidate]) => other !== name && refers(candidate, name))
      .map(([other]) => other),
    operations: model.operations.filter((operation) =>
      operationSchemas(operation).some((candidate) => refers(candidate, name)),
    ),
  }
}

function operationSchemas({ parameters, body, responses }: Operation): Schema[] {
  const media = [...(body?.content ?? []), ...responses.flatMap(({ content }) => content)]
  return [
    ...parameters.map(({ schema }) => schema),
    ...media.flatMap(({ schema, itemSchema }) => [schema, itemSchema]),
  ].filter((schema) => schema !== undefined)
}

/** By itself, not through other named schemas. */
function refers(schema: Schema, name: string): boolean {
  const queue: Schema[] = [schema]
  for (let current = queue.pop(); current !== undefined; current = queue.pop()) {
    if (typeof current === 'boolean') continue
    if (current.$ref !== undefined && refName(current.$ref) === name) return true
    queue.push(...children(current))
  }
  return false
}

function children(schema: SchemaObject): Schema[] {
  return [...subschemas(schema)].map((child) => child.schema)
}
