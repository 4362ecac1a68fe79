import { requiredScopes } from '../../model/fields.ts'
import type { Schema, SchemaObject, Schemas } from '../../model/schema.ts'
import { escapePointer, refName } from '../../model/schema.ts'
import { mapSubschemas } from '../../model/schema-walk.ts'
import type { OperationPlan, SdkPlan } from '../plan/plan.ts'
import { type Direction, type Directions, directions, isAbsent, isBinary } from './directions.ts'
import { prose } from './text.ts'

type Json = Readonly<Record<string, unknown>>

/** Stands around a gated schema, with the scopes and what is gated. */
export const GATE = 'x-sdk-gate'

/** Says of bytes whether they are sent or received. */
export const DIRECTION = 'x-sdk-direction'

export interface Gate {
  readonly scopes: readonly string[]
  readonly schema: Schema
}

/**
 * An OpenAPI document for openapi-typescript, made from the plan: each operation under its id with just what its types
 * need (parameters, body formats, successes and refusals), and the named schemas that they lead to.
 */
export function schemaDocument(plan: SdkPlan, schemas: Schemas): Json {
  const operations = plan.resources.flatMap((resource) => resource.operations)
  const writer = new SchemaWriter(operations, schemas)
  const paths = Object.fromEntries(
    operations.map((operation) => [`/${operation.id}`, { post: writer.operation(operation) }]),
  )
  return {
    openapi: '3.1.0',
    info: { title: plan.api.name, version: '1' },
    paths,
    // Not `fromEntries` on a plain object literal's prototype setter: a schema may be named `__proto__`.
    components: { schemas: writer.schemas() },
  }
}

class SchemaWriter {
  readonly #schemas: Schemas
  readonly #directions: Directions

  constructor(operations: readonly OperationPlan[], schemas: Schemas) {
    this.#schemas = schemas
    this.#directions = directions(operations, schemas)
  }

  schemas(): Json {
    return Object.fromEntries(
      this.#directions.schemas.map(({ name, source, direction }) => [
        name,
        this.#prepare(this.#schemas[source] ?? true, direction),
      ]),
    )
  }

  operation(operation: OperationPlan): Json {
    const { body, result, failures } = operation
    const answers = Map.groupBy([...result.variants, ...result.others], ({ status }) => status)
    for (const { status, bodies } of failures) answers.set(status, [...(answers.get(status) ?? []), ...bodies])
    return {
      operationId: operation.id,
      parameters: operation.parameters.map(({ name, in: place, required, deprecated, description, schema }) => ({
        name,
        in: place,
        required,
        ...(deprecated && { deprecated }),
        ...(description !== undefined && { description: prose(description) }),
        schema: this.#prepare(schema, 'request'),
      })),
      ...(body !== undefined && {
        requestBody: {
          required: true,
          content: Object.fromEntries(
            [body, ...body.others].map(({ mediaType, schema }) => [mediaType, this.#media(schema, 'request')]),
          ),
        },
      }),
      responses: Object.fromEntries(
        [...answers].map(([status, variants]) => [
          status,
          {
            description: '',
            content: Object.fromEntries(
              variants.map(({ mediaType, schema }) => [mediaType, this.#media(schema, 'response')]),
            ),
          },
        ]),
      ),
    }
  }

  #media(schema: Schema | undefined, direction: Direction): Json {
    return schema === undefined ? {} : { schema: this.#prepare(schema, direction) }
  }

  /** A schema as openapi-typescript reads it best: comments made safe, gates marked, and without what only bloats the types. */
  #prepare(schema: Schema, direction: Direction): Schema {
    if (typeof schema === 'boolean') return schema
    const here = this.#onlyIn(schema, direction)
    const mapped: Record<string, unknown> = {
      ...mapSubschemas(here, (child) => this.#prepare(child, direction)),
      ...this.#renamed(here, direction),
    }
    // Definitions were given names of their own when the model was made.
    for (const keyword of DROPPED) delete mapped[keyword]
    for (const keyword of ['title', 'description', 'format'])
      if (typeof mapped[keyword] === 'string') mapped[keyword] = prose(mapped[keyword])
      else delete mapped[keyword]
    if (mapped.const === null) Object.assign(mapped, { type: 'null', const: undefined })
    if (isBinary(mapped)) mapped[DIRECTION] = direction
    const scopes = requiredScopes(mapped)
    delete mapped['x-required-scopes']
    return scopes.length === 0 ? mapped : gate(mapped, scopes)
  }

  /** Without the members that have no place in this direction. */
  #onlyIn(schema: SchemaObject, direction: Direction): SchemaObject {
    const { properties, required } = schema
    if (properties === undefined) return schema
    const absent = Object.keys(properties).filter((name) =>
      isAbsent(properties[name] ?? true, direction, this.#schemas),
    )
    if (absent.length === 0) return schema
    return {
      ...schema,
      properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !absent.includes(name))),
      ...(Array.isArray(required) && { required: required.filter((name) => !absent.includes(name)) }),
    }
  }

  /** References, to the schemas of this direction. */
  #renamed({ $ref, discriminator }: SchemaObject, direction: Direction): Json {
    const renamed = (ref: string): string => {
      const source = refName(ref)
      if (source === undefined) return ref
      const name = this.#directions.name(source, direction)
      return name === source ? ref : `#/components/schemas/${escapePointer(name)}`
    }
    const { mapping } = discriminator ?? {}
    return {
      ...(typeof $ref === 'string' && { $ref: renamed($ref) }),
      ...(discriminator !== undefined &&
        mapping !== undefined && {
          discriminator: {
            ...discriminator,
            mapping: Object.fromEntries(
              Object.entries(mapping).map(([value, ref]) => [value, typeof ref === 'string' ? renamed(ref) : ref]),
            ),
          },
        }),
    }
  }
}

const DROPPED = ['$defs', 'example', 'examples', 'default', '$comment', GATE, 'summary', 'xml', 'externalDocs']

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
