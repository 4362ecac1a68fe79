import { type FileHandle, open, rename } from 'node:fs/promises'
import type { OperationParts } from '../components/markup/operation-parts.ts'
import { type Fragment, fragment } from './fragment.ts'

type Part = keyof OperationParts
const PARTS: readonly Part[] = ['navigation', 'contract', 'outcome', 'samples']

export type StoredParts = Readonly<Record<Part, Fragment>>

/** Where an operation's parts are, one after another, and what is known of each but its bytes. */
type Entry = readonly [id: string, at: number, parts: readonly (Omit<Fragment, 'deflated'> & { length: number })[]]

/** Bytes at the end of a file, which say how long the index before them is. */
const FOOTER = 4

/** Writes a file of parts: the fragments, then an index of them. It is there when it is whole. */
export async function writeParts(file: string, operations: Iterable<readonly [id: string, OperationParts]>) {
  const part = `${file}.${process.pid}.part`
  const handle = await open(part, 'w', 0o600)
  try {
    const index: Entry[] = []
    let at = 0
    for (const [id, parts] of operations) {
      const fragments = PARTS.map((name) => fragment(parts[name]))
      const bytes = Buffer.concat(fragments.map(({ deflated }) => deflated))
      await handle.writeFile(bytes)
      index.push([id, at, fragments.map(({ deflated, ...known }) => ({ ...known, length: deflated.length }))])
      at += bytes.length
    }
    const written = Buffer.from(JSON.stringify(index))
    const footer = Buffer.alloc(FOOTER)
    footer.writeUInt32LE(written.length)
    await handle.writeFile(Buffer.concat([written, footer]))
  } finally {
    await handle.close()
  }
  await rename(part, file)
}

/** Parts of the operations of one API. Only the index is held: the rest is read when it is asked for. */
export class PartsFile {
  readonly #handle: FileHandle
  readonly #index: ReadonlyMap<string, Entry>

  private constructor(handle: FileHandle, index: readonly Entry[]) {
    this.#handle = handle
    this.#index = new Map(index.map((entry) => [entry[0], entry]))
  }

  static async open(file: string): Promise<PartsFile> {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const length = (await read(handle, size - FOOTER, FOOTER)).readUInt32LE()
      const index = await read(handle, size - FOOTER - length, length)
      return new PartsFile(handle, JSON.parse(index.toString()))
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async read(id: string): Promise<StoredParts | undefined> {
    const entry = this.#index.get(id)
    if (entry === undefined) return undefined
    const [, at, parts] = entry
    const bytes = await read(
      this.#handle,
      at,
      parts.reduce((sum, { length }) => sum + length, 0),
    )
    let from = 0
    const fragments = parts.map(({ length, ...known }): Fragment => {
      const deflated = bytes.subarray(from, from + length)
      from += length
      return { ...known, deflated }
    })
    const [navigation, contract, outcome, samples] = fragments
    return navigation && contract && outcome && samples && { navigation, contract, outcome, samples }
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

async function read(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at)
  if (bytesRead < length) throw new Error('The file is shorter than its index says.')
  return buffer
}
