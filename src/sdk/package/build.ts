import { planSdk } from '../plan/build.ts'
import { type RenderedSdk, renderTypeScript } from '../typescript/render.ts'
import { firstParagraph, prose } from '../typescript/text.ts'
import { type Archive, archive } from './archive.ts'
import { compileModule, declarationModule } from './compile.ts'
import { sandboxEntry } from './sandbox-entry.ts'
import { compiledRuntime, generatorVersion, runtimeSources, scaffold } from './templates.ts'
import { normalScopes, type SdkOptions, sdkVersion } from './version.ts'

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
  const { rendered, name, version } = await render(options)
  const packed = manifest(options, version, rendered, SANDBOX)
  const files = new Map([['package.json', packed], ...rendered.documents, ...compiledRuntime()])
  for (const [path, source] of [...rendered.sources, ...(options.custom ?? [])]) {
    const compiled = path === 'schema.ts' ? declarationModule(path, source) : compileModule(path, source)
    for (const [target, text] of compiled) files.set(target, text)
  }
  const { model, seed = {}, connection } = options
  for (const [path, text] of await sandboxEntry({ model, seed, baseUrl: connection.baseUrl })) files.set(path, text)
  return { name, version, files, ...archive(files) }
}

/** The same SDK before it is compiled, runtime included: TypeScript that compiles under the strictest flags. */
export async function sdkSources(options: SdkOptions): Promise<ReadonlyMap<string, string>> {
  const { rendered, version } = await render(options)
  return new Map([
    ['package.json', manifest(options, version, rendered)],
    ...rendered.documents,
    ...runtimeSources(),
    ...rendered.sources,
  ])
}

async function render(options: SdkOptions): Promise<{ rendered: RenderedSdk; name: string; version: string }> {
  const { model, packageName, prune, connection, names, types } = options
  // As the version counts them: the order that they were asked for in makes no other package.
  const scopes = normalScopes(options.scopes)
  const plan = planSdk(model, { scopes, prune, names })
  const rendered = await renderTypeScript(plan, model.schemas, {
    packageName,
    scopes,
    connection,
    types,
    generator: generatorVersion(),
  })
  const version = sdkVersion(options)
  return { rendered, name: packageName, version }
}

function manifest(
  { model, packageName, custom = new Map() }: SdkOptions,
  version: string,
  { entries }: RenderedSdk,
  added: readonly string[] = [],
): string {
  const entry = (path: string): object => ({ types: `./${path}.d.ts`, default: `./${path}.js` })
  const exports = Object.fromEntries([
    ['.', entry('index')],
    ...[...entries].map(([name, path]) => [`./${name}`, entry(path)]),
    ...[...custom.keys()].map((path) => [`./${path.slice(0, -3)}`, entry(path.slice(0, -3))]),
    ...added.map((path) => [entries.has(path) ? `./test-${path}` : `./${path}`, entry(path)]),
    ['./package.json', './package.json'],
  ])
  const description = prose(firstParagraph(model.summary ?? model.title)).slice(0, 200)
  const content = {
    name: packageName,
    version,
    description,
    type: 'module',
    sideEffects: false,
    exports,
    ...scaffold(),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}
