import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { SAMPLE, VALUES } from '../components/cookies.ts'
import { THEME, themeOf } from '../components/theme.ts'
import { capture } from './capture.ts'
import { compressStream } from './compress-stream.ts'
import { readCookie } from './cookies.ts'
import type { Handler } from './dispatch.ts'
import { encode, isWorthEncoding, preferredEncoding } from './encoding.ts'
import { shortDigest } from './fragment.ts'
import { isSafe } from './origin.ts'
import { type Piece, piecesOf, sizeOf, spliced, textOf } from './splice.ts'

/** Milliseconds for which a page is taken as it was rendered, even if a policy has changed since. */
const FRESH = 5_000
/** Bytes of pages that are held, as they are sent. */
const ROOM = 8 * 1024 * 1024
/** A larger body, such as a document's download, isn't worth the room. */
const LARGEST = 1024 * 1024

/** Made while they are sent (`src/pages/_stream.ts`): many megabytes, which take seconds. What has an ETag brings it. */
const STREAMED = /^(\/apis\/[^/?]+\/llms-full\.txt|\/console\/audit\.(csv|jsonl))(\?|$)/

/** As it goes out to whoever takes its encoding. */
interface Page {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly etag: string
  readonly content: Buffer
}

interface Kept {
  readonly page: Page
  readonly edition: number
  readonly until: number
}

export interface PageServerOptions {
  readonly render: Handler
  /** Changes whenever documents do. */
  readonly edition: () => number
  /** Whether the request may be someone's in particular. */
  readonly personal: (request: IncomingMessage) => boolean
}

/**
 * Pages as they go out: with an ETag of their content, compressed, and for readers who aren't signed in from memory, where
 * the page itself says that it is `public`.
 */
export function servePages({ render, edition, personal }: PageServerOptions): Handler {
  const kept = new Map<string, Kept>()
  let size = 0

  const forget = (key: string): void => {
    size -= kept.get(key)?.page.content.length ?? 0
    kept.delete(key)
  }
  const keep = (key: string, page: Page, rendered: number): void => {
    forget(key)
    kept.set(key, { page, edition: rendered, until: Date.now() + FRESH })
    size += page.content.length
    for (const [oldest] of kept) {
      if (size <= ROOM) break
      forget(oldest)
    }
  }

  return async (request, response) => {
    const encoding = preferredEncoding(request.headers['accept-encoding'])
    if (STREAMED.test(request.url ?? '')) {
      compressStream(request, response, encoding)
      return render(request, response)
    }
    const anyones = request.method === 'GET' && !personal(request) && readCookie(request, VALUES) === undefined
    const key = anyones ? keyOf(request) : undefined
    const known = key === undefined ? undefined : kept.get(key)
    if (known !== undefined && known.edition === edition() && known.until > Date.now()) {
      for (const [name, value] of Object.entries(known.page.headers))
        if (value !== undefined) response.setHeader(name, value)
      return isUnchanged(known.page, request) ? sendUnchanged(response) : send(known.page, request, response)
    }
    // Documents may change meanwhile, and then what was rendered is of those before.
    const rendered = edition()
    const body = await capture(response, async () => render(request, response))
    if (response.destroyed) return
    const { statusCode: status } = response
    const pieces = piecesOf(body, response)
    const etag = entityTag(response, pieces)
    // Weak: what is compressed is the same page, in other bytes (RFC 9110, section 8.8.3).
    if (status === 200 && isSafe(request.method)) response.setHeader('ETag', `W/${etag}`)
    response.appendHeader('Vary', 'Accept-Encoding')
    if (isUnchanged({ status, etag }, request)) return sendUnchanged(response)
    const content = await encoded(request, response, pieces)
    const page: Page = { status, headers: { ...response.getHeaders() }, etag, content }
    if (key !== undefined && isShared(page)) keep(key, { ...page, content: alone(content) }, rendered)
    send(page, request, response)
  }
}

/** Not a part of a larger buffer, which would be kept along. */
function alone(content: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(content.length)
  content.copy(copy)
  return copy
}

/** What a page may depend on, besides who asks. */
function keyOf(request: IncomingMessage): string {
  return [
    request.url,
    request.headers.accept?.includes('application/json') ?? false,
    readCookie(request, SAMPLE),
    themeOf(readCookie(request, THEME)),
    ...[false, true].map((fragments) => preferredEncoding(request.headers['accept-encoding'], fragments)),
  ].join(' ')
}

function isShared({ status, headers, content }: Page): boolean {
  return (
    status === 200 &&
    content.length <= LARGEST &&
    /\bpublic\b/.test(String(headers['cache-control'])) &&
    headers['set-cookie'] === undefined
  )
}

/** The page's own, or else of its content. */
function entityTag(response: ServerResponse, pieces: readonly Piece[]): string {
  const own = response.getHeader('etag')
  if (typeof own === 'string') return own.replace(/^W\//, '')
  const [first = '', ...more] = pieces.map((piece) => (Buffer.isBuffer(piece) ? shortDigest(piece) : piece.digest))
  return `"${more.length === 0 ? first : shortDigest(Buffer.from([first, ...more].join(' ')))}"`
}

async function encoded(request: IncomingMessage, response: ServerResponse, pieces: readonly Piece[]): Promise<Buffer> {
  const fragments = pieces.length > 1
  const encoding = preferredEncoding(request.headers['accept-encoding'], fragments)
  const size = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0)
  if (encoding === 'identity' || !isWorthEncoding(String(response.getHeader('content-type')), size))
    return textOf(pieces)
  response.setHeader('Content-Encoding', encoding)
  return fragments && encoding === 'gzip' ? spliced(pieces) : encode(textOf(pieces), encoding)
}

function isUnchanged({ status, etag }: Pick<Page, 'status' | 'etag'>, request: IncomingMessage): boolean {
  return status === 200 && isSafe(request.method) && isKnown(request.headers['if-none-match'], etag)
}

function sendUnchanged(response: ServerResponse): void {
  response.statusCode = 304
  response.removeHeader('Content-Length')
  response.removeHeader('Content-Encoding')
  response.end()
}

function send({ status, content }: Page, request: IncomingMessage, response: ServerResponse): void {
  response.statusCode = status
  const head = request.method === 'HEAD'
  // HEAD tells what GET would send, where that was made (RFC 9110, section 8.6).
  if (head ? content.length > 0 : status !== 304 && status !== 204) response.setHeader('Content-Length', content.length)
  response.end(head ? undefined : content)
}

/** RFC 9110, section 13.1.2: a weak comparison. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === etag)
}
