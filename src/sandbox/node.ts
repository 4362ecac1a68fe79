import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, type Call, readBody } from './call.ts'
import type { Sandbox } from './engine.ts'
import { problem } from './problem.ts'

/** The sandbox as a handler of `node:http`. */
export function nodeHandler(sandbox: Sandbox): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const call = callOf(request)
    const answer =
      call === undefined ? Promise.resolve(problem(400, 'The request target is malformed.')) : sandbox.handle(call)
    answer.then(
      (result) => send(request, response, result),
      // The engine answers its own faults; what is left is a connection that broke.
      () => response.destroy(),
    )
  }
}

function callOf(request: IncomingMessage): Call | undefined {
  const target = request.url ?? '/'
  // With an origin in front, `//host` stays a path, and `..` is resolved as it is for everyone else.
  if (!target.startsWith('/') || !URL.canParse(`http://localhost${target}`)) return undefined
  const url = new URL(`http://localhost${target}`)
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.search.slice(1),
    header: (name) => {
      const value = request.headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    },
    // Left open when the limit is reached: the answer goes over the same connection.
    body: (limit) => readBody(request.iterator({ destroyOnReturn: false }), limit),
  }
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body, drop }: Answer): void {
  if (drop) {
    request.socket.destroy()
    return
  }
  const bytes = body === undefined ? undefined : typeof body === 'string' ? Buffer.from(body) : body
  if (!request.complete) drain(request)
  if (bytes !== undefined) response.setHeader('content-length', bytes.byteLength)
  response.writeHead(status, headers)
  response.end(bytes)
}

/** Bytes, and milliseconds. */
const DRAIN = { length: 8_388_608, time: 5_000 }

/** Lets the rest of an unwanted body pass, so that its sender gets to read the answer; not for ever, though. */
function drain(request: IncomingMessage): void {
  let length = 0
  const timer = setTimeout(() => request.destroy(), DRAIN.time)
  request.on('data', (chunk: Uint8Array) => {
    length += chunk.byteLength
    if (length > DRAIN.length) request.destroy()
  })
  request.once('close', () => clearTimeout(timer))
}
