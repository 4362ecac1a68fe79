import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { gzip } from 'node:zlib'
import { type Answer, type Call, readBody } from './call.ts'
import type { Sandbox } from './engine.ts'
import { problem } from './problem.ts'

/**
 * The sandbox as a handler of `node:http`.
 *
 * @param address whose request it is; the connection's other end unless given
 */
export function nodeHandler(
  sandbox: Sandbox,
  address = ({ socket }: IncomingMessage): string | undefined => socket.remoteAddress,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const call = callOf(request, address)
    const answer =
      call === undefined ? Promise.resolve(problem(400, 'The request target is malformed.')) : sandbox.handle(call)
    answer.then(
      (result) => send(request, response, result),
      // The engine answers its own faults; what is left is a connection that broke.
      () => response.destroy(),
    )
  }
}

function callOf(request: IncomingMessage, address: (request: IncomingMessage) => string | undefined): Call | undefined {
  const target = request.url ?? '/'
  const parts = PLAIN.exec(target) ?? parse(target)
  if (parts === undefined) return undefined
  const [, path = '/', query = ''] = parts
  return {
    method: request.method ?? 'GET',
    path,
    query,
    header: (name) => {
      const value = request.headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    },
    address: () => address(request),
    // Left open when the limit is reached: the answer goes over the same connection.
    body: (limit) => readBody(request.iterator({ destroyOnReturn: false }), limit),
  }
}

/** A target that parsing would leave as it is, as nearly all are. */
const PLAIN = /^(\/[\w~/-]*)(?:\?([\w~.=&-]*))?$/

function parse(target: string): [string, string, string] | undefined {
  // With an origin in front, `//host` stays a path, and `..` is resolved as it is for everyone else.
  if (!target.startsWith('/') || !URL.canParse(`http://localhost${target}`)) return undefined
  const url = new URL(`http://localhost${target}`)
  return [target, url.pathname, url.search.slice(1)]
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, headers, body, stream, drop } = answer
  if (drop) {
    request.socket.destroy()
    return
  }
  if (!request.complete) drain(request)
  if (stream !== undefined) {
    response.writeHead(status, headers)
    // Either end may break off: then the other ends, too.
    pipeline(Readable.fromWeb(stream as WebStream), response, () => undefined)
    return
  }
  const length = body === undefined ? 0 : Buffer.byteLength(body)
  if (body === undefined || !isWorthCompressing(request, headers, length)) {
    response.writeHead(status, body === undefined ? headers : { ...headers, 'content-length': length })
    response.end(body)
    return
  }
  gzip(body, (error, zipped) => {
    if (error !== null) {
      response.destroy()
      return
    }
    const coding = { 'content-encoding': 'gzip', vary: 'Accept-Encoding', 'content-length': zipped.byteLength }
    response.writeHead(status, { ...headers, ...coding })
    response.end(zipped)
  })
}

/** Bytes, from which on compressing saves a packet. */
const WORTHWHILE = 1_400

function isWorthCompressing(request: IncomingMessage, headers: Answer['headers'], length: number): boolean {
  if (length < WORTHWHILE || !/^(text\/|[^;]*(json|xml))/.test(headers['content-type'] ?? '')) return false
  const accepted = String(request.headers['accept-encoding'] ?? '')
  return /(^|[,\s])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accepted)
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
