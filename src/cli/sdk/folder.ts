import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { changes, MANIFEST, type Manifest, manifest, sha256 } from '../../sdk/package/ownership.ts'
import { CommandError } from '../command-error.ts'

const manifestSchema = z.object({
  generator: z.string(),
  document: z.string(),
  files: z.record(
    z.string().refine((path) => !path.split('/').includes('..') && !path.startsWith('/')),
    z.string(),
  ),
})

/**
 * The folder that an SDK's sources are written to, and that its owner may add to. Files are written one by one: an SDK can
 * have more of them than a process may have open, and nothing else is to be done meanwhile.
 */
export class SdkFolder {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /**
   * Writes what is new, and removes what is gone.
   *
   * @throws {CommandError} before anything is written, with the files that somebody changed
   */
  async update(
    files: ReadonlyMap<string, string>,
    { generator, document, force }: { generator: string; document: string; force: boolean },
  ): Promise<{ written: number; removed: number }> {
    const { files: owned } = await this.#manifest()
    const present = this.#hashes(new Set([...files.keys(), ...Object.keys(owned)]))
    const { write, remove, edited, foreign } = changes(files, owned, present)
    if (!force && foreign.length > 0) throw refusal(this.#path, foreign, 'is not the generator’s')
    if (!force && edited.length > 0) throw refusal(this.#path, edited, 'was edited since it was generated')
    for (const path of remove) await this.#remove(path)
    for (const folder of new Set([...write.keys()].map(dirname)))
      mkdirSync(join(this.#path, folder), { recursive: true })
    for (const [path, text] of write) writeFileSync(join(this.#path, path), text)
    const record = manifest(generator, document, files)
    await writeFile(join(this.#path, MANIFEST), `${JSON.stringify(record, null, 1)}\n`)
    return { written: write.size, removed: remove.length }
  }

  /** TypeScript of the owner's own, by path: `custom/report.ts`. */
  async custom(): Promise<ReadonlyMap<string, string>> {
    const names = await readdir(join(this.#path, 'custom'), { recursive: true }).catch((): string[] => [])
    const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')).sort()
    const paths = sources.map((name) => `custom/${name.replaceAll('\\', '/')}`)
    return new Map(
      await Promise.all(paths.map(async (path) => [path, await readFile(join(this.#path, path), 'utf8')] as const)),
    )
  }

  async write(name: string, content: Uint8Array): Promise<string> {
    const file = join(this.#path, name)
    await writeFile(file, content)
    return file
  }

  async #manifest(): Promise<Manifest> {
    const text = await readFile(join(this.#path, MANIFEST), 'utf8').catch(() => undefined)
    if (text === undefined) return { generator: '', document: '', files: {} }
    try {
      return manifestSchema.parse(JSON.parse(text))
    } catch {
      throw new CommandError(
        `${join(this.#path, MANIFEST)} is no manifest of an SDK. Restore it, or take an empty folder.`,
      )
    }
  }

  #hashes(paths: ReadonlySet<string>): Map<string, string> {
    const hashes = [...paths].flatMap((path) => {
      const file = join(this.#path, path)
      return existsSync(file) ? [[path, sha256(readFileSync(file))] as const] : []
    })
    return new Map(hashes)
  }

  async #remove(path: string): Promise<void> {
    await rm(join(this.#path, path))
    // Folders go with their last file; one that holds something else stays.
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      if (
        !(await rmdir(join(this.#path, folder)).then(
          () => true,
          () => false,
        ))
      )
        return
  }
}

function refusal(folder: string, paths: readonly string[], why: string): CommandError {
  const listed = paths.map((path) => `  ${join(folder, path)} ${why}`).join('\n')
  return new CommandError(
    `Nothing was written:\n${listed}\nMove your own code to ${join(folder, 'custom')}, or overwrite with --force.`,
  )
}
