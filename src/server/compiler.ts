import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashFolder, type SpecFolder } from '../spec/folder.ts'
import type { Problem } from '../spec/problem.ts'
import type { Compiled } from './compile.ts'

/** A document may take this much of the machine, and no more. */
const MEMORY_MB = 2048
const TIME_MS = 60_000

export type CompiledModel = Omit<Compiled, 'document'>

export type Outcome =
  | { readonly ok: true; readonly compiled: CompiledModel; readonly documentFile: string }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** What the child is asked, and what it answers; the models themselves go through files. */
export interface Job {
  readonly folder: SpecFolder
  readonly hash: string
  readonly modelFile: string
  readonly documentFile: string
}
export type Answer = { readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Compiles documents in a child process with a memory and a time limit, so that no document can take the server down, and
 * keeps the results under `DATA_DIR/cache` by the hash of their sources and of the compiler itself.
 */
export class Compiler {
  readonly #directory: string
  readonly #salt: string
  #child: ChildProcess | undefined

  private constructor(directory: string, salt: string) {
    this.#directory = directory
    this.#salt = salt
  }

  static async open(dataDir: string): Promise<Compiler> {
    const directory = join(dataDir, 'cache')
    await mkdir(directory, { recursive: true, mode: 0o700 })
    return new Compiler(directory, await compilerVersion())
  }

  async compile(folder: SpecFolder): Promise<Outcome> {
    const hash = await hashFolder(folder, `${folder.name}\0${this.#salt}`)
    const files = {
      modelFile: join(this.#directory, `${hash}.model.json`),
      documentFile: join(this.#directory, `${hash}.document.json`),
    }
    if (!existsSync(files.modelFile)) {
      const answer = await this.#ask({ folder, hash, ...files })
      if (!answer.ok) return answer
    }
    const compiled = JSON.parse(await readFile(files.modelFile, 'utf8')) as CompiledModel
    return { ok: true, compiled, documentFile: files.documentFile }
  }

  /** Jobs come one at a time: the caller waits for each. */
  #ask(job: Job): Promise<Answer> {
    const child = this.#start()
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        clearTimeout(timer)
        child.removeAllListeners('message').removeAllListeners('exit')
        resolve(answer)
      }
      const fail = (code: string, message: string): void => {
        child.kill('SIGKILL')
        this.#child = undefined
        const { document, root } = job.folder
        settle({
          ok: false,
          problems: [{ severity: 'error', code, message, file: document ?? root, line: 1, column: 1 }],
        })
      }
      const timer = setTimeout(() => fail('timeout', `It took longer than ${TIME_MS / 1000} s to compile.`), TIME_MS)
      child.once('message', (answer) => settle(answer as Answer))
      child.once('exit', () =>
        fail('out-of-memory', `The compiler gave up on it: it needs more than ${MEMORY_MB} MB, or nests too deep.`),
      )
      child.send(job)
    })
  }

  #start(): ChildProcess {
    this.#child ??= fork(fileURLToPath(new URL('./compile-child.ts', import.meta.url)), {
      execArgv: [`--max-old-space-size=${MEMORY_MB}`, '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    })
    return this.#child
  }

  close(): void {
    this.#child?.removeAllListeners()
    this.#child?.kill()
    this.#child = undefined
  }
}

/** A digest of the compiler's own sources: a changed compiler reads no old result. */
async function compilerVersion(): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['spec', 'model']) {
    const directory = fileURLToPath(new URL(`../${folder}/`, import.meta.url))
    for (const file of (await readdir(directory)).sort())
      hash.update(file).update(await readFile(join(directory, file)))
  }
  return hash.update(await readFile(fileURLToPath(new URL('./compile.ts', import.meta.url)))).digest('hex')
}
