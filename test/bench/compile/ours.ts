import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Compiler } from '../../../src/server/compiler.ts'
import { singleFile } from '../../../src/spec/folder.ts'
import type { Measurement, Place } from '../bench.ts'
import { runMeasured } from '../process.ts'
import { documentFile } from '../sdk/document.ts'

/** How many of the paths a part has: from 0.1 MB to 20 MB. */
const SHARES = [0.001, 0.02, 0.1, 0.4, 1, 2]

export async function prepareOurs({ root, peers, scratch }: Place): Promise<() => Promise<Measurement>> {
  const cwd = join(scratch, 'ours')
  await mkdir(cwd, { recursive: true })
  const program = join(root, 'test/bench/compile/program.ts')
  const file = documentFile(peers)
  const parts = await writeParts(file, cwd)
  const folder = singleFile(file)
  const compiler = await Compiler.open(join(cwd, 'data'), false)
  const hash = await compiler.hash(folder)
  await compiler.compile(folder, hash)
  compiler.close()
  return async () => {
    const { ms, mb } = await runMeasured([program, file], cwd)
    const began = performance.now()
    await compiler.compile(folder, await compiler.hash(folder))
    const cached = performance.now() - began
    const points: [number, number][] = []
    for (const part of parts) {
      await runMeasured([program, part.file], cwd)
      points.push([part.bytes, Number(await readFile(join(cwd, 'out/ms'), 'utf8'))])
    }
    return { cold: ms, bundle: ms, memory: mb, cached, exponent: exponent(points) }
  }
}

interface Document {
  readonly paths: Readonly<Record<string, unknown>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Parts of a document: some of its paths, with what they refer to; the largest has all of them, and most twice. */
async function writeParts(file: string, folder: string): Promise<{ file: string; bytes: number }[]> {
  const whole = JSON.parse(await readFile(file, 'utf8')) as Document
  const paths = ['', '/again'].flatMap((prefix) =>
    Object.entries(whole.paths).map(([path, item]) => [prefix + path, item] as const),
  )
  return Promise.all(
    SHARES.map(async (share) => {
      const some = Object.fromEntries(paths.slice(0, (paths.length / 2) * share))
      const part = { ...whole, 'x-webhooks': {}, paths: some, components: componentsOf(some, whole.components) }
      const text = JSON.stringify(share < 1 ? part : { ...whole, paths: some }, null, 2)
      const path = join(folder, `${share}.json`)
      await writeFile(path, text)
      return { file: path, bytes: text.length }
    }),
  )
}

/** What is referred to, and what that refers to. */
function componentsOf(used: unknown, all: Document['components']): Document['components'] {
  const found: Record<string, Record<string, unknown>> = {}
  const queue = [JSON.stringify(used)]
  for (let text = queue.pop(); text !== undefined; text = queue.pop())
    for (const [, section = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/([^"/]+)/g)) {
      found[section] ??= {}
      if (found[section][name] !== undefined) continue
      found[section][name] = all[section]?.[name]
      queue.push(JSON.stringify(found[section][name]))
    }
  return found
}

/** The slope of the line through the logarithms, by least squares. */
function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (at: 0 | 1) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length
  const [middleX, middleY] = [mean(0), mean(1)]
  const across = logs.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0)
  return across / logs.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0)
}
