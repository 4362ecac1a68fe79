import { readFile } from 'node:fs/promises'
import type { ApiModel } from '../model/api.ts'
import { maySee } from '../model/visibility.ts'
import { findFolders, type SpecFolder } from '../spec/folder.ts'
import type { SeedFile } from '../spec/portal-file.ts'
import type { Problem } from '../spec/problem.ts'
import type { Compiler } from './compiler.ts'
import type { BrokenDocument, Catalog, Guide, Person } from './portal.ts'
import type { DocumentWarnings } from './portal-people.ts'

interface Entry {
  readonly model: ApiModel
  readonly seed: SeedFile
  readonly documentFile: string
  readonly guides: readonly Guide[]
  readonly problems: readonly Problem[]
}

/** Every API that the server holds, as compiled at start. */
export class SpecCatalog implements Catalog {
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #broken: readonly BrokenDocument[]

  private constructor(entries: ReadonlyMap<string, Entry>, broken: readonly BrokenDocument[]) {
    this.#entries = entries
    this.#broken = broken
  }

  /** @param progress told after each document: how many of how many */
  static async load(
    specsDir: string,
    compiler: Compiler,
    progress: (done: number, of: number, name: string) => void,
  ): Promise<SpecCatalog> {
    const entries = new Map<string, Entry>()
    const broken: BrokenDocument[] = []
    const folders = await findFolders(specsDir)
    for (const [index, folder] of folders.entries()) {
      const file = folder.document ?? folder.root
      if (entries.has(folder.name)) {
        const message = `Another document already has the name ${folder.name}.`
        const hint = 'Rename one of the two.'
        broken.push({
          name: folder.name,
          file,
          problems: [{ severity: 'error', code: 'name-taken', message, hint, file, line: 1, column: 1 }],
        })
        continue
      }
      const outcome = await compiler.compile(folder)
      if (outcome.ok) {
        const { model, seed, problems } = outcome.compiled
        entries.set(folder.name, {
          model,
          seed,
          problems,
          documentFile: outcome.documentFile,
          guides: await guides(folder),
        })
      } else broken.push({ name: folder.name, file, problems: outcome.problems })
      progress(index + 1, folders.length, folder.name)
    }
    return new SpecCatalog(entries, broken)
  }

  /** Every model, whoever may see it: for the authorization server and the sandbox, not for pages. */
  models(): ApiModel[] {
    return [...this.#entries.values()].map(({ model }) => model)
  }

  /** Likewise, of one API. */
  compiled(name: string): { readonly model: ApiModel; readonly seed: SeedFile } | undefined {
    return this.#entries.get(name)
  }

  list(reader: Person | undefined): ApiModel[] {
    const visible = this.models().filter((model) => maySee(model, reader))
    return visible.sort((a, b) => a.title.localeCompare(b.title, 'en'))
  }

  get(name: string, reader: Person | undefined): ApiModel | undefined {
    return this.#visible(name, reader)?.model
  }

  seed(name: string, reader: Person | undefined): SeedFile {
    return this.#visible(name, reader)?.seed ?? {}
  }

  guides(name: string, reader: Person | undefined): readonly Guide[] {
    return this.#visible(name, reader)?.guides ?? []
  }

  /** Read when asked for: only downloads and SDKs need the whole document. */
  async document(name: string, reader: Person | undefined): Promise<Readonly<Record<string, unknown>> | undefined> {
    const entry = this.#visible(name, reader)
    return entry === undefined ? undefined : JSON.parse(await readFile(entry.documentFile, 'utf8'))
  }

  warnings(): DocumentWarnings[] {
    return [...this.#entries.values()].flatMap(({ model, problems }) =>
      problems.length === 0 ? [] : [{ name: model.name, title: model.title, problems }],
    )
  }

  broken(): readonly BrokenDocument[] {
    return this.#broken
  }

  #visible(name: string, reader: Person | undefined): Entry | undefined {
    const entry = this.#entries.get(name)
    return entry !== undefined && maySee(entry.model, reader) ? entry : undefined
  }
}

async function guides(folder: SpecFolder): Promise<Guide[]> {
  const files = [...folder.guides, ...(folder.changelog === undefined ? [] : [folder.changelog])]
  return Promise.all(
    files.map(async (file) => {
      const markdown = await readFile(file, 'utf8')
      const name = file
        .replace(/^.*[\\/]/, '')
        .replace(/\.md$/i, '')
        .toLowerCase()
      const title = /^#\s+(.+)$/m.exec(markdown)?.[1]?.trim() ?? name
      return { name, title, markdown: markdown.replace(/^#\s+.+\n/, '') }
    }),
  )
}
