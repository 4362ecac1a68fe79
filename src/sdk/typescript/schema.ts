import type { Schema, Schemas } from '../../model/schema.ts'
import type { BodyFormatPlan, OperationPlan, ParameterPlan, SdkPlan, VariantPlan } from '../plan/plan.ts'
import type { TypeOptions } from './client.ts'
import { type Direction, directions } from './directions.ts'
import { block, documentation, SchemaTypes } from './schema-types.ts'
import { comment, key, prose } from './text.ts'

/**
 * `schema.ts` of an SDK: `components`, the named schemas that its operations lead to, and `operations`, by id what each
 * takes and gives. The layout is that of openapi-typescript, as far as an SDK reads it. Types only.
 */
export function renderSchema(plan: SdkPlan, schemas: Schemas, options: TypeOptions = {}): string {
  const operations = plan.resources.flatMap((resource) => resource.operations)
  const named = directions(operations, schemas)
  const types = new SchemaTypes(schemas, operations.flatMap(schemasOf), named, options)
  const components = named.schemas.map(({ name, source, direction }) => {
    const type = types.named(source, direction, '    ')
    return `${documentation(schemas[source] ?? true, '    ')}    ${key(name)}: ${type}\n`
  })
  const members = operations.map((operation) => `  ${key(operation.id)}: ${renderOperation(operation, types)}\n`)
  const { used } = types
  return [
    used.has('$Gated') ? "import type { Gated as $Gated } from './runtime/grants.ts'\n" : '',
    used.has('$Upload') ? "import type { Upload as $Upload } from './runtime/body.ts'\n" : '',
    used.has('$Gated') || used.has('$Upload') ? '\n' : '',
    `export interface components {\n  schemas: ${block(components, '  ')}\n}\n`,
    `export interface operations ${block(members, '')}\n`,
    used.has('WithRequired') ? 'type WithRequired<T, K extends keyof T> = T & { [P in K]-?: T[P] }\n' : '',
  ].join('')
}

function schemasOf(operation: OperationPlan): Schema[] {
  const answers = [...answersOf(operation).values()].flat()
  return [...operation.parameters, ...bodiesOf(operation), ...answers].flatMap(({ schema }) =>
    schema === undefined ? [] : [schema],
  )
}

function bodiesOf({ body }: OperationPlan): readonly BodyFormatPlan[] {
  return body === undefined ? [] : [body, ...body.others]
}

/** Successes and refusals, by status. */
function answersOf({ result, failures }: OperationPlan): ReadonlyMap<string, readonly VariantPlan[]> {
  const answers = Map.groupBy([...result.variants, ...result.others], ({ status }) => status)
  for (const { status, bodies } of failures) answers.set(status, [...(answers.get(status) ?? []), ...bodies])
  return answers
}

function renderOperation(operation: OperationPlan, types: SchemaTypes): string {
  const places = (['query', 'header', 'path', 'cookie'] as const).flatMap((place) => {
    const these = operation.parameters.filter((parameter) => parameter.in === place)
    if (these.length === 0) return []
    const isOptional = these.every(({ required }) => !required)
    return `      ${place}${isOptional ? '?' : ''}: ${block(
      these.map((parameter) => renderParameter(parameter, types)),
      '      ',
    )}\n`
  })
  const sent = content(bodiesOf(operation), 'request', '      ', types)
  const answers = [...answersOf(operation)].map(([status, variants]) => {
    const name = /^[1-9]\d*$/.test(status) ? status : key(status)
    const bodies = variants.length === 0 ? [] : [content(variants, 'response', '        ', types)]
    return `      ${name}: ${block(bodies, '      ')}\n`
  })
  return block(
    [
      places.length === 0 ? '' : `    parameters: ${block(places, '    ')}\n`,
      operation.body === undefined ? '' : `    requestBody: ${block([sent], '    ')}\n`,
      `    responses: ${block(answers, '    ')}\n`,
    ],
    '  ',
  )
}

function renderParameter(
  { name, required, deprecated, description, schema }: ParameterPlan,
  types: SchemaTypes,
): string {
  const lines = [description && prose(description), deprecated ? '@deprecated' : undefined]
  return `${comment(lines, '        ')}        ${key(name)}${required ? '' : '?'}: ${types.of(schema, 'request', '        ')}\n`
}

/** Schemas by media type; of a media type that comes twice, the last. */
function content(
  media: readonly { readonly mediaType: string; readonly schema?: Schema }[],
  direction: Direction,
  indent: string,
  types: SchemaTypes,
): string {
  const inner = `${indent}  `
  const members = [...new Map(media.map(({ mediaType, schema }) => [mediaType, schema]))].map(
    ([mediaType, schema]) => `${inner}${key(mediaType)}: ${types.of(schema, direction, inner)}\n`,
  )
  return `${indent}content: ${block(members, indent)}\n`
}
