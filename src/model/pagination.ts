import type { Pagination, Parameter, Response } from './api.ts'
import { isObject, text } from './document.ts'
import { isJson } from './media-type.ts'
import { resolve, type Schema, type SchemaObject, type Schemas } from './schema.ts'

const CURSOR = words(`cursor after starting_after startingAfter page_token pageToken next_token nextToken next_cursor
  nextCursor pageCursor page_cursor continuation continuationToken continuation_token paginationToken pagination_token
  marker`)
const NEXT = words(`nextCursor next_cursor nextPageToken next_page_token nextToken next_token NextToken next nextPage
  next_page next_page_url nextLink cursor next_marker nextMarker marker continuation continuationToken continuation_token
  paginationToken pagination_token`)
const LIMIT =
  words(`limit page_size pageSize per_page perPage max_results maxResults size count first pagelen page_limit
  pageLimit`)
const PAGE = words('page page_number pageNumber')
const OFFSET = words('offset start skip startAt start_at')
const TOTAL = words('total total_count totalCount total_items totalItems')

function words(text: string): string[] {
  return text.split(/\s+/)
}

/**
 * Recognises a list that comes in pages, from its query parameters, the members of its response and the response's
 * headers. `x-pagination` on the operation says it where nothing can be recognised: a {@link Pagination}, or `false`.
 */
export function pagination(
  parameters: readonly Parameter[],
  responses: readonly Response[],
  schemas: Schemas,
  stated: unknown,
): Pagination | undefined {
  if (stated === false) return undefined
  const link = linksToNext(responses)
  const said = readStated(stated) ?? recognise(parameters, responses, schemas, link === true)
  return said !== undefined && link && said.kind !== 'link' ? { ...said, link } : said
}

function recognise(
  parameters: readonly Parameter[],
  responses: readonly Response[],
  schemas: Schemas,
  link: boolean,
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
  return link ? { kind: 'link', items, ...(limit && { limit }) } : undefined
}

/** Whether a success says in a `Link` header (RFC 8288) where the next page is. */
function linksToNext(responses: readonly Response[]): true | undefined {
  const links = responses.some(
    ({ status, headers }) => status.startsWith('2') && headers.some(({ name }) => name.toLowerCase() === 'link'),
  )
  return links || undefined
}

/** `x-pagination`; undefined where it says nothing that makes sense. */
function readStated(value: unknown): Pagination | undefined {
  if (!isObject(value)) return undefined
  const optional = (key: string): Record<string, string> => {
    const name = text(value[key])
    return name === undefined ? {} : { [key]: name }
  }
  const { kind, cursor, next, page, offset, limit } = value
  const items = typeof value.items === 'string' ? value.items : ''
  if (kind === 'cursor' && typeof cursor === 'string' && typeof next === 'string')
    return { kind, cursor, next, items, ...optional('limit') }
  if (kind === 'page' && typeof page === 'string')
    return { kind, page, items, ...optional('size'), ...optional('total') }
  if (kind === 'offset' && typeof offset === 'string' && typeof limit === 'string')
    return { kind, offset, limit, items, ...optional('total') }
  return kind === 'link' ? { kind, items, ...optional('limit') } : undefined
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
  return typeof schema === 'object' ? merged(schema, schemas, new Set()) : undefined
}

/** @param seen schemas that are merged already: a hostile document may refer to one a million times */
function merged(schema: SchemaObject, schemas: Schemas, seen: Set<SchemaObject>): SchemaObject {
  seen.add(schema)
  if (!Array.isArray(schema.allOf)) return schema
  const parts: readonly Schema[] = schema.allOf
  const members = parts.flatMap((part) => {
    const target = resolve(part, schemas)
    if (typeof target !== 'object' || seen.has(target)) return []
    return Object.entries(merged(target, schemas, seen).properties ?? {})
  })
  return { ...schema, properties: Object.fromEntries([...Object.entries(schema.properties ?? {}), ...members]) }
}

function hasType(schema: SchemaObject, type: string): boolean {
  return Array.isArray(schema.type)
    ? schema.type.includes(type)
    : schema.type === type || (type === 'array' && schema.items !== undefined && schema.type === undefined)
}
