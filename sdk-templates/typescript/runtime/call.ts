import { type Needs, transport } from './grants.ts'
import type { Operation } from './operation.ts'
import { readJson } from './response.ts'
import type { Input } from './transport.ts'

/** A success, whole. The status tells what the body is, where there are several. */
export interface Answer<Status extends number, Data> {
  readonly status: Status
  readonly data: Data
  /** Its headers; its body is read already. */
  readonly response: Response
}

/** A call under way: awaited, it is the body. */
export class Call<Data, Answers extends Answer<number, unknown> = Answer<number, Data>> implements Promise<Data> {
  readonly #answer: Promise<Answers>

  constructor(answer: Promise<Answer<number, unknown>>) {
    // The generator vouches for the types.
    this.#answer = answer as Promise<Answers>
  }

  /** The body with the response that it came in: its status, which tells bodies apart, and its headers. */
  withResponse(): Promise<Answers> {
    return this.#answer
  }

  // biome-ignore lint/suspicious/noThenProperty: a call is awaited.
  then<A = Data, B = never>(
    done?: ((data: Data) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#answer.then(({ data }) => data as Data).then(done, failed)
  }

  catch<A = never>(failed?: ((reason: unknown) => A | PromiseLike<A>) | null): Promise<Data | A> {
    return this.then(undefined, failed)
  }

  finally(done?: (() => void) | null): Promise<Data> {
    return this.then().finally(done)
  }

  get [Symbol.toStringTag](): string {
    return 'Call'
  }
}

/** One call, its body decoded. */
export function call<Data, Answers extends Answer<number, unknown> = Answer<number, Data>>(
  client: Needs<never>,
  operation: Operation,
  input: Input,
): Call<Data, Answers> {
  const read = (input.accept === undefined ? undefined : operation.reads?.[input.accept]) ?? operation.read ?? readJson
  const { dates } = operation
  return new Call(
    client[transport].send(operation, input, async (response) => {
      const data = await read(operation, response)
      return dates?.shape ? dates.revive(data, dates.shape) : data
    }),
  )
}
