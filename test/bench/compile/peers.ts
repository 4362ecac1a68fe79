import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measurement, Place } from '../bench.ts'
import { runMeasured } from '../process.ts'
import { documentFile } from '../sdk/document.ts'

type Round = () => Promise<Measurement>

export function prepareOpenapiTypescript(place: Place): Promise<Round> {
  const bin = join(place.peers, 'node_modules/openapi-typescript/bin/cli.js')
  return prepare(place, 'openapi-typescript', [bin, documentFile(place.peers), '-o', 'out/types.ts'])
}

export function prepareBundle(place: Place): Promise<Round> {
  const library = join(place.peers, 'node_modules/@redocly/openapi-core/lib/index.js')
  const program = `
    import { mkdirSync } from 'node:fs'
    import { bundle, createConfig } from ${JSON.stringify(library)}
    const { problems } = await bundle({ ref: process.argv[1], config: await createConfig({}) })
    if (problems.length > 0) throw new Error(problems[0].message)
    mkdirSync('out')`
  return prepare(place, 'bundle', ['--input-type=module', '--eval', program, documentFile(place.peers)])
}

async function prepare({ scratch }: Place, name: string, args: readonly string[]): Promise<Round> {
  const cwd = join(scratch, name)
  await mkdir(cwd, { recursive: true })
  return async () => {
    const { ms, mb } = await runMeasured(args, cwd)
    return { cold: ms, bundle: ms, memory: mb }
  }
}
