import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'

const ROOT = resolve(import.meta.dirname, '../..')

/** The flags that a generated SDK must pass under, sources and declarations alike. */
const STRICTEST: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  isolatedDeclarations: true,
  declaration: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  noEmit: true,
}

/** What a strict consumer compiles under; its own modules export nothing, so it needs no declarations. */
export const CONSUMER: ts.CompilerOptions = {
  ...STRICTEST,
  isolatedDeclarations: false,
  declaration: false,
  noUnusedLocals: false,
}

/** For programs that are about types: `same<Same<A, B>>()` compiles where A and B are one type. */
export const SAME = `type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <T extends true>(): T | void => undefined`

/** Parsed once for all checks: most of the time would go into the standard library. */
const libraries = new Map<string, ts.SourceFile | undefined>()

/** A project of its own in a temporary folder, with the SDK's one dependency at hand. */
export class Workspace {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<Workspace> {
    const folder = await mkdtemp(join(tmpdir(), 'sdk-consumer-'))
    await mkdir(join(folder, 'node_modules'))
    for (const dependency of ['oauth4webapi', 'msw'])
      await symlink(join(ROOT, 'node_modules', dependency), join(folder, 'node_modules', dependency))
    const workspace = new Workspace(folder)
    await workspace.write('package.json', '{ "type": "module" }')
    return workspace
  }

  async write(path: string, text: string): Promise<string> {
    const file = join(this.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    return file
  }

  async writeAll(prefix: string, files: ReadonlyMap<string, string>): Promise<string[]> {
    return Promise.all([...files].map(([path, text]) => this.write(join(prefix, path), text)))
  }

  /** Errors as `TS2684: text`, without file names. */
  check(files: readonly string[], options: ts.CompilerOptions = STRICTEST): string[] {
    const sources = files.filter((file) => file.endsWith('.ts'))
    const host = ts.createCompilerHost(options)
    const read = host.getSourceFile.bind(host)
    host.getSourceFile = (file, ...rest) => {
      if (!file.includes('/typescript/lib/')) return read(file, ...rest)
      if (!libraries.has(file)) libraries.set(file, read(file, ...rest))
      return libraries.get(file)
    }
    const program = ts.createProgram(sources, options, host)
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  }

  /** Runs a JavaScript program of the project with Node. */
  async run(path: string, environment: Record<string, string> = {}): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [join(this.folder, path)], {
      env: { ...process.env, ...environment },
    })
    return stdout
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8')
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}
