import { dirname, join } from 'node:path'
import ts from 'typescript'

/** What came of one document. */
export interface Checked {
  readonly made: boolean
  /** The document is none: nobody can make anything of it. */
  readonly refused?: boolean
  /** Whether it compiles under `strict` at least. */
  readonly strict?: boolean
  /** Under all flags. */
  readonly errors: readonly string[]
}

export const STRICT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: [],
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
}

export const STRICTEST: ts.CompilerOptions = {
  ...STRICT,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  isolatedDeclarations: true,
  declaration: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
}

/** Parsed once: most of the time would go into the standard library. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** What the compiler says of sources by path: of each kind of error the first, at most ten. */
export function errorsOf(sources: ReadonlyMap<string, string>, options: ts.CompilerOptions): string[] {
  const root = join(import.meta.dirname, 'sources')
  const files = new Map([...sources].map(([path, text]) => [join(root, path), text]))
  const folders = new Set([...files.keys()].flatMap((file) => above(file, root)))
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.fileExists = (file) => files.has(file) || ts.sys.fileExists(file)
  host.readFile = (file) => files.get(file) ?? ts.sys.readFile(file)
  host.directoryExists = (folder) => folders.has(folder) || ts.sys.directoryExists(folder)
  host.getSourceFile = (file, language, ...rest) => {
    const text = files.get(file)
    if (text !== undefined) return ts.createSourceFile(file, text, language)
    if (!parsed.has(file)) parsed.set(file, read(file, language, ...rest))
    return parsed.get(file)
  }
  const roots = [...files.keys()].filter((file) => file.endsWith('.ts'))
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(roots, options, host))
  const first = new Map(diagnostics.map((each) => [each.code, each] as const).reverse())
  return [...first.values()].slice(0, 10).map(({ code, file, start, messageText }) => {
    const line = file === undefined ? 0 : ts.getLineAndCharacterOfPosition(file, start ?? 0).line + 1
    const text = ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 300)
    return `TS${code} ${file?.fileName.slice(root.length + 1)}:${line} ${text}`
  })
}

function above(file: string, root: string): string[] {
  const folder = dirname(file)
  return folder.length < root.length ? [] : [folder, ...above(folder, root)]
}
