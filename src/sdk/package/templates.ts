import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TEMPLATES = fileURLToPath(new URL('../../../sdk-templates/typescript/', import.meta.url))
/** Folders that the engine in a package's `/sandbox` is made of. */
const SANDBOX = ['sandbox', 'access', 'model']
const GENERATOR = fileURLToPath(new URL('../', import.meta.url))

/** What every SDK's `package.json` shares. */
export interface Scaffold {
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>
}

export function scaffold(): Scaffold {
  const { engines, dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    readFileSync(join(TEMPLATES, 'package.json'), 'utf8'),
  ) as Scaffold
  return { engines, dependencies, peerDependencies, peerDependenciesMeta }
}

/** The runtime's sources by path in the package: `runtime/page.ts`. */
export function runtimeSources(): ReadonlyMap<string, string> {
  return files(join(TEMPLATES, 'runtime'), 'runtime/')
}

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
  const sources = [
    ...files(GENERATOR, 'sdk/'),
    ...SANDBOX.flatMap((folder) => [...files(join(GENERATOR, '..', folder), `${folder}/`)]),
    ...runtimeSources(),
    ['sandbox.d.ts', readFileSync(join(TEMPLATES, 'sandbox.d.ts'), 'utf8')] as const,
    ['scaffold', JSON.stringify(scaffold())] as const,
  ]
  for (const [path, source] of sources) hash.update(`${path}\0${source.length}\0${source}`)
  for (const name of ['typescript', 'esbuild', 'json-schema-faker', '@cfworker/json-schema'])
    hash.update(`${name}\0${packageVersion(name)}\0`)
  return hash.digest('hex')
}

function packageVersion(name: string): string {
  // Read as a file: not every package lets its manifest be imported.
  const manifest = fileURLToPath(new URL(`../../../node_modules/${name}/package.json`, import.meta.url))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

function files(folder: string, prefix: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
  return new Map(names.map((name) => [prefix + name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')]))
}
