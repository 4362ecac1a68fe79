import type { Pagination, Parameter, Response } from './api.ts'
import { resolve, type Schema, type SchemaObject, type Schemas } from './schema.ts'

const CURSOR = [
  'cursor',
  'after',
  'starting_after',
  'startingAfter',
  'page_token',
  'pageToken',
  'next_token',
  'nextToken',
  'next_cursor',
  'continuation',
  'marker',
]
const NEXT = [
  'nextCursor',
  'next_cursor',
  'nextPageToken',
  'next_page_token',
  'nextToken',
  'next_token',
  'next',
  'cursor',
  'next_marker',
  'marker',
  'continuation',
]
const LIMIT = [
  'limit',
  'page_size',
  'pageSize',
  'per_page',
  'perPage',
  'max_results',
  'maxResults',
  'size',
  'count',
  'first',
]
const PAGE = ['page', 'page_number', 'pageNumber']
const OFFSET = ['offset', 'start', 'skip']
const TOTAL = ['total', 'total_count', 'totalCount', 'total_items', 'totalItems']

/** Recognises a list that comes in pages, from its query parameters and the members of its response. */
export function pagination(
  parameters: readonly Parameter[],
  responses: readonly Response[],
  schemas: Schemas,
): Pagination | undefined {
  const query = parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name)
  const envelope = successSchema(responses, schemas)
  const members = envelope?.properties ?? {}
  const items = listMember(envelope, schemas)
  if (items === undefined) return undefined
  const param = (names: readonly string[]): string | undefined => names.find((name) => query.includes(name))
  const member = (names: readonly string[]): string | undefined => names.find((name) => Object.hasOwn(members, name))

  const limit = param(LIMIT)
  const total = member(TOTAL)
  const cursor = param(CURSOR)
  const next = member(NEXT)
  if (cursor !== undefined && next !== undefined)
    return { kind: 'cursor', cursor, next, items, ...(limit && { limit }) }
  const page = param(PAGE)
  if (page !== undefined) return { kind: 'page', page, items, ...(limit && { size: limit }), ...(total && { total }) }
  const offset = param(OFFSET)
  if (offset !== undefined && limit !== undefined)
    return { kind: 'offset', offset, limit, items, ...(total && { total }) }
  return undefined
}

/** Whether a response is a list: an array, or an object around exactly one. */
export function isList(responses: readonly Response[], schemas: Schemas): boolean {
  const schema = successSchema(responses, schemas)
  return schema !== undefined && (hasType(schema, 'array') || listMember(schema, schemas) !== undefined)
}

/** The one array among the members of an envelope; '' where the body itself is the list. */
function listMember(envelope: SchemaObject | undefined, schemas: Schemas): string | undefined {
  if (envelope === undefined) return undefined
  if (hasType(envelope, 'array')) return ''
  const lists = Object.entries(envelope.properties ?? {}).filter(([, schema]) => {
    const target = resolve(schema, schemas)
    return typeof target === 'object' && hasType(target, 'array')
  })
  return lists.length === 1 ? lists[0]?.[0] : undefined
}

/** The schema of the first JSON body of the first 2xx response, with the members of its `allOf` merged. */
function successSchema(responses: readonly Response[], schemas: Schemas): SchemaObject | undefined {
  const media = responses.find((response) => response.status.startsWith('2'))?.content.find(({ type }) => isJson(type))
  const schema = resolve(media?.schema, schemas)
  return typeof schema === 'object' ? merged(schema, schemas, 0) : undefined
}

function merged(schema: SchemaObject, schemas: Schemas, depth: number): SchemaObject {
  if (schema.allOf === undefined || depth > 8) return schema
  const properties: Record<string, Schema> = { ...schema.properties }
  for (const part of schema.allOf) {
    const target = resolve(part, schemas)
    if (typeof target === 'object') Object.assign(properties, merged(target, schemas, depth + 1).properties)
  }
  return { ...schema, properties }
}

function hasType(schema: SchemaObject, type: string): boolean {
  return Array.isArray(schema.type)
    ? schema.type.includes(type)
    : schema.type === type || (type === 'array' && schema.items !== undefined && schema.type === undefined)
}

/** `application/json`, `application/problem+json`, `text/json; charset=utf-8` … */
function isJson(mediaType: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(mediaType)
}
