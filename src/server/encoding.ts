import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export type Encoding = 'br' | 'gzip' | 'identity'

/** Below, a packet holds it anyway. */
const WORTHWHILE = 1024
const TEXT = /^(text\/|image\/svg\+xml|application\/(.+\+)?(json|xml|yaml|javascript|problem\+json)\b)/

/** The best that the client takes (RFC 9110, section 12.5.3); for a page with fragments, the one that they are in. */
export function preferredEncoding(accepted: string | undefined, fragments = false): Encoding {
  const wanted = new Set(
    (accepted ?? '').split(',').flatMap((item) => {
      const [name = '', ...parameters] = item
        .toLowerCase()
        .split(';')
        .map((part) => part.trim())
      return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name]
    }),
  )
  const gzip = wanted.has('gzip') || wanted.has('*')
  if (fragments && gzip) return 'gzip'
  return wanted.has('br') ? 'br' : gzip ? 'gzip' : 'identity'
}

export function isWorthEncoding(type: string, size: number): boolean {
  return size >= WORTHWHILE && TEXT.test(type)
}

/** Done while someone waits: beyond gzip's level 6 and brotli's 4, it takes longer for almost nothing. */
export async function encode(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'identity') return body
  if (encoding === 'gzip') return promisify(gzip)(body, { level: 6 })
  return promisify(brotliCompress)(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  })
}
