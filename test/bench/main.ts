import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { runCommand } from './command.ts'
import { describeCommit, describeMachine } from './machine.ts'
import { writeReport } from './report.ts'
import { type Result, shortfalls, summarise } from './result.ts'
import { runRounds } from './rounds.ts'
import { printTable } from './table.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const ROUNDS = 5
const USAGE = 'npm run bench -- [name…] [--rounds N] [--check]'

/** @returns the exit code: 0 fine, 1 something falls short (with `--check`), 2 wrong usage */
async function main(argv: string[]): Promise<number> {
  const known = await benchNames()
  const { names, rounds, check } = readArguments(argv)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined || !((rounds ?? 1) >= 1 && (rounds ?? 1) <= 100)) {
    console.error(unknown === undefined ? '--rounds takes a number from 1 to 100.' : `There is no bench ${unknown}.`)
    console.error(`${USAGE}\nbenches: ${known.join(', ')}`)
    return 2
  }
  const version: string = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')).version
  const results: Result[] = []
  for (const name of names.length > 0 ? names : known) {
    const { bench }: { bench: Bench } = await import(`./${name}/bench.ts`)
    const times = rounds ?? bench.rounds ?? ROUNDS
    const entries = await runRounds(name, bench, { root: ROOT, rounds: times, version, progress: console.error })
    const result = summarise(name, bench, times, entries)
    process.stdout.write(`\n${printTable(result)}\n\n`)
    results.push(result)
  }
  const commit = await describeCommit(ROOT)
  const date = new Date().toISOString()
  const folder = join(ROOT, 'bench-report')
  await writeReport(folder, { date, commit, version, machine: describeMachine(), results })
  console.error(`The report is ${join(folder, 'report.html')}`)
  const short = shortfalls(results)
  if (!check || short.length === 0) return 0
  console.error(`\nFalls short:\n${short.map((line) => `  ${line}`).join('\n')}`)
  return 1
}

async function benchNames(): Promise<string[]> {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

function readArguments(argv: string[]): { names: string[]; rounds: number | undefined; check: boolean } {
  const options = { rounds: { type: 'string' }, check: { type: 'boolean', default: false } } as const
  const { positionals, values } = parseArgs({ args: argv, options, allowPositionals: true })
  return {
    names: positionals,
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    check: values.check,
  }
}

await runCommand(main, USAGE)
