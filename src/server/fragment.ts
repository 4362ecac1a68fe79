import { hash } from 'node:crypto'
import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { crcShift } from './crc.ts'

/** A piece of a page that is compressed already, so that it can stand between others in what is sent. */
export interface Fragment {
  /** A sequence of DEFLATE's blocks that ends at a byte, none of them the last (RFC 1951, section 3.2.3). */
  readonly deflated: Buffer
  /** Bytes of the text. */
  readonly size: number
  /** CRC-32 of the text. */
  readonly crc: number
  /** Of a CRC-32 by the text. */
  readonly shift: number
  /** SHA-256 of the text, shortened. */
  readonly digest: string
}

/** Done once, so it may take its time. */
export function fragment(text: string): Fragment {
  const bytes = Buffer.from(text)
  return {
    deflated: deflateRawSync(bytes, { level: 9, finishFlush: constants.Z_SYNC_FLUSH }),
    size: bytes.length,
    crc: crc32(bytes),
    shift: crcShift(bytes.length),
    digest: shortDigest(bytes),
  }
}

export function inflated({ deflated }: Fragment): Buffer {
  return inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH })
}

export function shortDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url').slice(0, 22)
}
