import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Compilation, Compiled } from '../server/compile.ts'
import { type CompiledModel, Compiler } from '../server/compiler.ts'
import { readEnvironment } from '../server/environment.ts'
import { atAddress, findFolders, hashFolder, readFolder, type SpecFolder, singleFile } from '../spec/folder.ts'
import { formatProblem } from '../spec/problem.ts'
import { CommandError } from './command-error.ts'

/** A `<document>` of the command line: a file, a folder, an address, or the name of an API in `SPECS_DIR`. */
export async function findDocument(argument: string): Promise<SpecFolder> {
  if (/^https?:/.test(argument) && URL.canParse(argument)) return atAddress(argument)
  const { specsDir } = readEnvironment(process.env)
  for (const path of [resolve(argument), resolve(join(specsDir, argument))]) {
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory()) return readFolder(path)
    if (found?.isFile()) return singleFile(path)
  }
  const listed = (await findFolders(specsDir).catch(() => [])).find(({ name }) => name === argument)
  if (listed !== undefined) return listed
  throw new CommandError(`${argument}: no such file, folder, or API in ${specsDir}.`)
}

/** @param examine examples and seed, too */
export async function compileFolder(folder: SpecFolder, examine = false): Promise<Compilation> {
  // Only here, since it brings everything along that reads documents.
  const { compile } = await import('../server/compile.ts')
  const loopback = !readEnvironment(process.env).production
  return compile(folder, await hashFolder(folder, folder.name), { loopback, examine })
}

/** @throws {CommandError} with every problem located, when the document can't be read */
export async function loadDocument(argument: string): Promise<Compiled> {
  const folder = await findDocument(argument)
  const compilation = await compileFolder(folder)
  if (compilation.ok) return compilation.compiled
  throw new CommandError(compilation.problems.map(formatProblem).join('\n'))
}

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/sallyport', import.meta.url))

/** Just the model, compiled before where it can be: what reads documents takes longer to load than all the rest. */
export async function loadModel(argument: string): Promise<CompiledModel> {
  const folder = await findDocument(argument)
  const compiler = await Compiler.open(CACHE, !readEnvironment(process.env).production).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EACCES' || error.code === 'EROFS') return undefined
      throw error
    },
  )
  if (compiler === undefined) return loadDocument(argument)
  try {
    const outcome = await compiler.compile(folder, await compiler.hash(folder))
    if (outcome.ok) return outcome.compiled
    throw new CommandError(outcome.problems.map(formatProblem).join('\n'))
  } finally {
    compiler.close()
  }
}
