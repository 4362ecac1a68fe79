import { hash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiModel } from '../model/api.ts'
import { asSeenBy } from '../model/as-seen.ts'
import { JobProcess, type Limits } from './job-process.ts'
import { PartsFile, type StoredParts } from './parts-file.ts'

const LIMITS: Limits = { memoryMb: 2048, timeMs: 10 * 60_000 }
/** Milliseconds after which a document that nobody changes any more is taken up. */
const SILENCE = 5_000
/** A document with more would fill hundreds of megabytes on disk. */
const MOST_OPERATIONS = 5_000
/** Files that are held open. */
const MOST_OPEN = 64

/** What the child is asked; it answers whether there was such a model. */
export interface PartsJob {
  readonly modelFile: string
  readonly hash: string
  /** All of it, or as whoever isn't signed in sees it. */
  readonly view: 'whole' | 'public'
  readonly file: string
  readonly portal: PartsOptions['portal']
}

/** A model, and the file that it was read from. */
export interface StoredModel {
  readonly model: ApiModel
  readonly modelFile: string
}

export interface PartsOptions {
  readonly dataDir: string
  /** Digest of what pages are built from: others may write the same parts otherwise. */
  readonly version: string
  /** What samples say of the portal. */
  readonly portal: { readonly publicUrl: string; readonly npmScope: string }
  /** Told after each file. */
  readonly made: (parts: { readonly api: string; readonly ms: number; readonly ok: boolean }) => void
  /** Told where a file can't be read. */
  readonly failed: (error: unknown, api: string) => void
  readonly silence?: number
  readonly limits?: Limits
}

/** A view of an API, and where its parts are, or will be. */
interface Wanted {
  readonly seen: ApiModel
  readonly job: PartsJob
  readonly name: string
}

/**
 * What is the same for all readers of an operation's page, where everything is seen: for those who may see all of the
 * document, and for those who aren't signed in. A child process renders and compresses it into `DATA_DIR/cache`. Until it is
 * there, where it couldn't be made, and for everyone else, pages are rendered whole.
 */
export class Parts {
  readonly #options: PartsOptions
  readonly #directory: string
  readonly #version: string
  readonly #process: JobProcess<PartsJob, boolean>
  /** Where they are there. */
  readonly #files = new WeakMap<ApiModel, string>()
  readonly #open = new Map<string, Promise<PartsFile>>()
  #timer: NodeJS.Timeout | undefined
  #taken: readonly Wanted[] = []
  #making: Wanted | undefined

  constructor(options: PartsOptions) {
    this.#options = options
    this.#directory = join(options.dataDir, 'cache')
    const { version, portal } = options
    this.#version = hash('sha256', JSON.stringify([version, portal.publicUrl, portal.npmScope])).slice(0, 16)
    this.#process = new JobProcess('./parts-child.ts', options.limits ?? LIMITS)
  }

  /** Has parts of these models, soon, and of no others. */
  async take(models: readonly StoredModel[]): Promise<void> {
    clearTimeout(this.#timer)
    const wanted = models
      .filter(({ model }) => model.operations.length <= MOST_OPERATIONS)
      .flatMap((one) => this.#views(one))
    this.#taken = wanted
    const there = new Set(await readdir(this.#directory))
    for (const { seen, name, job } of wanted) if (there.has(name)) this.#files.set(seen, job.file)
    await this.#sweep(there, new Set(wanted.map(({ name }) => name)))
    this.#timer = setTimeout(() => void this.#make(wanted), this.#options.silence ?? SILENCE)
    this.#timer.unref()
  }

  /** Undefined: the operation's page has to be rendered whole. */
  async find(model: ApiModel, operation: string): Promise<StoredParts | undefined> {
    const file = this.#files.get(model)
    if (file === undefined) return undefined
    try {
      return await (await this.#opened(file)).read(operation)
    } catch (error) {
      this.#files.delete(model)
      this.#options.failed(error, model.name)
      return undefined
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#taken = []
    this.#process.close()
    await Promise.all([...this.#open.keys()].map((file) => this.#shut(file)))
  }

  #views({ model, modelFile }: StoredModel): Wanted[] {
    const { portal } = this.#options
    const open = asSeenBy(model, undefined)
    const views = [
      ['whole', model],
      ['public', open === model ? undefined : open],
    ] as const
    return views.flatMap(([view, seen]) => {
      if (seen === undefined) return []
      const name = `${model.hash}.${this.#version}.${view}.parts`
      return [{ seen, name, job: { modelFile, hash: model.hash, view, file: join(this.#directory, name), portal } }]
    })
  }

  async #make(wanted: readonly Wanted[]): Promise<void> {
    for (const one of wanted) {
      if (this.#taken !== wanted) return
      if (this.#files.has(one.seen)) continue
      const began = performance.now()
      this.#making = one
      const result = await this.#process.run(one.job)
      this.#making = undefined
      if (!this.#taken.some(({ name }) => name === one.name)) continue
      const ok = result.ok && result.answer
      if (ok) this.#files.set(one.seen, one.job.file)
      this.#options.made({ api: one.seen.name, ms: Math.round(performance.now() - began), ok })
    }
    this.#process.close()
  }

  /** Removes what is of other models, or other pages, and what jobs that were ended have left. */
  async #sweep(there: ReadonlySet<string>, wanted: ReadonlySet<string>): Promise<void> {
    for (const name of there) {
      const [, whole = name, unfinished] = /^(.+\.parts)(\.\d+\.part)?$/.exec(name) ?? []
      if (!whole.endsWith('.parts') || (unfinished === undefined ? wanted.has(whole) : this.#making?.name === whole))
        continue
      await this.#shut(join(this.#directory, name))
      await rm(join(this.#directory, name), { force: true })
    }
  }

  #opened(file: string): Promise<PartsFile> {
    const opened = this.#open.get(file) ?? PartsFile.open(file)
    // Last, as the one that was used last.
    this.#open.delete(file)
    this.#open.set(file, opened)
    for (const [oldest] of this.#open) {
      if (this.#open.size <= MOST_OPEN) break
      void this.#shut(oldest)
    }
    return opened
  }

  async #shut(file: string): Promise<void> {
    const opened = this.#open.get(file)
    this.#open.delete(file)
    await opened?.then(
      (parts) => parts.close(),
      (error) => this.#options.failed(error, file),
    )
  }
}
