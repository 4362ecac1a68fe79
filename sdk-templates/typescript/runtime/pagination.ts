import { UnexpectedResponseError } from './errors.ts'
import { isRecord } from './styles.ts'

type Query = Readonly<Record<string, unknown>>

/** How a list continues. The function is named by the operation, so that a bundle holds no other. */
export interface Pagination {
  readonly next: Next
  /** Member of the body that is the list, `data` or `result.items`; '': the body itself. */
  readonly items: string
  /** Query parameter that says where the next page begins: a cursor, a page's number, an offset. */
  readonly parameter?: string
  /** Member of the body, or header of the response, with the next cursor. */
  readonly cursor?: string
  /** Member of the body, or header of the response, with the number of all items. */
  readonly total?: string
}

/** What an iteration has come by so far. */
export interface Progress {
  readonly pagination: Pagination
  /** The query of the first page, and of this one. */
  readonly start: Query
  readonly query: Query
  readonly body: unknown
  readonly headers: Headers
  /** Items on the first page, on this one, and on all until now. */
  readonly size: number
  readonly count: number
  readonly seen: number
}

/** The query of the next page; undefined after the last one. */
export type Next = (progress: Progress) => Query | undefined

export function nextByCursor({
  pagination: { parameter = '', cursor = '' },
  query,
  body,
}: Progress): Query | undefined {
  return moved(query, parameter, cursorIn(member(body, cursor), parameter))
}

/** The cursor in a header of the response. */
export function nextByHeader({
  pagination: { parameter = '', cursor = '' },
  query,
  headers,
}: Progress): Query | undefined {
  return moved(query, parameter, cursorIn(headers.get(cursor) ?? undefined, parameter))
}

/** `Link: <…>; rel="next"` (RFC 8288): the query of that address, whatever is in it. */
export function nextByLink({ query, headers }: Progress): Query | undefined {
  const next = nextLink(headers.get('link') ?? '')
  if (next === undefined) return undefined
  const address = new URL(next, 'http://relative.invalid')
  const changed: Record<string, unknown> = { ...query }
  for (const name of new Set(address.searchParams.keys())) {
    const values = address.searchParams.getAll(name)
    changed[name] = values.length > 1 ? values : values[0]
  }
  if (Object.entries(changed).every(([name, value]) => String(query[name]) === String(value))) throw circle()
  return changed
}

export function nextByPage(progress: Progress): Query | undefined {
  const { pagination, start, query, size, seen, count } = progress
  const { parameter = '' } = pagination
  const first = whole(start[parameter], 1)
  const before = Math.max(0, first - 1) * size
  if (isLast(progress, before + seen) || count === 0) return undefined
  return { ...query, [parameter]: whole(query[parameter], 1) + 1 }
}

export function nextByOffset(progress: Progress): Query | undefined {
  const { pagination, start, query, seen, count } = progress
  const { parameter = '' } = pagination
  const reached = whole(start[parameter], 0) + seen
  return isLast(progress, reached) || count === 0 ? undefined : { ...query, [parameter]: reached }
}

/** Known by the total, else by being shorter than the first page. */
function isLast({ pagination: { total }, body, headers, count, size }: Progress, reached: number): boolean {
  const stated = total === undefined ? undefined : (member(body, total) ?? headers.get(total) ?? undefined)
  const all = Number(stated ?? Number.NaN)
  return Number.isNaN(all) ? count < size : reached >= all
}

function moved(query: Query, parameter: string, next: string | number | undefined): Query | undefined {
  if (next === undefined) return undefined
  if (next === query[parameter]) throw circle()
  return { ...query, [parameter]: next }
}

function circle(): UnexpectedResponseError {
  return new UnexpectedResponseError('The list leads back to the same page', 200)
}

/** Some servers give the whole address of the next page. */
function cursorIn(next: unknown, parameter: string): string | number | undefined {
  if (typeof next === 'number') return next
  if (typeof next !== 'string' || next === '') return undefined
  if (!/^(https?:\/\/|\/.*\?)/.test(next)) return next
  return new URL(next, 'http://relative.invalid').searchParams.get(parameter) ?? undefined
}

function nextLink(header: string): string | undefined {
  for (const [, target, parameters = ''] of header.matchAll(/<([^>]*)>((?:[^",<]|"[^"]*")*)/g))
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?![^\s;,]))/i.test(parameters)) return target
  return undefined
}

export function items(body: unknown, name: string): readonly unknown[] {
  const list = name === '' ? body : member(body, name)
  return Array.isArray(list) ? list : []
}

function member(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined), body)
}

function whole(value: unknown, fallback: number): number {
  const number = Number(value ?? fallback)
  return Number.isInteger(number) ? number : fallback
}
