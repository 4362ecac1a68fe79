import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib'
import { joinedCrc } from './crc.ts'
import { type Fragment, inflated } from './fragment.ts'

/** Nothing that a document says can hold it: it is another in each process, and goes out nowhere. */
const MARK = `<!--${randomBytes(24).toString('base64url')}:`
const END = '-->'

const placed = new WeakMap<ServerResponse, Fragment[]>()

/** What stands for a fragment in the page that is rendered to this response. */
export function place(fragment: Fragment, response: ServerResponse): string {
  if (fragment.size === 0) return ''
  const fragments = placed.get(response) ?? []
  placed.set(response, fragments)
  return `${MARK}${fragments.push(fragment) - 1}${END}`
}

/** A page's text, as it was rendered, and the fragments in it. */
export type Piece = Buffer | Fragment

export function piecesOf(body: Buffer, response: ServerResponse): readonly Piece[] {
  const fragments = placed.get(response)
  if (fragments === undefined) return [body]
  const pieces: Piece[] = []
  let from = 0
  for (let at = body.indexOf(MARK); at !== -1; at = body.indexOf(MARK, from)) {
    const end = body.indexOf(END, at)
    const fragment = fragments[Number(body.toString('latin1', at + MARK.length, end))]
    if (at > from) pieces.push(body.subarray(from, at))
    if (fragment !== undefined) pieces.push(fragment)
    from = end + END.length
  }
  if (from < body.length) pieces.push(body.subarray(from))
  return pieces
}

/** Bytes of the text. */
export function sizeOf(piece: Piece): number {
  return Buffer.isBuffer(piece) ? piece.length : piece.size
}

export function textOf(pieces: readonly Piece[]): Buffer {
  const texts = pieces.map((piece) => (Buffer.isBuffer(piece) ? piece : inflated(piece)))
  const [only] = texts
  return only !== undefined && texts.length === 1 ? only : Buffer.concat(texts)
}

/** RFC 1952, section 2.3: deflated, of no file, at no time. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** RFC 1951: an empty last block. */
const LAST = Buffer.from([0x03, 0x00])

/** As one gzip member in which fragments are as they were deflated before, and only what is between them is deflated now. */
export async function spliced(pieces: readonly Piece[]): Promise<Buffer> {
  const blocks = await Promise.all(pieces.map((piece) => (Buffer.isBuffer(piece) ? deflated(piece) : piece.deflated)))
  const trailer = Buffer.allocUnsafe(8)
  trailer.writeUInt32LE(pieces.reduce(crcAfter, 0), 0)
  trailer.writeUInt32LE(pieces.reduce((sum, piece) => sum + sizeOf(piece), 0) % 2 ** 32, 4)
  return Buffer.concat([HEADER, ...blocks, LAST, trailer])
}

/** A text that is larger is compressed by another thread; to tell it of a smaller one takes longer than to do it here. */
const LARGE = 64 * 1024
const UNFINISHED = { level: 6, finishFlush: constants.Z_SYNC_FLUSH }

/** Ends at a byte, and isn't the last. */
function deflated(text: Buffer): Buffer | Promise<Buffer> {
  return text.length < LARGE ? deflateRawSync(text, UNFINISHED) : promisify(deflateRaw)(text, UNFINISHED)
}

function crcAfter(before: number, piece: Piece): number {
  return Buffer.isBuffer(piece) ? crc32(piece, before) : joinedCrc(before, piece.crc, piece.shift)
}
