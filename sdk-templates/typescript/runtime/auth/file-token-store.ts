import { ConfigurationError } from '../errors.ts'
import { isRecord } from '../styles.ts'
import type { StoredTokens, TokenStore } from './token-store.ts'

/** What is used of `node:fs/promises`. Its types would be a dependency of every program, in browsers too. */
interface FileSystem {
  readFile(path: string, encoding: 'utf8'): Promise<string>
  mkdir(path: string, options: { readonly recursive: true; readonly mode: number }): Promise<unknown>
  open(path: string, flags: 'wx', mode: number): Promise<FileHandle>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { readonly force: true }): Promise<void>
}
interface FileHandle {
  writeFile(text: string): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

type Stored = Readonly<Record<string, StoredTokens>>

/**
 * Tokens in a file, for command lines: whoever signed in stays so in the next run. Only the user may read it (mode 0600),
 * and it is replaced as a whole, so that a run that is killed leaves the old or the new tokens. Programs that run at the same
 * time don't wait for each other: of two that refresh the same tokens at once, one may have to sign in again.
 *
 * Node only.
 */
export class FileTokenStore implements TokenStore {
  readonly #path: string
  /** What this store does, it does one after another. */
  #last: Promise<unknown> = Promise.resolve()

  /** @param path a file of its own: `~/.config/my-tool/tokens.json`. Folders that are missing are made (mode 0700). */
  constructor(path: string) {
    this.#path = path
  }

  get(key: string): Promise<StoredTokens | undefined> {
    return this.#inTurn(async () => {
      const stored = await this.#read(await fileSystem())
      return Object.hasOwn(stored, key) ? stored[key] : undefined
    })
  }

  set(key: string, tokens: StoredTokens | undefined, expected: number | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const files = await fileSystem()
      const { [key]: before, ...others } = await this.#read(files)
      if (before?.generation !== expected) return false
      await this.#replace(files, tokens === undefined ? others : { ...others, [key]: tokens })
      return true
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #read(files: FileSystem): Promise<Stored> {
    let text: string
    try {
      text = await files.readFile(this.#path, 'utf8')
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === 'ENOENT') return {}
      throw this.#unusable(error)
    }
    try {
      const stored: unknown = JSON.parse(text)
      if (isRecord(stored)) return stored as Stored
    } catch {
      // Said below, without what is in it.
    }
    throw new ConfigurationError(`${this.#path} holds something else than tokens: name another file, or remove it`)
  }

  async #replace(files: FileSystem, stored: Stored): Promise<void> {
    const next = `${this.#path}.${crypto.randomUUID()}`
    try {
      await files.mkdir(this.#path.replace(/[^/\\]*$/, '') || '.', { recursive: true, mode: 0o700 })
      const file = await files.open(next, 'wx', 0o600)
      try {
        await file.writeFile(JSON.stringify(stored))
        await file.sync()
      } finally {
        await file.close()
      }
      await files.rename(next, this.#path)
    } catch (error) {
      await files.rm(next, { force: true })
      throw this.#unusable(error)
    }
  }

  #unusable(error: unknown): ConfigurationError {
    const { code } = error as { readonly code?: unknown }
    return new ConfigurationError(`Tokens can't be kept in ${this.#path} (${String(code ?? 'no file')})`)
  }
}

function fileSystem(): Promise<FileSystem> {
  // Not a literal, so that neither compilers nor bundlers look for it.
  const name = 'node:fs/promises'
  return import(name)
}
