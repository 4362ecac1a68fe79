import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const TSC = join(dirname(require.resolve('typescript')), '../bin/tsc')

/** The flags that generated code has to stand. */
const STRICTEST = [
  [
    'strict',
    'exactOptionalPropertyTypes',
    'noUncheckedIndexedAccess',
    'noUnusedLocals',
    'erasableSyntaxOnly',
    'verbatimModuleSyntax',
    'noEmit',
  ],
  ['--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024,dom,dom.iterable'],
] as const

export interface Ran {
  readonly code: number | null
  readonly output: string
}

/** A developer's project in a folder of its own. */
export class Project {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'sallyport-project-')))
    await project.write('package.json', JSON.stringify({ name: 'project', private: true, type: 'module' }))
    await project.write(
      'node.d.ts',
      'declare const process: { readonly env: Readonly<Record<string, string | undefined>> }\n',
    )
    return project
  }

  write(name: string, content: string): Promise<void> {
    return writeFile(join(this.folder, name), content)
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  /** As a developer would type it. */
  shell(command: string, environment: Record<string, string> = {}): Promise<Ran> {
    return this.#run('bash', ['-c', command], environment)
  }

  compile(...files: string[]): Promise<Ran> {
    const [flags, options] = STRICTEST
    return this.#run(process.execPath, [TSC, ...flags.map((flag) => `--${flag}`), ...options, 'node.d.ts', ...files])
  }

  /** @param heard each thing that it says, as it says it */
  run(file: string, heard?: (text: string) => void): Promise<Ran> {
    return this.#run(process.execPath, ['--env-file=.env', file], {}, heard)
  }

  destroy(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }

  #run(
    command: string,
    args: readonly string[],
    environment: Record<string, string> = {},
    heard?: (text: string) => void,
  ): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
      const child = spawn(command, args, {
        cwd: this.folder,
        env: { HOME: process.env.HOME, PATH: path, ...environment },
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString()
          heard?.(chunk.toString())
        })
      child.once('error', reject).once('close', (code) => resolve({ code, output }))
    })
  }
}
