import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { JobProcess } from '../../src/server/job-process.ts'
import { type SpecFolder, singleFile } from '../../src/spec/folder.ts'
import { runCommand } from '../bench/command.ts'
import { interruption } from '../bench/interruption.ts'
import type { Attempt, Cost, Result } from './attempt.ts'
import { fetchDirectory, findDocuments } from './documents.ts'
import { shuffled } from './order.ts'
import { comparePrism } from './prism.ts'
import { Progress } from './progress.ts'
import { checkSdks } from './sdk.ts'
import { isLocated, summary, writeReports } from './summary.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const USAGE =
  'npm run corpus [folder] -- [--sample N] [--seed N] [--sdk [--peers] [--results FILE] [--minutes N]] | --prism'
/** As the server sets them. */
const LIMITS = { memoryMb: 2048, timeMs: 60_000 }

/** @returns the exit code: 0 fine, 1 something crashed or was refused without saying where, 2 wrong usage */
async function main(argv: string[]): Promise<number> {
  const options = {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    results: { type: 'string' },
    minutes: { type: 'string' },
    sdk: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    prism: { type: 'boolean', default: false },
  } as const
  const { positionals, values } = parseArgs({ args: argv, options, allowPositionals: true })
  if (values.prism) return (await comparePrism(join(ROOT, '.bench-cache/prism'))) ? 0 : 1
  const [seed, sample, minutes] = [values.seed, values.sample, values.minutes].map((value) =>
    value === undefined ? Number.POSITIVE_INFINITY : Number(value),
  ) as [number, number, number]
  const odd = [seed, sample, minutes].some((number) => !(number >= 1))
  const [given] = positionals
  if (positionals.length > 1 || odd || (given !== undefined && !existsSync(given))) {
    console.error(
      `${USAGE}: an existing folder; --sample N takes N documents at random, by --seed; with --results a run that was stopped, or ended after --minutes, goes on.`,
    )
    return 2
  }
  const folder = given === undefined ? await fetchDirectory(join(ROOT, '.corpus-cache')) : resolve(given)
  const all = await findDocuments(folder)
  // In a random order, what is done of a run that was stopped is a sample as well.
  const files = values.sdk || sample < all.length ? shuffled(all, seed).slice(0, sample) : all
  if (files.length === 0) {
    console.error(`${folder} holds no documents (.json, .yaml, .yml).`)
    return 2
  }
  const report = join(ROOT, 'corpus-report')
  if (values.sdk) {
    const peers = values.peers ? join(ROOT, '.bench-cache/corpus') : undefined
    const right = await checkSdks({ root: folder, files, report, peers, results: values.results, ms: minutes * 60_000 })
    console.error(`Each failure is in ${join(report, 'sdk.txt')}`)
    return right ? 0 : 1
  }
  const results = await compileAll(files, folder)
  await writeReports(report, results, folder)
  process.stdout.write(`${summary(results, folder)}\n`)
  console.error(`A report for each failure is in ${report}`)
  return results.some((result) => result.outcome === 'crashed' || !isLocated(result)) ? 1 : 0
}

async function compileAll(files: readonly string[], root: string): Promise<Result[]> {
  const child = new JobProcess<SpecFolder, Attempt & Cost>(new URL('./child.ts', import.meta.url).href, LIMITS)
  interruption.addEventListener('abort', () => child.close())
  const progress = new Progress(files.length)
  const results: Result[] = []
  for (const file of files) {
    progress.show(results.length, relative(root, file))
    const began = performance.now()
    const result = await child.run({ ...singleFile(file), root: dirname(file) })
    interruption.throwIfAborted()
    const lost = { outcome: 'crashed', ms: performance.now() - began, peakMb: 0 } as const
    results.push(
      result.ok ? { ...result.answer, file } : { ...lost, file, reason: `The child process ended: ${result.reason}.` },
    )
  }
  progress.end()
  child.close()
  return results
}

await runCommand(main, USAGE)
