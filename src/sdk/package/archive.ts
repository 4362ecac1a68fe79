import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { createTar } from 'nanotar'

export interface Archive {
  readonly tarball: Uint8Array
  /** Subresource integrity, as lockfiles have it. */
  readonly integrity: `sha512-${string}`
  /** SHA-1, hex: what older npm clients look at. */
  readonly shasum: string
}

/** As npm itself dates what it packs. */
const MTIME = Date.UTC(1985, 9, 26, 8, 15)

/** An npm tarball. The same files give the same bytes. */
export function archive(files: ReadonlyMap<string, string>): Archive {
  const entries = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, data]) => ({ name: `package/${path}`, data }))
  const attrs = { mtime: MTIME, mode: '644', uid: 0, gid: 0 }
  const tar = createTar(entries, { attrs })
  // Two empty blocks end an archive (POSIX pax); the library leaves them out where its last record is full.
  const ended = new Uint8Array(tar.length + 1024)
  ended.set(tar)
  const tarball = new Uint8Array(gzipSync(ended, { level: 9 }))
  // RFC 1952: the operating system, which the bytes must not depend on. 255 is "unknown".
  tarball[9] = 255
  return {
    tarball,
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
  }
}
