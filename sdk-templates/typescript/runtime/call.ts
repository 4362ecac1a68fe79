import { type Needs, transport } from './grants.ts'
import type { Operation } from './operation.ts'
import { decode } from './response.ts'
import type { Input } from './transport.ts'

/** One call, its body decoded. The generator vouches for `T`. */
export async function call<T>(client: Needs<never>, operation: Operation, input: Input): Promise<T> {
  return client[transport].send(operation, input, (response) => decode(operation, response) as Promise<T>)
}
