import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { ApiModel } from '../model/api.ts'
import { asSeenBy, seedAsSeen } from '../model/as-seen.ts'
import { documentAsSeen } from '../model/document-as-seen.ts'
import type { Reader } from '../model/visibility.ts'
import { APIS_FILE, readApisFile } from '../spec/apis-file.ts'
import { isAddress } from '../spec/files.ts'
import { findFolders, type SpecFolder } from '../spec/folder.ts'
import type { Problem } from '../spec/problem.ts'
import type { SeedFile } from '../spec/seed-file.ts'
import { type Adoption, adoptionOf } from './adoption.ts'
import type { Compiler } from './compiler.ts'
import type { StoredModel } from './parts.ts'
import type { BrokenDocument, Catalog, Guide } from './portal.ts'
import type { DocumentWarnings } from './portal-people.ts'

interface Entry {
  readonly folder: SpecFolder
  readonly model: ApiModel
  readonly seed: SeedFile
  readonly modelFile: string
  readonly documentFile: string
  readonly guides: readonly Guide[]
  readonly problems: readonly Problem[]
}

interface Broken extends BrokenDocument {
  readonly hash: string
}

/** What a refresh found. */
export interface Changes {
  /** Names of APIs that are new, or other than before. */
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  readonly broken: readonly BrokenDocument[]
}

/** Every API of `SPECS_DIR`, as it was when it was last read. */
export class SpecCatalog implements Catalog {
  readonly #specsDir: string
  readonly #publicUrl: string
  readonly #compiler: Compiler
  #entries: ReadonlyMap<string, Entry> = new Map()
  #broken: readonly Broken[] = []
  /** Everything that was found, examples and seed included; by the model's hash. */
  readonly #examined = new Map<string, readonly Problem[]>()
  #examining: Promise<void> | undefined
  #edition = 0

  private constructor(specsDir: string, publicUrl: string, compiler: Compiler) {
    this.#specsDir = specsDir
    this.#publicUrl = publicUrl
    this.#compiler = compiler
  }

  /** @param progress told after each document: how many of how many */
  static async load(
    specsDir: string,
    publicUrl: string,
    compiler: Compiler,
    progress: (done: number, of: number, name: string) => void,
  ): Promise<SpecCatalog> {
    const catalog = new SpecCatalog(specsDir, publicUrl, compiler)
    await catalog.refresh(progress)
    return catalog
  }

