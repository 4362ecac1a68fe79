import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { CommandError } from './command-error.ts'
import { loadDocument } from './document.ts'
import { message, print } from './print.ts'

interface Options {
  readonly out: string
  readonly scopes?: string
  readonly name?: string
  readonly prune?: true
  readonly pack?: true
}

export function addSdk(program: Command): void {
  program
    .command('sdk')
    .description('generate an SDK from a document')
    .argument('<document>')
    .addOption(new Option('--language <name>').choices(['typescript']).default('typescript'))
    .requiredOption('--out <dir>', 'where the sources go')
    .option('--scopes <scopes>', 'narrow it to what these scopes, separated by spaces, may call')
    .option('--name <package>', "the package's name (default: @sallyport/<api>)")
    .option('--prune', "leave out the operations that the scopes can't reach")
    .option('--pack', 'also write the npm tarball')
    .action(async (document: string, { out, scopes, name, prune, pack }: Options) => {
      const { model } = await loadDocument(document)
      const wanted = scopes?.split(/\s+/).filter((scope) => scope !== '')
      const unknown = wanted?.filter((scope) => !model.scopes.some((known) => known.name === scope)) ?? []
      if (unknown.length > 0) {
        const known = model.scopes.map((scope) => scope.name).join(' ') || 'none'
        throw new CommandError(`--scopes: ${unknown.join(' ')}: the document has no such scope. It has: ${known}.`)
      }
      const baseUrl = model.servers[0]?.url
      const options = {
        model,
        packageName: name ?? `@sallyport/${model.name}`,
        scopes: wanted,
        prune,
        connection: { baseUrl, tokenEndpoint: tokenEndpoint(model.schemes) },
      }
      await refuseForeign(out)
      // The compiler takes a while to load, and only this command needs it.
      const { buildSdk, sdkSources } = await import('../sdk/package/build.ts')
      const files = await sdkSources(options)
      for (const [path, content] of files) {
        const target = join(out, path)
        await mkdir(dirname(target), { recursive: true })
        await writeFile(target, content)
      }
      message(`Wrote ${files.size} files to ${out}.`)
      if (!pack) return
      const { version, tarball } = await buildSdk(options)
      const file = join(out, `${model.name}-${version}.tgz`)
      await writeFile(file, tarball)
      print(file)
    })
}

/** Only an empty folder, or one that an SDK was written to before, is written to. */
async function refuseForeign(out: string): Promise<void> {
  const existing = await readdir(out).catch((): string[] => [])
  if (existing.length > 0 && !existing.includes('api.md'))
    throw new CommandError(`--out ${out}: the folder holds something else. Take an empty one.`)
}

function tokenEndpoint(
  schemes: Readonly<Record<string, { readonly flows: Readonly<Record<string, { tokenUrl?: string }>> }>>,
): string | undefined {
  const urls = Object.values(schemes).flatMap(({ flows }) => Object.values(flows).map(({ tokenUrl }) => tokenUrl))
  return urls.find((url) => url !== undefined && URL.canParse(url))
}
