import { requiredScopes } from '../../model/fields.ts'
import type { Schema, SchemaObject, Schemas } from '../../model/schema.ts'
import { refName } from '../../model/schema.ts'
import { mapSubschemas, subschemas } from '../../model/schema-walk.ts'
import type { OperationPlan, SdkPlan } from '../plan/plan.ts'
import { prose } from './text.ts'

type Json = Readonly<Record<string, unknown>>

/** Stands around a gated schema, with the scopes and what is gated. */
export const GATE = 'x-sdk-gate'

export interface Gate {
  readonly scopes: readonly string[]
  readonly schema: Schema
}

/**
 * An OpenAPI document for openapi-typescript, made from the plan: each operation under its id with just what its types
 * need (parameters, the one body format, successes), and the named schemas that they lead to.
 */
export function schemaDocument(plan: SdkPlan, schemas: Schemas): Json {
  const operations = plan.resources.flatMap((resource) => resource.operations)
  const paths = Object.fromEntries(
    operations.map((operation) => [`/${operation.id}`, { post: operationObject(operation) }]),
  )
  const components = reachable(operations, schemas).map((name) => [name, prepare(schemas[name] ?? true)] as const)
  return {
    openapi: '3.1.0',
    info: { title: plan.api.name, version: '1' },
    paths,
    // Not `fromEntries` on a plain object literal's prototype setter: a schema may be named `__proto__`.
    components: { schemas: Object.fromEntries(components) },
  }
}

function operationObject(operation: OperationPlan): Json {
  const { body, result } = operation
  return {
    operationId: operation.id,
    parameters: operation.parameters.map(({ name, in: place, required, deprecated, description, schema }) => ({
      name,
      in: place,
      required,
      ...(deprecated && { deprecated }),
      ...(description !== undefined && { description: prose(description) }),
      schema: prepare(schema),
    })),
    ...(body !== undefined && {
      requestBody: { required: true, content: { [body.mediaType]: media(body.schema) } },
    }),
    responses: Object.fromEntries(
      result.variants.map(({ status, mediaType, schema }) => [
        status,
        { description: '', content: { [mediaType]: media(schema) } },
      ]),
    ),
  }
}

function media(schema: Schema | undefined): Json {
  return schema === undefined ? {} : { schema: prepare(schema) }
}

/** Names of the schemas that operations lead to, in the document's order. */
function reachable(operations: readonly OperationPlan[], schemas: Schemas): string[] {
  const found = new Set<string>()
  const visit = (schema: Schema | undefined): void => {
    if (typeof schema !== 'object') return
    const names = [schema.$ref, ...Object.values(schema.discriminator?.mapping ?? {})]
    for (const ref of names) {
      const name = typeof ref === 'string' ? refName(ref) : undefined
      if (name === undefined || found.has(name) || !Object.hasOwn(schemas, name)) continue
      found.add(name)
      visit(schemas[name])
    }
    for (const child of subschemas(schema)) visit(child.schema)
  }
  for (const { parameters, body, result } of operations) {
    for (const { schema } of parameters) visit(schema)
    visit(body?.schema)
    for (const { schema } of result.variants) visit(schema)
  }
  return Object.keys(schemas).filter((name) => found.has(name))
}

/** A schema as openapi-typescript reads it best: comments made safe, gates marked, and without what only bloats the types. */
function prepare(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema
  const mapped: Record<string, unknown> = { ...mapSubschemas(schema, (child) => prepare(child.schema)) }
  // Definitions were given names of their own when the model was made.
  for (const keyword of ['$defs', 'example', 'examples', 'default', '$comment', GATE, 'summary', 'xml', 'externalDocs'])
    delete mapped[keyword]
  for (const keyword of ['title', 'description', 'format'])
    if (typeof mapped[keyword] === 'string') mapped[keyword] = prose(mapped[keyword])
    else delete mapped[keyword]
  if (mapped.const === null) Object.assign(mapped, { type: 'null', const: undefined })
  const scopes = requiredScopes(mapped)
  delete mapped['x-required-scopes']
  return scopes.length === 0 ? mapped : gate(mapped, scopes)
}

/** Typed, so that openapi-typescript offers it to its transform wherever it stands. */
function gate(schema: SchemaObject, scopes: readonly string[]): SchemaObject {
  const { title, description, deprecated, readOnly } = schema
  return {
    type: 'string',
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(deprecated !== undefined && { deprecated }),
    ...(readOnly !== undefined && { readOnly }),
    [GATE]: { scopes: [...new Set(scopes)].sort(), schema } satisfies Gate,
  }
}
