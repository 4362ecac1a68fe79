import { planSdk } from '../plan/build.ts'
import { type RenderedSdk, renderTypeScript } from '../typescript/render.ts'
import { firstParagraph, prose } from '../typescript/text.ts'
import { generatorVersion, runtimeSources, scaffold } from './templates.ts'
import { normalScopes, type SdkOptions, sdkVersion } from './version.ts'

/** An SDK before it is compiled, runtime included: TypeScript that compiles under the strictest flags. */
export function sdkSources(options: SdkOptions): ReadonlyMap<string, string> {
  const { rendered, version } = render(options)
  return new Map([
    ['package.json', packageManifest(options, version, rendered)],
    ...rendered.documents,
    ...runtimeSources(),
    ...rendered.sources,
  ])
}

/** What there is to write, without what comes from templates. */
export function render(options: SdkOptions): { rendered: RenderedSdk; name: string; version: string } {
  const { model, packageName, prune, connection, names, types } = options
  // As the version counts them: the order that they were asked for in makes no other package.
  const scopes = normalScopes(options.scopes)
  const plan = planSdk(model, { scopes, prune, names })
  const rendered = renderTypeScript(plan, model.schemas, {
    packageName,
    scopes,
    connection,
    types,
    generator: generatorVersion(),
  })
  const version = sdkVersion(options)
  return { rendered, name: packageName, version }
}

/** @param added entry points that aren't generated code */
export function packageManifest(
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
