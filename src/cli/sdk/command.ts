import { type Command, Option } from 'commander'
import type { ApiModel } from '../../model/api.ts'
import { sdkSources } from '../../sdk/package/sources.ts'
import { generatorVersion } from '../../sdk/package/templates.ts'
import { CommandError } from '../command-error.ts'
import { loadDocument } from '../document.ts'
import { message, print } from '../print.ts'
import { readConfig } from './config.ts'
import { SdkFolder } from './folder.ts'

interface Options {
  readonly out: string
  readonly config?: string
  readonly scopes?: string
  readonly name?: string
  readonly prune?: true
  readonly pack?: true
  readonly force?: true
}

export function addSdk(program: Command): void {
  program
    .command('sdk')
    .description('generate an SDK from a document')
    .argument('<document>')
    .addOption(new Option('--language <name>').choices(['typescript']).default('typescript'))
    .requiredOption('--out <dir>', 'where the sources go')
    .option('--config <file>', 'a YAML file with names, package and options')
    .option('--scopes <scopes>', 'narrow it to what these scopes, separated by spaces, may call')
    .option('--name <package>', "the package's name (default: @sallyport/<api>)")
    .option('--prune', "leave out the operations that the scopes can't reach")
    .option('--pack', 'also write the npm tarball')
    .option('--force', 'overwrite files that were edited')
    .action(async (document: string, { out, name, pack, force, ...given }: Options) => {
      const config = await readConfig(given.config)
      message(`Reading ${document}`)
      const { model, seed } = await loadDocument(document)
      const scopes = known(model, given.scopes?.split(/\s+/).filter((scope) => scope !== '') ?? config.scopes)
      const unnamed = Object.keys(config.names ?? {}).filter(
        (id) => !model.operations.some((operation) => [operation.id, operation.operationId].includes(id)),
      )
      if (unnamed.length > 0) throw new CommandError(`names: the document has no operation ${unnamed.join(', ')}.`)
      const { dates, enums, names, baseUrl, issuer, resource } = config
      const folder = new SdkFolder(out)
      const options = {
        model,
        packageName: name ?? config.package ?? `@sallyport/${model.name}`,
        scopes,
        prune: given.prune ?? config.prune,
        names,
        types: { dates, enums },
        connection: { baseUrl, issuer, resource },
      }
      message(`Generating ${model.operations.length} operations`)
      const files = sdkSources(options)
      const origin = { generator: generatorVersion(), document: model.hash, force: force === true }
      const { written, removed } = await folder.update(files, origin)
      message(`${out}: ${files.size} files, ${written} of them new or changed, ${removed} removed`)
      if (!pack) return
      message('Packing')
      // TypeScript's compiler takes a while to load, and only packing needs it.
      const { buildSdk } = await import('../../sdk/package/build.ts')
      const { version, tarball } = await buildSdk({ ...options, seed, custom: await folder.custom() })
      print(await folder.write(`${model.name}-${version}.tgz`, tarball))
    })
}

function known(model: ApiModel, scopes: readonly string[] | undefined): readonly string[] | undefined {
  const names = model.scopes.map(({ name }) => name)
  const unknown = scopes?.filter((scope) => !names.includes(scope)) ?? []
  if (unknown.length === 0) return scopes
  throw new CommandError(
    `--scopes: ${unknown.join(' ')}: the document has no such scope. It has: ${names.join(' ') || 'none'}.`,
  )
}
