import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileModule } from './compile.ts'

const TEMPLATES = fileURLToPath(new URL('../../../sdk-templates/typescript/', import.meta.url))
const GENERATOR = fileURLToPath(new URL('../', import.meta.url))

/** What every SDK's `package.json` shares. */
export interface Scaffold {
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

export function scaffold(): Scaffold {
  const { engines, dependencies } = JSON.parse(readFileSync(join(TEMPLATES, 'package.json'), 'utf8')) as Scaffold
  return { engines, dependencies }
}

/** The runtime's sources by path in the package: `runtime/page.ts`. */
export function runtimeSources(): ReadonlyMap<string, string> {
  return files(join(TEMPLATES, 'runtime'), 'runtime/')
}

/** The runtime is the same for every SDK: compiled once. */
export function compiledRuntime(): ReadonlyMap<string, string> {
  compiled ??= new Map([...runtimeSources()].flatMap(([path, source]) => [...compileModule(path, source)]))
  return compiled
}
let compiled: ReadonlyMap<string, string> | undefined

/**
 * What the generator's output depends on besides its input: its own sources, the templates, and the compilers that it
 * uses. By content, so that a changed generator can't publish other bytes under a version that exists.
 */
export function generatorVersion(): string {
  version ??= readGeneratorVersion()
  return version
}
let version: string | undefined

function readGeneratorVersion(): string {
  const hash = createHash('sha256')
  const sources = [...files(GENERATOR, 'sdk/'), ...runtimeSources(), ['scaffold', JSON.stringify(scaffold())] as const]
  for (const [path, source] of sources) hash.update(`${path}\0${source.length}\0${source}`)
  for (const name of ['typescript', 'openapi-typescript']) hash.update(`${name}\0${packageVersion(name)}\0`)
  return hash.digest('hex')
}

function packageVersion(name: string): string {
  const require = createRequire(import.meta.url)
  return (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string }).version
}

function files(folder: string, prefix: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
  return new Map(names.map((name) => [prefix + name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')]))
}
