import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { JobProcess } from '../../src/server/job-process.ts'
import { type SpecFolder, singleFile } from '../../src/spec/folder.ts'
import type { Attempt, Cost, Result } from './attempt.ts'
import { fetchDirectory, findDocuments } from './documents.ts'
import { Progress } from './progress.ts'
import { checkSdks } from './sdk.ts'
import { isLocated, summary, writeReports } from './summary.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const USAGE = 'npm run corpus [folder] -- [--every N | --sample N] [--sdk [--peers]]'
/** As the server sets them. */
const LIMITS = { memoryMb: 2048, timeMs: 60_000 }

/** @returns the exit code: 0 fine, 1 something crashed or was refused without saying where, 2 wrong usage */
async function main(argv: string[]): Promise<number> {
  const options = {
    every: { type: 'string', default: '1' },
    sample: { type: 'string' },
    sdk: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
  } as const
  const { positionals, values } = parseArgs({ args: argv, options, allowPositionals: true })
  const every = Number(values.every)
  const sample = values.sample === undefined ? undefined : Number(values.sample)
  const odd = [every, sample ?? 1].some((number) => !Number.isInteger(number) || number < 1)
  const [given] = positionals
  if (positionals.length > 1 || odd || (given !== undefined && !existsSync(given))) {
    console.error(
      `${USAGE}: an existing folder; --every N tries every Nth document only, --sample N about as many as that, from all over.`,
    )
    return 2
  }
  const folder = given === undefined ? await fetchDirectory(join(ROOT, '.corpus-cache')) : resolve(given)
  const all = await findDocuments(folder)
  const step = sample === undefined ? every : Math.max(1, Math.floor(all.length / sample))
  const files = all.filter((_, index) => index % step === 0)
  if (files.length === 0) {
    console.error(`${folder} holds no documents (.json, .yaml, .yml).`)
    return 2
  }
  const report = join(ROOT, 'corpus-report')
  if (values.sdk) {
    const peers = values.peers ? join(ROOT, '.bench-cache/corpus') : undefined
    const right = await checkSdks({ root: folder, files, report, peers })
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
  const progress = new Progress(files.length)
  const results: Result[] = []
  for (const file of files) {
    progress.show(results.length, relative(root, file))
    const began = performance.now()
    const result = await child.run({ ...singleFile(file), root: dirname(file) })
    const lost = { outcome: 'crashed', ms: performance.now() - began, peakMb: 0 } as const
    results.push(
      result.ok ? { ...result.answer, file } : { ...lost, file, reason: `The child process ended: ${result.reason}.` },
    )
  }
  progress.end()
  child.close()
  return results
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