  /**
   * Compiles what has changed. Until all of it is ready the old models serve; a document that can't be read any more keeps
   * the one it had.
   */
  async refresh(progress: (done: number, of: number, name: string) => void = () => {}): Promise<Changes> {
    const entries = new Map<string, Entry>()
    const broken = new Map<string, Broken>()
    const taken: Broken[] = []
    const folders = await findFolders(this.#specsDir)
    for (const [index, folder] of folders.entries()) {
      const { name } = folder
      if (entries.has(name) || broken.has(name)) taken.push(nameTaken(folder))
      else {
        const before = this.#entries.get(name)
        const found = await this.#read(folder).catch((error: NodeJS.ErrnoException) => unreadable(folder, error))
        if ('model' in found) entries.set(name, found)
        else {
          broken.set(name, { ...found, served: before !== undefined })
          if (before !== undefined) entries.set(name, before)
        }
      }
      progress(index + 1, folders.length, name)
    }
    const listed = await readApisFile(this.#specsDir)
    if (!listed.ok) taken.push(brokenList(join(this.#specsDir, APIS_FILE), listed.problems))
    const [old, oldBroken] = [this.#entries, this.#broken]
    this.#entries = entries
    this.#broken = [...broken.values(), ...taken]
    this.#edition++
    return {
      changed: [...entries].filter(([name, { model }]) => old.get(name)?.model !== model).map(([name]) => name),
      removed: [...old.keys()].filter((name) => !entries.has(name)),
      broken: this.#broken.filter(({ name, hash }) => !oldBroken.some((one) => one.name === name && one.hash === hash)),
    }
  }

  async #read(folder: SpecFolder): Promise<Entry | Broken> {
    const { name } = folder
    const hash = await this.#compiler.hash(folder)
    const known = this.#entries.get(name)
    if (known?.model.hash === hash) return known
    const failed = this.#broken.find((one) => one.name === name && one.hash === hash)
    // What is at an address is looked at each time.
    if (failed !== undefined && !isAddress(failed.file)) return failed
    const outcome = await this.#compiler.compile(folder, hash)
    if (!outcome.ok) return { name, hash, file: fileOf(folder), problems: outcome.problems, served: false }
    const { seed, problems } = outcome.compiled
    const model = outcome.compiled.model.hash === known?.model.hash ? known.model : outcome.compiled.model
    const { modelFile, documentFile } = outcome
    return { folder, model, seed, problems, modelFile, documentFile, guides: await guides(folder, this.#publicUrl) }
  }

  /** Another number after each refresh. */
  get edition(): number {
    return this.#edition
  }

  /** Every model, whoever may see it: for the authorization server and the sandbox, not for pages. */
  models(): ApiModel[] {
    return [...this.#entries.values()].map(({ model }) => model)
  }

  /** Likewise, with the files that they were read from. */
  stored(): StoredModel[] {
    return [...this.#entries.values()]
  }

  /** Likewise, of one API. */
  compiled(name: string): { readonly model: ApiModel; readonly seed: SeedFile } | undefined {
    return this.#entries.get(name)
  }

  /** What is served, as it was compiled to disk. */
  files(): string[] {
    return [...this.#entries.values()].flatMap(({ modelFile, documentFile }) => [modelFile, documentFile])
  }

  list(reader: Reader | undefined): ApiModel[] {
    const visible = this.models().flatMap((model) => asSeenBy(model, reader) ?? [])
    return visible.sort((a, b) => a.title.localeCompare(b.title, 'en', { numeric: true }))
  }

  get(name: string, reader: Reader | undefined): ApiModel | undefined {
    return this.#visible(name, reader)?.model
  }

  /** Of the collections that this reader knows of. */
  seed(name: string, reader: Reader | undefined): SeedFile {
    const visible = this.#visible(name, reader)
    return visible === undefined ? {} : seedAsSeen(visible.seed, visible.model)
  }

  guides(name: string, reader: Reader | undefined): readonly Guide[] {
    return this.#visible(name, reader)?.guides ?? []
  }

  /** Read when asked for: only downloads and SDKs need the whole document. */
  async document(name: string, reader: Reader | undefined): Promise<Readonly<Record<string, unknown>> | undefined> {
    const whole = this.#entries.get(name)
    const seen = this.#visible(name, reader)
    if (whole === undefined || seen === undefined) return undefined
    return documentAsSeen(JSON.parse(await readFile(whole.documentFile, 'utf8')), whole.model, seen.model)
  }

  /** What `sallyport adopt` would propose for an API. For administrators: it shows all of it. */
  async adoption(name: string): Promise<Adoption | undefined> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return undefined
    const document = JSON.parse(await readFile(entry.documentFile, 'utf8'))
    return adoptionOf(entry.folder, { model: entry.model, document })
  }

  warnings(): DocumentWarnings[] {
    return [...this.#entries.values()].flatMap(({ model, problems: found }) => {
      const examined = this.#examined.get(model.hash) ?? []
      const problems = [...found, ...examined.filter((one) => !found.some((other) => isDeepStrictEqual(one, other)))]
      return problems.length === 0 ? [] : [{ name: model.name, title: model.title, problems }]
    })
  }

  /**
   * Looks at the examples and the seed of every API, unless that was done: {@link warnings} then has what is wrong with
   * them. Goes on by itself when it takes longer than `patience`, in milliseconds.
   *
   * @returns how many APIs are left
   */
  async examine(patience: number): Promise<number> {
    this.#examining ??= this.#examineAll().finally(() => {
      this.#examining = undefined
    })
    await Promise.race([this.#examining, setTimeout(patience, undefined, { ref: false })])
    return this.#unexamined().length
  }

  async #examineAll(): Promise<void> {
    for (const { folder, model } of this.#unexamined())
      this.#examined.set(model.hash, (await this.#compiler.examine(folder, model.hash)) ?? [])
    const current = new Set(this.models().map(({ hash }) => hash))
    for (const hash of this.#examined.keys()) if (!current.has(hash)) this.#examined.delete(hash)
  }

  #unexamined(): Entry[] {
    return [...this.#entries.values()].filter(({ model }) => !this.#examined.has(model.hash))
  }

  broken(): readonly BrokenDocument[] {
    return this.#broken
  }

  #visible(name: string, reader: Reader | undefined): Entry | undefined {
    const entry = this.#entries.get(name)
    const model = entry === undefined ? undefined : asSeenBy(entry.model, reader)
    return entry === undefined || model === undefined ? undefined : { ...entry, model }
  }
}

function brokenList(file: string, problems: readonly Problem[]): Broken {
  const hash = JSON.stringify(problems)
  return { name: APIS_FILE, hash, file, problems, served: false }
}

function nameTaken(folder: SpecFolder): Broken {
  const { name } = folder
  const file = fileOf(folder)
  const message = `Another document already has the name ${name}.`
  const hint = 'Rename one of the two.'
  const problem = { severity: 'error', code: 'name-taken', message, hint, file, line: 1, column: 1 } as const
  return { name, hash: file, file, problems: [problem], served: false }
}

/** What the file system says no to. */
function unreadable(folder: SpecFolder, error: NodeJS.ErrnoException): Broken {
  const { code, message: hash } = error
  if (code === undefined) throw error
  const file = fileOf(folder)
  const message = `It can’t be read (${code}).`
  const problem = { severity: 'error', code: 'unreadable', message, file, line: 1, column: 1 } as const
  return { name: folder.name, hash, file, problems: [problem], served: false }
}

function fileOf({ document, root }: SpecFolder): string {
  return document ?? root
}

/** What a guide calls the portal, whose address its author can't know. */
const PORTAL = '{{PUBLIC_URL}}'

async function guides(folder: SpecFolder, publicUrl: string): Promise<Guide[]> {
  const files = [...folder.guides, ...(folder.changelog === undefined ? [] : [folder.changelog])]
  return Promise.all(
    files.map(async (file) => {
      const markdown = (await readFile(file, 'utf8')).replaceAll(PORTAL, publicUrl)
      const name = file
        .replace(/^.*[\\/]/, '')
        .replace(/\.md$/i, '')
        .toLowerCase()
      const title = /^#\s+(.+)$/m.exec(markdown)?.[1]?.trim() ?? name
      return { name, title, markdown: markdown.replace(/^#\s+.+\n/, '') }
    }),
  )
}
