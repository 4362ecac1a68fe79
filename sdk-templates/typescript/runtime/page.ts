import { call } from './call.ts'
import { UnexpectedResponseError } from './errors.ts'
import type { Needs } from './grants.ts'
import type { Operation, Pagination } from './operation.ts'
import { isRecord } from './parameters.ts'
import type { Input } from './transport.ts'

/**
 * A list that comes in pages. Awaited, it is its first page; iterated with `for await`, all items of all pages, each page
 * asked for when it is reached.
 */
export class Page<Item, Body> implements Promise<Body>, AsyncIterable<Item> {
  readonly #fetch: (query: Readonly<Record<string, unknown>>) => Promise<Body>
  readonly #pagination: Pagination
  readonly #query: Readonly<Record<string, unknown>>
  #first: Promise<Body> | undefined

  constructor(
    fetch: (query: Readonly<Record<string, unknown>>) => Promise<Body>,
    pagination: Pagination,
    query: Readonly<Record<string, unknown>>,
  ) {
    this.#fetch = fetch
    this.#pagination = pagination
    this.#query = query
  }

  /** The pages as they come. */
  async *pages(): AsyncGenerator<Body, void, undefined> {
    let query: Readonly<Record<string, unknown>> | undefined = this.#query
    let page = this.#once()
    while (query !== undefined) {
      const body: Body = await page
      yield body
      query = following(this.#pagination, query, body)
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

/** The query of the next page; undefined after the last one. */
function following(
  pagination: Pagination,
  query: Readonly<Record<string, unknown>>,
  body: unknown,
): Readonly<Record<string, unknown>> | undefined {
  const list = items(body, pagination.items)
  if (pagination.kind === 'cursor') {
    const next = cursor(member(body, pagination.next), pagination.cursor)
    if (next === undefined) return undefined
    if (next === query[pagination.cursor])
      throw new UnexpectedResponseError('The list leads back to the same page', 200)
    return { ...query, [pagination.cursor]: next }
  }
  if (list.length === 0) return undefined
  const total = pagination.total === undefined ? undefined : member(body, pagination.total)
  if (pagination.kind === 'offset') {
    const offset = whole(query[pagination.offset], 0) + list.length
    if (typeof total === 'number' ? offset >= total : list.length < whole(query[pagination.limit], 0)) return undefined
    return { ...query, [pagination.offset]: offset }
  }
  const page = whole(query[pagination.page], 1)
  const size = pagination.size === undefined ? 0 : whole(query[pagination.size], 0)
  if (typeof total === 'number' ? page * (size || list.length) >= total : list.length < size) return undefined
  return { ...query, [pagination.page]: page + 1 }
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
