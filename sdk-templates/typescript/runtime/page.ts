import { type Answer, type Call, call } from './call.ts'
import type { Needs } from './grants.ts'
import type { Operation } from './operation.ts'
import { items, type Pagination } from './pagination.ts'
import type { Input } from './transport.ts'

type Query = Readonly<Record<string, unknown>>

/**
 * A list that comes in pages. Awaited, it is its first page; iterated with `for await`, all items of all pages, each page
 * asked for when it is reached.
 */
export class Page<Item, Body> implements Promise<Body>, AsyncIterable<Item> {
  readonly #fetch: (query: Query) => Call<Body>
  readonly #pagination: Pagination
  readonly #query: Query
  #first: Call<Body> | undefined

  constructor(fetch: (query: Query) => Call<Body>, pagination: Pagination, query: Query) {
    this.#fetch = fetch
    this.#pagination = pagination
    this.#query = query
  }

  /** The pages as they come. */
  async *pages(): AsyncGenerator<Body, void, undefined> {
    const pagination = this.#pagination
    const start = this.#query
    let query = start
    let size = 0
    let seen = 0
    for (let page = this.#once(); ; page = this.#fetch(query)) {
      const { data: body, response } = await page.withResponse()
      yield body
      const count = items(body, pagination.items).length
      if (seen === 0) size = count
      seen += count
      const { headers } = response
      const next = pagination.next({ pagination, start, query, body, headers, size, count, seen })
      if (next === undefined) return
      query = next
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* items(page, this.#pagination.items) as readonly Item[]
  }

  /** The first page with the response that it came in. */
  withResponse(): Promise<Answer<number, Body>> {
    return this.#once().withResponse()
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

  #once(): Call<Body> {
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
