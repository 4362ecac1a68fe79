import type { Operation, Pagination, Parameter } from '../model/api.ts'
import { resolve, type Schemas } from '../model/schema.ts'
import { isItem } from './completion.ts'
import { shapeOf } from './shape.ts'
import type { Item } from './world.ts'

export interface Page {
  /** Keys of the items that are on it, in order. */
  readonly keys: readonly string[]
  /** Members of the envelope, by name. */
  readonly members: Readonly<Record<string, unknown>>
  /** Query of the next page, as it differs from this one's; undefined on the last. */
  readonly next: Readonly<Record<string, string>> | undefined
}

/** The page that a query asks for; undefined where its cursor isn't one of ours. */
export function page(
  operation: Operation,
  query: ReadonlyMap<string, unknown>,
  keys: readonly string[],
  schemas: Schemas,
): Page | undefined {
  const { pagination } = operation
  // By `Link` alone: no parameter says how to ask for another page, so there is one.
  if (pagination === undefined || pagination.kind === 'link') return { keys, members: {}, next: undefined }
  const number = (name: string | undefined, fallback: number): number => {
    const value = name === undefined ? undefined : (query.get(name) ?? defaultOf(operation, name, schemas))
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : fallback
  }
  switch (pagination.kind) {
    case 'cursor': {
      const size = Math.max(number(pagination.limit, SIZE), 1)
      const cursor = query.get(pagination.cursor)
      const start = cursor === undefined ? 0 : startOf(cursor, keys)
      if (start === undefined) return undefined
      const shown = keys.slice(start, start + size)
      const last = shown.at(-1)
      const more = start + size < keys.length && last !== undefined
      const next = more ? formatCursor(start + size, last) : null
      return {
        keys: shown,
        members: { [pagination.next]: next, ...flags(more) },
        next: next === null ? undefined : { [pagination.cursor]: next },
      }
    }
    case 'page': {
      const first = firstPage(operation, pagination)
      const current = number(pagination.page, first)
      const size = Math.max(number(pagination.size, SIZE), 1)
      const start = (current - first) * size
      const more = start + size < keys.length
      return {
        keys: start < 0 ? [] : keys.slice(start, start + size),
        members: {
          [pagination.page]: current,
          ...(pagination.size === undefined ? {} : { [pagination.size]: size }),
          ...totals(pagination.total, keys.length, Math.ceil(keys.length / size)),
          ...flags(more),
        },
        next: more ? { [pagination.page]: String(current + 1) } : undefined,
      }
    }
    case 'offset': {
      const offset = number(pagination.offset, 0)
      const limit = Math.max(number(pagination.limit, SIZE), 1)
      const more = offset + limit < keys.length
      return {
        keys: keys.slice(offset, offset + limit),
        members: {
          [pagination.offset]: offset,
          [pagination.limit]: limit,
          ...totals(pagination.total, keys.length, Math.ceil(keys.length / limit)),
          ...flags(more),
        },
        next: more ? { [pagination.offset]: String(offset + limit) } : undefined,
      }
    }
  }
}

/** `sort=name`, `sort=-name,title`, `sort_by=name&order=desc`: by members, the first that differs deciding. */
export function sorted(
  keys: readonly string[],
  itemOf: (key: string) => Item,
  query: ReadonlyMap<string, unknown>,
  members: ReadonlyMap<string, unknown>,
): readonly string[] {
  const [, by] = [...query].find(([name]) => SORT.test(name)) ?? []
  const [, order] = [...query].find(([name]) => ORDER.test(name)) ?? []
  const wanted = (Array.isArray(by) ? by : [by]).flatMap((part) => (typeof part === 'string' ? part.split(',') : []))
  const criteria = wanted.flatMap((text) => {
    const [, sign = '', name = '', direction = ''] = /^([+-]?)(.*?)(?:[:_. ](asc|desc))?$/i.exec(text.trim()) ?? []
    const down = sign === '-' || /^desc/i.test(direction || String(order ?? ''))
    return members.has(name) ? [{ name, down }] : []
  })
  if (criteria.length === 0) return keys
  return keys.toSorted((one, other) => {
    for (const { name, down } of criteria) {
      const difference = compare(itemOf(one)[name], itemOf(other)[name])
      if (difference !== 0) return down ? -difference : difference
    }
    return 0
  })
}

/** Numbers as numbers, all else by its text; what is missing comes last. */
function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const [first, second] = [one, other].map((value) =>
    value === undefined || value === null ? undefined : String(value),
  )
  if (first === second) return 0
  if (first === undefined || second === undefined) return first === undefined ? 1 : -1
  return first < second ? -1 : 1
}

