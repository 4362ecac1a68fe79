import type { AccessFile } from '../spec/access-file.ts'
import type { ApiModel, GatedField, Operation, Tag, Webhook } from './api.ts'
import { BundledDocument, defined, isObject, type Json, text } from './document.ts'
import { FieldFinder } from './fields.ts'
import { safeName, suffix } from './names.ts'
import { OperationReader, type RawOperation, schemaPointer, servers } from './operation.ts'
import { isList, pagination } from './pagination.ts'
import { requirement } from './requirement.ts'
import { SchemaTable } from './schemas.ts'
import { sdkNames } from './sdk-names.ts'
import { scopes, securitySchemes } from './security.ts'

export interface Source {
  /** The API's name: its folder's or file's. */
  readonly name: string
  /** Bundled, in the dialect of OpenAPI 3.1. */
  readonly document: Json
  readonly sourceVersion: string
  readonly hash: string
  readonly access: AccessFile
}

/** Compiles a bundled document to the model. Total: what a document says wrongly is left out, `check` reports it. */
export function buildModel({ name, document: root, sourceVersion, hash, access }: Source): ApiModel {
  const document = new BundledDocument(root)
  const table = new SchemaTable(document)
  const reader = new OperationReader(document, table)
  const schemes = securitySchemes(document)
  const raw = reader.read('paths')
  const ids = operationIds(raw)
  const sdk = sdkNames(
    raw.map((operation, index) => ({
      id: ids[index] ?? '',
      method: operation.method,
      path: operation.path,
      list: isList(operation.responses, table.named),
      chosen: defined<{ resource?: string; method?: string }>({
        resource: text(operation.node['x-sdk-resource']),
        method: text(operation.node['x-sdk-method']),
      }),
    })),
  )
  const finder = new FieldFinder(table.named, root)
  const operations = raw.map((operation, index): Operation => {
    const { node, responses, bodyPointer, ...rest } = operation
    return defined<Operation>({
      id: ids[index] ?? '',
      operationId: text(node.operationId),
      method: rest.method,
      path: rest.path,
      pointer: rest.pointer,
      summary: text(node.summary),
      description: text(node.description),
      tags: Array.isArray(node.tags) ? node.tags.filter((tag) => typeof tag === 'string') : [],
      deprecated: node.deprecated === true,
      parameters: rest.parameters,
      body: rest.body,
      responses: responses.map(({ pointer: _, ...response }) => response),
      requirement: requirement(root, node, schemes),
      fields: fields(operation, finder),
      pagination: rest.method === 'GET' ? pagination(rest.parameters, responses, table.named) : undefined,
      sdk: sdk[index] ?? { resource: [], method: '' },
      servers: rest.servers,
    })
  })
  const info = isObject(root.info) ? root.info : {}
  return defined<ApiModel>({
    name,
    title: text(info.title) ?? name,
    version: String(info.version ?? '0.0.0'),
    summary: text(info.summary),
    description: text(info.description),
    sourceVersion,
    hash,
    lifecycle: access.lifecycle ?? 'stable',
    sunset: access.sunset,
    family: access.family,
    owner:
      access.owner === undefined
        ? undefined
        : defined<NonNullable<ApiModel['owner']>>({ name: access.owner.name, email: access.owner.email }),
    visibility: access.visibility ?? 'public',
    servers: servers(root.servers) ?? [{ url: '/', variables: {} }],
    tags: tags(root, operations),
    schemes,
    scopes: scopes(document, schemes, operations, access.scopes ?? {}),
    operations,
    webhooks: webhooks(reader.read('webhooks')),
    schemas: { ...table.named },
    claims: access.claims ?? {},
    policies: access.policies ?? [],
  })
}

/** Each `operationId` made safe; without one, method and path. The exact owner of an id keeps it, others are told apart. */
function operationIds(operations: readonly RawOperation[]): string[] {
  const wanted = operations.map(({ node, method, path }) => {
    const given = text(node.operationId)
    return {
      given,
      id: safeName(given ?? `${method.toLowerCase()} ${path}`, 'operation'),
      identity: `${method} ${path}`,
    }
  })
  const owners = new Map<string, string>()
  for (const { given, id, identity } of wanted) if (given === id && !owners.has(id)) owners.set(id, identity)
  for (const { id, identity } of wanted) if (!owners.has(id)) owners.set(id, identity)
  return wanted.map(({ id, identity }) => (owners.get(id) === identity ? id : `${id}_${suffix(identity)}`))
}

function fields({ body, bodyPointer, responses }: RawOperation, finder: FieldFinder): Operation['fields'] {
  const request = (body?.content ?? []).flatMap((media) =>
    finder.find(media.schema, schemaPointer(bodyPointer ?? '', media.type), 'request'),
  )
  const response = responses
    .filter(({ status }) => status.startsWith('2') || status === 'default')
    .flatMap(({ content, pointer }) =>
      content.flatMap((media) => [
        ...finder.find(media.schema, schemaPointer(pointer, media.type), 'response'),
        ...finder.find(
          media.itemSchema,
          schemaPointer(pointer, media.type).replace(/schema$/, 'itemSchema'),
          'response',
        ),
      ]),
    )
  return { request: byPointer(request), response: byPointer(response) }
}

function byPointer(fields: readonly GatedField[]): GatedField[] {
  return [...new Map(fields.map((field) => [field.pointer, field])).values()]
}

/** Declared tags first, in their order; then those that only operations name. */
function tags(root: Json, operations: readonly Operation[]): Tag[] {
  const declared = (Array.isArray(root.tags) ? root.tags : []).filter(isObject).flatMap((tag) => {
    const name = text(tag.name)
    return name === undefined ? [] : [defined<Tag>({ name, description: text(tag.description) })]
  })
  const names = new Set(declared.map((tag) => tag.name))
  const used = new Set(operations.flatMap((operation) => operation.tags))
  return [...declared, ...[...used].filter((name) => !names.has(name)).map((name) => ({ name }))]
}

function webhooks(operations: readonly RawOperation[]): Webhook[] {
  return operations.map(({ path, method, node, body, responses }) =>
    defined<Webhook>({
      name: path,
      id: safeName(path, 'webhook'),
      method,
      summary: text(node.summary),
      description: text(node.description),
      body,
      responses: responses.map(({ pointer: _, ...response }) => response),
    }),
  )
}
