import { readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative } from 'node:path'
import type { Load } from './bundle.ts'
import { parseSource } from './source.ts'

/** Far more than the largest public documents have, in bytes. */
const MAX_BYTES = 100_000_000

/** Reads files below `root` and no others: a document may refer to its own folder, not to the network or `/etc/passwd`. */
export function filesBelow(root: string): Load {
  return async (file) => {
    if (isAddress(file))
      return refused(file, `${file} is an address. A document in a folder may refer to files of its folder only.`)
    try {
      // A link may lead out as well as `..` does.
      if (outside(root, file) || outside(await realpath(root), await realpath(file)))
        return refused(file, `${file} is outside of the document’s own folder.`)
      const { size } = await stat(file)
      if (size > MAX_BYTES) return refused(file, `${file} is larger than ${MAX_BYTES / 1e6} MB.`)
      return parseSource(await readFile(file), file)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === undefined) throw error
      return refused(file, `${file} can’t be read (${code}).`)
    }
  }
}

/** Reads an address, or throws an `Error` with a message for whoever wrote it down. */
export type Fetch = (url: string) => Promise<{ readonly url: string; readonly bytes: Uint8Array }>

/** Reads what is at the origin of `root` and nothing else: a remote document may refer to its own server only. */
export function filesOf(root: string, fetch: Fetch): Load {
  const { origin } = new URL(root)
  return async (file) => {
    if (file !== root && new URL(file, root).origin !== origin)
      return refused(file, `${file} is elsewhere. A document at ${origin} may refer to files of ${origin} only.`)
    try {
      const { url, bytes } = await fetch(file)
      if (file !== root && new URL(url).origin !== origin)
        return refused(file, `${file} redirects to ${url}, which is elsewhere.`)
      return parseSource(bytes, file)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return refused(file, error.message)
    }
  }
}

export function isAddress(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(file)
}

function outside(root: string, file: string): boolean {
  const path = relative(root, file)
  return path === '..' || path.startsWith('../') || path.startsWith('..\\') || isAbsolute(path)
}

function refused(file: string, message: string): Awaited<ReturnType<Load>> {
  return { ok: false, problems: [{ severity: 'error', code: 'unreadable', message, file, line: 1, column: 1 }] }
}
