import type { AccessFile } from '../spec/access-file.ts'
import type { ApiModel, Contact, GatedField, MediaType, Operation } from './api.ts'
import { ContentReader } from './content.ts'
import { BundledDocument, defined, isObject, type Json, text } from './document.ts'
import { externalDocs } from './external-docs.ts'
import { FieldFinder } from './fields.ts'
import { linked } from './links.ts'
import { distinctNames } from './names.ts'
import { OperationReader, type RawOperation, servers } from './operation.ts'
import { isList, pagination } from './pagination.ts'
import { repetition } from './repetition.ts'
import { requirement } from './requirement.ts'
import { SchemaTable } from './schemas.ts'
import { sdkNames } from './sdk-names.ts'
import { scopes, securitySchemes } from './security.ts'
import { tags } from './tags.ts'
import { visibilityOf } from './visibility.ts'

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
  const content = new ContentReader(document, table)
  const reader = new OperationReader(document, table, content)
  const schemes = securitySchemes(document)
  const raw = reader.paths()
  const callbacks = raw.map((operation) => reader.callbacks(operation))
  const webhooks = reader.webhooks()
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
  const finder = new FieldFinder(table.named, table.gated)
  const operations = raw.map((operation, index): Operation => {
    const { node, item, ...rest } = operation
    return defined<Operation>({
      id: ids[index] ?? '',
      operationId: text(node.operationId),
      method: rest.method,
      path: rest.path,
      pointer: rest.pointer,
      summary: text(node.summary),
      description: text(node.description) ?? text(item.node.description) ?? text(item.node.summary),
      tags: Array.isArray(node.tags) ? node.tags.filter((tag) => typeof tag === 'string') : [],
      deprecated: node.deprecated === true,
      sunset: day(node['x-sunset']),
      parameters: rest.parameters,
      body: rest.body,
      responses: rest.responses,
      requirement: requirement(root, node, schemes),
      fields: fields(operation, content, finder),
      pagination:
        rest.method === 'GET' || node['x-pagination'] !== undefined
          ? pagination(rest.parameters, rest.responses, table.named, node['x-pagination'])
          : undefined,
      ...repetition(rest.method, rest.parameters),
      callbacks: callbacks[index] ?? [],
      visibility: visibilityOf(node['x-visibility'] ?? item.node['x-visibility']),
      externalDocs: externalDocs(node.externalDocs),
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
    externalDocs: externalDocs(root.externalDocs),
    contact: contact(info.contact),
    license: license(info.license),
    termsOfService: text(info.termsOfService),
    servers: servers(root.servers) ?? [{ url: '/', variables: {} }],
    tags: tags(root, operations),
    schemes,
    scopes: scopes(document, schemes, operations, access.scopes ?? {}),
    operations: linked(operations, document),
    webhooks,
    schemas: { ...table.named },
    claims: access.claims ?? {},
    environments: access.environments ?? {},
    policies: access.policies ?? [],
  })
}

function contact(value: unknown): ApiModel['contact'] {
  if (!isObject(value)) return undefined
  const known = defined<Contact>({ name: text(value.name), url: text(value.url), email: text(value.email) })
  return Object.keys(known).length === 0 ? undefined : known
}

/** OpenAPI 3.1 may have an SPDX identifier in the place of a URL. */
function license(value: unknown): ApiModel['license'] {
  if (!isObject(value)) return undefined
  const name = text(value.name) ?? text(value.identifier)
  if (name === undefined) return undefined
  return defined<NonNullable<ApiModel['license']>>({ name, url: text(value.url) })
}

/** `2027-06-30`; a document in YAML may have it as a date. */
function day(value: unknown): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(value instanceof Date ? value.toISOString() : String(value))?.[0]
}

/** Each `operationId` made safe; without one, method and path. */
function operationIds(operations: readonly RawOperation[]): string[] {
  const wanted = operations.map(({ node, method, path }) => ({
    wanted: text(node.operationId) ?? `${method.toLowerCase()} ${path}`,
    identity: `${method} ${path}`,
  }))
  return distinctNames(wanted, 'operation')
}

function fields({ body, responses }: RawOperation, content: ContentReader, finder: FieldFinder): Operation['fields'] {
  const find = (media: MediaType, direction: 'request' | 'response'): GatedField[] => [
    ...finder.find(media.schema, content.pointer(media, 'schema'), direction),
    ...finder.find(media.itemSchema, content.pointer(media, 'itemSchema'), direction),
  ]
  const request = (body?.content ?? []).flatMap((media) => find(media, 'request'))
  const response = responses
    .filter(({ status }) => status.startsWith('2') || status === 'default')
    .flatMap(({ content }) => content.flatMap((media) => find(media, 'response')))
  return { request: byPointer(request), response: byPointer(response) }
}

function byPointer(fields: readonly GatedField[]): GatedField[] {
  return [...new Map(fields.map((field) => [field.pointer, field])).values()]
}
