import { type Archive, archive } from './archive.ts'
import { compileModule, declarationModule } from './compile.ts'
import { sandboxEntry } from './sandbox-entry.ts'
import { packageManifest, render } from './sources.ts'
import { runtimeSources } from './templates.ts'
import type { SdkOptions } from './version.ts'

export interface Sdk extends Archive {
  readonly name: string
  readonly version: string
  /** By path in the package: JavaScript, declarations, documents, `package.json`. */
  readonly files: ReadonlyMap<string, string>
}

/** What a package has and its sources don't: the API's sandbox, which isn't generated code. */
const SANDBOX = ['sandbox']

/** Makes an SDK's npm package. Reads nothing but the templates, writes nothing; same options, same bytes. */
export async function buildSdk(options: SdkOptions): Promise<Sdk> {
  const { rendered, name, version } = render(options)
  const packed = packageManifest(options, version, rendered, SANDBOX)
  const files = new Map([['package.json', packed], ...rendered.documents, ...compiledRuntime()])
  for (const [path, source] of [...rendered.sources, ...(options.custom ?? [])]) {
    const compiled = path === 'schema.ts' ? declarationModule(path, source) : compileModule(path, source)
    for (const [target, text] of compiled) files.set(target, text)
  }
  const { model, seed = {}, connection } = options
  for (const [path, text] of await sandboxEntry({ model, seed, baseUrl: connection.baseUrl })) files.set(path, text)
  return { name, version, files, ...archive(files) }
}

/** The runtime is the same for every SDK: compiled once. */
function compiledRuntime(): ReadonlyMap<string, string> {
  compiled ??= new Map([...runtimeSources()].flatMap(([path, source]) => [...compileModule(path, source)]))
  return compiled
}
let compiled: ReadonlyMap<string, string> | undefined
