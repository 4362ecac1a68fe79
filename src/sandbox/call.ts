import { essence } from './media-type.ts'

/** A request, as far as the engine looks at it: Node's and the web's become this without a detour over each other. */
export interface Call {
  /** Upper case. */
  readonly method: string
  /** Path as sent, percent-encoded: `/sandbox/people/employees`. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  header(name: string): string | undefined
  /** The caller's IP address; absent where there is no network in between. */
  address?(): string | undefined
  /** The whole body; undefined where it is longer than `limit` bytes. */
  body(limit: number): Promise<Uint8Array<ArrayBuffer> | undefined>
}

export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** Instead of a body: goes on until either end has enough. */
  readonly stream?: ReadableStream<Uint8Array<ArrayBuffer>>
  /** The connection breaks instead, with nothing answered. */
  readonly drop?: true
}

export function callOf(request: Request): Call {
  const url = new URL(request.url)
  return {
    method: request.method.toUpperCase(),
    path: url.pathname,
    query: url.search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    body: (limit) =>
      request.body === null ? Promise.resolve(new Uint8Array()) : readBody(chunksOf(request.body), limit),
  }
}

export function responseOf({ status, headers, body, stream, drop }: Answer): Response {
  if (drop) return Response.error()
  return new Response(stream ?? body ?? null, { status, headers })
}

/**
 * Left as it is where reading stops early: MSW hands over one branch of a tee, whose cancellation would wait for the
 * other's.
 */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    reader.releaseLock()
  }
}

/** Reads a stream no further than `limit` bytes; undefined where it goes on. */
export async function readBody(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.byteLength
    if (length > limit) return undefined
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

/** A form of at most `limit` bytes; undefined where the body is something else, or longer. */
export async function readForm(call: Call, limit: number): Promise<URLSearchParams | undefined> {
  const type = essence(call.header('content-type') ?? '')
  const bytes = type === 'application/x-www-form-urlencoded' ? await call.body(limit) : undefined
  return bytes === undefined ? undefined : new URLSearchParams(new TextDecoder().decode(bytes))
}
