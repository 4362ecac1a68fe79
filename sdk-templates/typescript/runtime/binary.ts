import { Call } from './call.ts'
import { type Needs, transport } from './grants.ts'
import type { Operation } from './operation.ts'
import { readBlob } from './response.ts'
import type { Input } from './transport.ts'

/** Bytes: awaited, a Blob; or as a stream, of which nothing is kept. Asked for when one of the two is. */
export class Download implements Promise<Blob> {
  readonly #client: Needs<never>
  readonly #operation: Operation
  readonly #input: Input
  #whole: Call<Blob> | undefined

  constructor(client: Needs<never>, operation: Operation, input: Input) {
    this.#client = client
    this.#operation = operation
    this.#input = input
  }

  /** The timeout counts until it begins; the signal ends it. */
  async stream(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const { data } = await this.#client[transport].send(this.#operation, this.#input, async ({ body }) => body, true)
    return data ?? new Blob().stream()
  }

  withResponse(): ReturnType<Call<Blob>['withResponse']> {
    return this.#once().withResponse()
  }

  // biome-ignore lint/suspicious/noThenProperty: it is awaited.
  then<A = Blob, B = never>(
    done?: ((data: Blob) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#once().then(done, failed)
  }

  catch<A = never>(failed?: ((reason: unknown) => A | PromiseLike<A>) | null): Promise<Blob | A> {
    return this.#once().catch(failed)
  }

  finally(done?: (() => void) | null): Promise<Blob> {
    return this.#once().finally(done)
  }

  get [Symbol.toStringTag](): string {
    return 'Download'
  }

  #once(): Call<Blob> {
    this.#whole ??= new Call(
      this.#client[transport].send(this.#operation, this.#input, async (response) => {
        return (await readBlob(this.#operation, response)) ?? new Blob()
      }),
    )
    return this.#whole
  }
}

export function download(client: Needs<never>, operation: Operation, input: Input): Download {
  return new Download(client, operation, input)
}
