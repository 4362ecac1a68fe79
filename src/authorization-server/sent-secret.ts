import type { IncomingMessage } from 'node:http'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import { isClientSecret } from './client-secret.ts'

/** Of the same length, so that the body keeps its own; the library ignores what it doesn't know. */
const MEMBER = /"client_secret"(?=\s*:)/g
const IGNORED = '"client-secret"'

/** Bytes, beyond which the library reads no further. */
const LONGEST = 64 * 1024

/**
 * Whoever updates an app sends back what it was told of it, the secret included (RFC 7592, section 2.2). The library would
 * compare that with the digest, which is all that there is of it here; so the right secret is as if it weren't sent. The body
 * is read once the library has found the registration token good.
 */
export function acceptOwnSecret(request: IncomingMessage, { clients }: Pick<Store, 'clients'>): void {
  const id = /^\/reg\/([^/?]+)/.exec(request.url ?? '')?.[1]
  if (request.method !== 'PUT' || id === undefined) return
  const iterator = request.iterator.bind(request)
  request.iterator = async function* (options): AsyncGenerator<Buffer, undefined> {
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of iterator(options)) {
      chunks.push(chunk)
      length += chunk.length
      if (length > LONGEST) yield* chunks.splice(0)
    }
    const body = Buffer.concat(chunks).toString('latin1')
    const stored = (await clients.get(id))?.payload.client_secret
    const isOwn = isClientSecret(secretIn(body), stored, epoch())
    yield Buffer.from(isOwn ? body.replace(MEMBER, IGNORED) : body, 'latin1')
    return undefined
  }
}

/** In a body that may be nonsense. */
function secretIn(body: string): unknown {
  return /"client_secret"\s*:\s*"([\w-]+)"/.exec(body)?.[1]
}
