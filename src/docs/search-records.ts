import type { ApiModel, Operation, Scope } from '../model/api.ts'
import { requiredScopes } from '../model/fields.ts'
import { type Carrier, carrierBy, carrierOf } from './carrier.ts'
import { excerpt } from './markdown.ts'
import { operationTitle } from './navigation.ts'
import { flatten } from './schema-flat.ts'
import { typeName } from './type-name.ts'

/** A guide, as far as it can be found. */
export interface FoundGuide {
  readonly name: string
  readonly title: string
  readonly markdown: string
}

/** What a result leads to. */
export type SearchTarget =
  | { readonly kind: 'api' }
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'schema'; readonly schema: string }
  | {
      readonly kind: 'field'
      readonly schema: string
      readonly field: string
      readonly scopes: readonly string[]
      readonly carrier: Carrier
    }
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'guide'; readonly guide: string }

export interface SearchRecord {
  readonly target: SearchTarget
  readonly title: string
  /** In mono: `GET /employees/{id}`, `Employee`. */
  readonly place?: string
  /** Found, but not shown: identifiers. */
  readonly names: string
  /** Plain text. */
  readonly text?: string
}

const LONGEST_GUIDE = 20_000
const LONGEST_TEXT = 300

/** Everything of one API that can be found. */
export function* searchRecords(model: ApiModel, guides: readonly FoundGuide[]): Generator<SearchRecord> {
  yield {
    target: { kind: 'api' },
    title: model.title,
    names: [model.name, model.owner?.name, ...model.tags.map(({ name }) => name)].join(' '),
    ...texts(model.summary, model.description),
  }
  for (const operation of model.operations) yield operationRecord(operation, model)
  for (const scope of model.scopes)
    yield {
      target: { kind: 'scope', scope },
      title: scope.name,
      names: scope.title ?? '',
      ...texts(scope.title, scope.description),
    }
  for (const { name, title, markdown } of guides)
    yield {
      target: { kind: 'guide', guide: name },
      title,
      names: markdown.slice(0, LONGEST_GUIDE),
      ...texts(markdown),
    }
  for (const name of Object.keys(model.schemas)) yield* schemaRecords(name, model)
}

function operationRecord(operation: Operation, model: ApiModel): SearchRecord {
  const { method, path, id, operationId = '', tags, sdk, parameters, body, description, summary } = operation
  const members = (body?.content ?? []).flatMap(({ schema }) =>
    schema === undefined ? [] : [...flatten(schema, model.schemas).properties.keys()],
  )
  const called = [...sdk.resource, sdk.method].join('.')
  return {
    target: { kind: 'operation', operation },
    title: operationTitle(operation),
    ...(summary !== undefined && { place: `${method} ${path}` }),
    names: [path, id, operationId, called, ...tags, ...parameters.map(({ name }) => name), ...new Set(members)].join(
      ' ',
    ),
    ...texts(description),
  }
}

/** A named schema and its own fields. */
function* schemaRecords(schema: string, model: ApiModel): Generator<SearchRecord> {
  const flat = flatten(model.schemas[schema] ?? true, model.schemas)
  const { title, description } = flat.own
  yield {
    target: { kind: 'schema', schema },
    title: schema,
    names: typeof title === 'string' ? title : '',
    ...texts(typeof description === 'string' ? description : undefined),
  }
  for (const [field, parts] of flat.properties) {
    const solid = parts.filter((part) => typeof part === 'object')
    yield {
      target: {
        kind: 'field',
        schema,
        field,
        scopes: solid.flatMap(requiredScopes),
        carrier: solid.map(carrierBy).find((one) => one !== undefined) ?? carrierOf(schema, model),
      },
      title: field,
      place: schema,
      names: '',
      ...texts(solid[0]?.description ?? typeName(parts[0] ?? true, model.schemas)),
    }
  }
}

function texts(...candidates: readonly (string | undefined)[]): { text?: string } {
  const text = candidates
    .map((candidate) => excerpt(candidate, LONGEST_TEXT))
    .find((candidate) => candidate !== undefined)
  return text === undefined ? {} : { text }
}