const SORT = /^(sort|sort_?by|order_?by)$/i
const ORDER = /^(order|direction|sort_?(order|dir(ection)?))$/i
const SIZE = 20
const SEARCH = /^(q|query|search)$/i

/**
 * Whether an item fits the query: declared parameters that are named like members filter by them (`tag` by `tags`, too),
 * and `q` looks through the text. Give it what the caller may see: a filter on a withheld member would tell what it is,
 * and so finds nothing.
 *
 * @param members that items may have
 */
export function fits(
  item: Item,
  operation: Operation,
  query: ReadonlyMap<string, unknown>,
  members: ReadonlyMap<string, unknown>,
): boolean {
  const paging = pagingParameters(operation)
  for (const [name, wanted] of query) {
    if (paging.has(name) || SORT.test(name) || ORDER.test(name)) continue
    const member = [name, `${name}s`].find((candidate) => members.has(candidate))
    if (member === undefined) {
      if (SEARCH.test(name) && !contains(item, fold(String(wanted)))) return false
      continue
    }
    const value = Object.hasOwn(item, member) ? item[member] : undefined
    const choices = Array.isArray(wanted) ? wanted : [wanted]
    if (!choices.some((choice) => equals(value, choice))) return false
  }
  return true
}

/** Whether a query filters: other parameters than those that page. */
export function filters(operation: Operation, query: ReadonlyMap<string, unknown>): boolean {
  const paging = pagingParameters(operation)
  return [...query.keys()].some((name) => !paging.has(name))
}

function pagingParameters({ pagination }: Operation): ReadonlySet<string | undefined> {
  switch (pagination?.kind) {
    case 'cursor':
      return new Set([pagination.cursor, pagination.limit])
    case 'page':
      return new Set([pagination.page, pagination.size])
    case 'offset':
      return new Set([pagination.offset, pagination.limit])
    default:
      return new Set([pagination?.limit])
  }
}

function equals(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => equals(one, wanted))
  if (isItem(value)) return Object.hasOwn(value, 'id') && equals(value.id, wanted)
  return value === wanted || (value !== null && value !== undefined && String(value) === String(wanted))
}

function contains(value: unknown, text: string): boolean {
  if (typeof value === 'string') return fold(value).includes(text)
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => contains(one, text))
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Position, and the key before it: the next page goes on there even if others were added or removed. */
function formatCursor(position: number, key: string): string {
  return btoa(encodeURIComponent(`${position} ${key}`))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

function startOf(cursor: unknown, keys: readonly string[]): number | undefined {
  if (typeof cursor !== 'string' || !/^[\w-]+$/.test(cursor)) return undefined
  try {
    const text = decodeURIComponent(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')))
    const [, position, key] = /^(\d{1,9}) (.*)$/s.exec(text) ?? []
    if (position === undefined || key === undefined) return undefined
    const index = keys.indexOf(key)
    return index < 0 ? Math.max(Number(position) - 1, 0) : index + 1
  } catch (error) {
    // Not base64 (DOMException), or not what we put into it.
    if (error instanceof DOMException || error instanceof URIError) return undefined
    throw error
  }
}

function parameter(operation: Operation, name: string): Parameter | undefined {
  return operation.parameters.find((one) => one.in === 'query' && one.name === name)
}

function defaultOf(operation: Operation, name: string, schemas: Schemas): unknown {
  const schema = resolve(parameter(operation, name)?.schema, schemas)
  return typeof schema === 'object' ? schema.default : undefined
}

function firstPage(operation: Operation, { page }: Extract<Pagination, { kind: 'page' }>): number {
  const schema = parameter(operation, page)?.schema
  return typeof schema === 'object' && (schema.minimum === 0 || schema.default === 0) ? 0 : 1
}

function totals(total: string | undefined, count: number, pages: number): Record<string, number> {
  const members = Object.fromEntries(PAGES.map((name) => [name, pages]))
  return total === undefined ? members : { ...members, [total]: count }
}

function flags(more: boolean): Record<string, boolean> {
  return Object.fromEntries(MORE.map((name) => [name, more]))
}

/** Names under which envelopes say these things; only those that the schema has are used. */
const PAGES = ['pages', 'totalPages', 'total_pages', 'pageCount', 'page_count', 'lastPage', 'last_page']
const MORE = ['hasMore', 'has_more', 'hasNext', 'has_next']

/** The members of an envelope that its schema knows. */
export function known(
  members: Readonly<Record<string, unknown>>,
  schema: Parameters<typeof shapeOf>[0],
  schemas: Schemas,
): Item {
  const { properties } = shapeOf(schema, schemas)
  return Object.fromEntries(Object.entries(members).filter(([name]) => properties.has(name)))
}
