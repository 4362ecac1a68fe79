import { call } from './call.ts'
import { UnexpectedResponseError } from './errors.ts'
import type { Needs } from './grants.ts'
import type { Operation, Pagination } from './operation.ts'
import { isRecord } from './parameters.ts'
import type { Input } from './transport.ts'

type Query = Readonly<Record<string, unknown>>

/**
 * A list that comes in pages. Awaited, it is its first page; iterated with `for await`, all items of all pages, each page
 * asked for when it is reached.
 */
export class Page<Item, Body> implements Promise<Body>, AsyncIterable<Item> {
  readonly #fetch: (query: Query) => Promise<Body>
  readonly #pagination: Pagination
  readonly #query: Query
  #first: Promise<Body> | undefined

  constructor(fetch: (query: Query) => Promise<Body>, pagination: Pagination, query: Query) {
    this.#fetch = fetch
    this.#pagination = pagination
    this.#query = query
  }

  /** The pages as they come. */
  async *pages(): AsyncGenerator<Body, void, undefined> {
    let query: Query | undefined = this.#query
    let page = this.#once()
    const progress: Progress = { start: query, size: 0, seen: 0 }
    while (query !== undefined) {
      const body: Body = await page
      yield body
      const count = items(body, this.#pagination.items).length
      if (progress.seen === 0) progress.size = count
      progress.seen += count
      query =
        count === 0 && this.#pagination.kind !== 'cursor'
          ? undefined
          : following(this.#pagination, query, body, progress)
      if (query !== undefined) page = this.#fetch(query)
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* items(page, this.#pagination.items) as readonly Item[]
  }

  // biome-ignore lint/suspicious/noThenProperty: a page is awaited.
  then<A = Body, B = never>(
    done?: ((body: Body) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#once().then(done, failed)
  }

  catch<A = never>(failed?: ((reason: unknown) => A | PromiseLike<A>) | null): Promise<Body | A> {
    return this.#once().catch(failed)
  }

  finally(done?: (() => void) | null): Promise<Body> {
    return this.#once().finally(done)
  }

  get [Symbol.toStringTag](): string {
    return 'Page'
  }

  #once(): Promise<Body> {
    this.#first ??= this.#fetch(this.#query)
    return this.#first
  }
}

export function page<Item, Body>(
  client: Needs<never>,
  operation: Operation,
  pagination: Pagination,
  input: Input,
): Page<Item, Body> {
  return new Page((query) => call<Body>(client, operation, { ...input, query }), pagination, input.query ?? {})
}

/** What an iteration has come by so far. */
interface Progress {
  readonly start: Query
  /** Items on the first page. */
  size: number
  seen: number
}

/** The query of the next page; undefined after the last one, which is known by the total, else by being shorter. */
function following(
  pagination: Pagination,
  query: Query,
  body: unknown,
  { start, size, seen }: Progress,
): Query | undefined {
  if (pagination.kind === 'cursor') {
    const next = cursor(member(body, pagination.next), pagination.cursor)
    if (next === undefined) return undefined
    if (next === query[pagination.cursor])
      throw new UnexpectedResponseError('The list leads back to the same page', 200)
    return { ...query, [pagination.cursor]: next }
  }
  const total = pagination.total === undefined ? undefined : member(body, pagination.total)
  const before =
    pagination.kind === 'page' ? (whole(start[pagination.page], 1) - 1) * size : whole(start[pagination.offset], 0)
  const short = items(body, pagination.items).length < size
  if (typeof total === 'number' ? before + seen >= total : short) return undefined
  return pagination.kind === 'page'
    ? { ...query, [pagination.page]: whole(query[pagination.page], 1) + 1 }
    : { ...query, [pagination.offset]: before + seen }
}

/** Some servers give the whole address of the next page. */
function cursor(next: unknown, parameter: string): string | number | undefined {
  if (typeof next === 'number') return next
  if (typeof next !== 'string' || next === '') return undefined
  return /^https?:\/\//.test(next) && URL.canParse(next)
    ? (new URL(next).searchParams.get(parameter) ?? undefined)
    : next
}

function items(body: unknown, name: string): readonly unknown[] {
  const list = name === '' ? body : member(body, name)
  return Array.isArray(list) ? list : []
}

function member(body: unknown, name: string): unknown {
  return isRecord(body) && Object.hasOwn(body, name) ? body[name] : undefined
}

function whole(value: unknown, fallback: number): number {
  const number = Number(value ?? fallback)
  return Number.isInteger(number) ? number : fallback
}
