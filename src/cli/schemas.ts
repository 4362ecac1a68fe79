import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { FILE_NAMES, fileSchema } from '../spec/file-schemas.ts'
import { print } from './print.ts'

export function addSchemas(program: Command): void {
  program
    .command('schemas')
    .description('the JSON Schemas of access.yaml and the other files, with which editors complete and check them')
    .requiredOption('--out <dir>', 'a folder to write them to')
    .action(async ({ out }: { out: string }) => {
      await mkdir(out, { recursive: true })
      for (const name of FILE_NAMES) {
        const file = join(out, `${name}.json`)
        await writeFile(file, `${JSON.stringify(fileSchema(name), null, 2)}\n`)
        print(file)
      }
    })
}
