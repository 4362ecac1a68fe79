/**
 * Tarballs that are no published version, by their content's version: the last that were asked for, as far as there is room.
 * In memory, so that scopes that strangers make up can't fill the disk.
 */
export class RecentTarballs {
  readonly #room: number
  /** The least recently used first. */
  readonly #tarballs = new Map<string, Uint8Array>()
  #bytes = 0

  /** @param room bytes */
  constructor(room: number) {
    this.#room = room
  }

  get(key: string): Uint8Array | undefined {
    const tarball = this.#tarballs.get(key)
    if (tarball === undefined) return undefined
    this.#tarballs.delete(key)
    this.#tarballs.set(key, tarball)
    return tarball
  }

  keep(key: string, tarball: Uint8Array): void {
    if (this.#tarballs.has(key) || tarball.byteLength > this.#room) return
    this.#tarballs.set(key, tarball)
    this.#bytes += tarball.byteLength
    for (const [oldest, { byteLength }] of this.#tarballs) {
      if (this.#bytes <= this.#room) return
      this.#tarballs.delete(oldest)
      this.#bytes -= byteLength
    }
  }
}
