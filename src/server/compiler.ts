import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isAddress } from '../spec/files.ts'
import { hashFolder, type SpecFolder } from '../spec/folder.ts'
import type { Problem } from '../spec/problem.ts'
import type { Compiled } from './compile.ts'
import { JobProcess, type Limits } from './job-process.ts'

const LIMITS: Limits = { memoryMb: 2048, timeMs: 60_000 }
/** Milliseconds for which a result is kept that nobody uses. */
const KEPT = 24 * 60 * 60_000

export type CompiledModel = Omit<Compiled, 'document'>

export type Outcome =
  | { readonly ok: true; readonly compiled: CompiledModel; readonly modelFile: string; readonly documentFile: string }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** What the child is asked, and what it answers; the models themselves go through files. */
export type Job = {
  readonly folder: SpecFolder
  readonly hash: string
  readonly loopback: boolean
} & ({ readonly modelFile: string; readonly documentFile: string } | { readonly findingsFile: string })
export type Answer = { readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Compiles documents in a child process with a memory and a time limit, so that no document can take the server down, and
 * keeps the results under `DATA_DIR/cache` by the hash of their sources and of the compiler itself.
 */
export class Compiler {
  readonly #directory: string
  readonly #salt: string
  readonly #loopback: boolean
  readonly #limits: Limits
  readonly #process: JobProcess<Job, Answer>
  /** Apart, so that nothing that is to be served waits for it. */
  readonly #examiner: JobProcess<Job, Answer>

  private constructor(directory: string, salt: string, loopback: boolean, limits: Limits) {
    this.#directory = directory
    this.#salt = salt
    this.#loopback = loopback
    this.#limits = limits
    this.#process = new JobProcess<Job, Answer>('./compile-child.ts', limits)
    this.#examiner = new JobProcess<Job, Answer>('./compile-child.ts', limits)
  }

  /** @param loopback whether documents may be at addresses of this machine */
  static async open(dataDir: string, loopback: boolean, limits: Limits = LIMITS): Promise<Compiler> {
    const directory = join(dataDir, 'cache')
    await mkdir(directory, { recursive: true, mode: 0o700 })
    return new Compiler(directory, await compilerVersion(), loopback, limits)
  }

  /** What the model of the folder as it is now would carry as its hash. */
  hash(folder: SpecFolder): Promise<string> {
    return hashFolder(folder, `${folder.name}\0${this.#salt}`)
  }

  /** @param hash of the folder, as {@link hash} gives it */
  async compile(folder: SpecFolder, hash: string): Promise<Outcome> {
    const files = {
      modelFile: join(this.#directory, `${hash}.model.json`),
      documentFile: join(this.#directory, `${hash}.document.json`),
    }
    const known = existsSync(files.modelFile)
    // What is at an address may have changed; the one that is known is for when it can't be reached.
    const remote = folder.document !== undefined && isAddress(folder.document)
    const answer = known && !remote ? undefined : await this.#ask({ folder, hash, loopback: this.#loopback, ...files })
    if (answer?.ok === false && !known) return answer
    const compiled = JSON.parse(await readFile(files.modelFile, 'latin1')) as CompiledModel
    const problems = answer?.ok === false ? [...compiled.problems, ...answer.problems.map(stale)] : compiled.problems
    return { ok: true, compiled: { ...compiled, problems }, ...files }
  }

  /**
   * Everything that is found in the folder, examples and seed included; undefined where that couldn't be found out.
   *
   * @param hash of the model
   */
  async examine(folder: SpecFolder, hash: string): Promise<readonly Problem[] | undefined> {
    const findingsFile = join(this.#directory, `${hash}.findings.json`)
    if (!existsSync(findingsFile)) {
      const result = await this.#examiner.run({ folder, hash, loopback: this.#loopback, findingsFile })
      if (!result.ok || !result.answer.ok) return undefined
    }
    return JSON.parse(await readFile(findingsFile, 'latin1')) as readonly Problem[]
  }

  /**
   * Removes what is of no document any more: results that no process with this `DATA_DIR` has called its own for a day. What is
   * being compiled is younger, and what a document was a moment ago, or is for another server, is there when it is wanted.
   *
   * @param own files of the documents that are served
   */
  async sweep(own: readonly string[]): Promise<void> {
    const now = new Date()
    for (const file of own) await utimes(file, now, now)
    for (const name of await readdir(this.#directory)) {
      if (!/\.json(\.\d+\.part)?$/.test(name)) continue
      const file = join(this.#directory, name)
      const used = statSync(file, { throwIfNoEntry: false })?.mtime ?? now
      if (now.getTime() - used.getTime() > KEPT) await rm(file, { force: true })
    }
  }

  async #ask(job: Job): Promise<Answer> {
    const result = await this.#process.run(job)
    if (result.ok) return result.answer
    const { document, root } = job.folder
    const message =
      result.reason === 'timeout'
        ? `It took longer than ${this.#limits.timeMs / 1000} s to compile.`
        : `The compiler gave up on it: it needs more than ${this.#limits.memoryMb} MB, or nests too deep.`
    const place = { file: document ?? root, line: 1, column: 1 }
    return { ok: false, problems: [{ severity: 'error', code: result.reason, message, ...place }] }
  }

  /** Ends the child process; the next document gets a new one. */
  rest(): void {
    this.#process.close()
  }

  /** Ends all of it; what is being examined is given up. */
  close(): void {
    this.#process.close()
    this.#examiner.close()
  }
}

/** Why a document is still the one that was read before. */
function stale(problem: Problem): Problem {
  return { ...problem, severity: 'warning', hint: 'The version that was read before is shown.' }
}

/** A digest of the compiler's own sources: a changed compiler reads no old result. */
async function compilerVersion(): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['spec', 'model', 'access', 'sandbox']) {
    const directory = fileURLToPath(new URL(`../${folder}/`, import.meta.url))
    for (const file of (await readdir(directory)).sort())
      hash.update(file).update(await readFile(join(directory, file)))
  }
  for (const file of ['compile.ts', 'compile-child.ts'])
    hash.update(await readFile(fileURLToPath(new URL(`./${file}`, import.meta.url))))
  return hash.digest('hex')
}
