import { createHash } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { capture } from './capture.ts'
import { readCookie } from './cookies.ts'
import type { Handler } from './dispatch.ts'
import { chooseEncoding, type Encoding, encode } from './encoding.ts'
import { isSafe } from './origin.ts'

/** Milliseconds for which a page is taken as it was rendered, even if a policy has changed since. */
const FRESH = 5_000
/** Bytes of rendered pages that are held. */
const ROOM = 32 * 1024 * 1024
/** A larger body, such as a document's download, isn't worth the room. */
const LARGEST = 1024 * 1024

interface Page {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
  readonly etag: string
  readonly encoded: Map<Encoding, Promise<Buffer>>
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
    size -= kept.get(key)?.page.body.length ?? 0
    kept.delete(key)
  }
  const keep = (key: string, page: Page): void => {
    forget(key)
    kept.set(key, { page, edition: edition(), until: Date.now() + FRESH })
    size += page.body.length
    for (const [oldest] of kept) {
      if (size <= ROOM) break
      forget(oldest)
    }
  }

  return async (request, response) => {
    const key = request.method === 'GET' && !personal(request) ? keyOf(request) : undefined
    const known = key === undefined ? undefined : kept.get(key)
    if (known !== undefined && known.edition === edition() && known.until > Date.now())
      return send(known.page, request, response)
    const body = await capture(response, async () => render(request, response))
    if (response.destroyed) return
    const page = pageOf(response, body)
    if (key !== undefined && isShared(page)) keep(key, page)
    await send(page, request, response)
  }
}

/** What a page may depend on, besides who asks. */
function keyOf(request: IncomingMessage): string {
  return [
    request.url,
    request.headers.accept?.includes('application/json') ?? false,
    readCookie(request, 'sample'),
  ].join(' ')
}

function isShared({ status, headers, body }: Page): boolean {
  return (
    status === 200 &&
    body.length <= LARGEST &&
    /\bpublic\b/.test(String(headers['cache-control'])) &&
    headers['set-cookie'] === undefined
  )
}

function pageOf(response: ServerResponse, body: Buffer): Page {
  const own = response.getHeader('etag')
  const etag = typeof own === 'string' ? own : `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { status: response.statusCode, headers: { ...response.getHeaders() }, body, etag, encoded: new Map() }
}

async function send(page: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body, etag } = page
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value)
  response.statusCode = status
  const readable = status === 200 && isSafe(request.method)
  if (readable) {
    // Weak: what is compressed is the same page, in other bytes (RFC 9110, section 8.8.3).
    response.setHeader('ETag', `W/${etag.replace(/^W\//, '')}`)
    if (isKnown(request.headers['if-none-match'], etag)) {
      response.statusCode = 304
      response.removeHeader('Content-Length')
      response.end()
      return
    }
  }
  const encoding = chooseEncoding(request.headers['accept-encoding'], String(headers['content-type']), body.length)
  const bytes = page.encoded.get(encoding) ?? encode(body, encoding)
  page.encoded.set(encoding, bytes)
  const content = await bytes
  response.appendHeader('Vary', 'Accept-Encoding')
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
  if (request.method !== 'HEAD' && status !== 304 && status !== 204)
    response.setHeader('Content-Length', content.length)
  response.end(request.method === 'HEAD' ? undefined : content)
}

/** RFC 9110, section 13.1.2: a weak comparison. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const opaque = etag.replace(/^W\//, '')
  return header === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === opaque)
}
