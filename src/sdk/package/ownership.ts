import { createHash } from 'node:crypto'

/** Beside the sources that the generator wrote: which files are its own, and what it wrote into them. */
export const MANIFEST = '.sallyport-sdk.json'

export interface Manifest {
  /** Hash of the generator and of the document. */
  readonly generator: string
  readonly document: string
  /** SHA-256 (hex) by path. */
  readonly files: Readonly<Record<string, string>>
}

/** What it takes to bring a folder up to date. Files that nobody owns, such as those in `custom/`, are left alone. */
export interface Changes {
  readonly write: ReadonlyMap<string, string>
  readonly remove: readonly string[]
  /** Owned files that somebody changed since, and files of others in the way: nothing is written before these are settled. */
  readonly edited: readonly string[]
  readonly foreign: readonly string[]
}

/**
 * @param next what the generator gives now
 * @param owned what it gave before
 * @param present hashes of the files that the folder has, of those that either names
 */
export function changes(
  next: ReadonlyMap<string, string>,
  owned: Manifest['files'],
  present: ReadonlyMap<string, string>,
): Changes {
  const isEdited = (path: string): boolean => {
    const hash = present.get(path)
    const text = next.get(path)
    return hash !== undefined && hash !== owned[path] && (text === undefined || hash !== sha256(text))
  }
  const before = Object.keys(owned)
  return {
    write: new Map([...next].filter(([path, text]) => present.get(path) !== sha256(text))),
    remove: before.filter((path) => !next.has(path) && present.has(path)),
    edited: before.filter(isEdited).sort(),
    foreign: [...next.keys()].filter((path) => !Object.hasOwn(owned, path) && isEdited(path)).sort(),
  }
}

export function manifest(generator: string, document: string, files: ReadonlyMap<string, string>): Manifest {
  const hashes = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => [path, sha256(text)])
  return { generator, document, files: Object.fromEntries(hashes) }
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}
