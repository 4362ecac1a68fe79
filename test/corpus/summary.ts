import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { formatProblem } from '../../src/spec/problem.ts'
import type { Result } from './attempt.ts'

/** What a result is counted as: compiled, crashed, or refused for its first reason. */
function classOf(result: Result): string {
  return result.outcome === 'refused' ? `refused: ${result.problems[0]?.code ?? 'no reason given'}` : result.outcome
}

/** A refusal that doesn't say where: as bad as a crash. */
export function isLocated(result: Result): boolean {
  return (
    result.outcome !== 'refused' ||
    (result.problems.length > 0 &&
      result.problems.every(({ file, line, column }) => file !== '' && line > 0 && column > 0))
  )
}

/** The table at the end of a run. */
export function summary(results: readonly Result[], root: string): string {
  const classes = new Map<string, Result[]>()
  for (const result of results) classes.set(classOf(result), [...(classes.get(classOf(result)) ?? []), result])
  const rows = [...classes]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, { length }]) => `${String(length).padStart(6)}  ${name}`)
  const compiled = results.filter((result) => result.outcome === 'compiled')
  const operations = compiled.reduce((sum, result) => sum + result.operations, 0)
  const seconds = results.reduce((sum, { ms }) => sum + ms, 0) / 1000
  const slowest = results.reduce((worst, result) => (result.ms > worst.ms ? result : worst))
  const largest = results.reduce((worst, result) => (result.peakMb > worst.peakMb ? result : worst))
  const unlocated = results.filter((result) => !isLocated(result)).length
  return [
    `${results.length} documents, ${operations} operations, ${seconds.toFixed(0)} s`,
    ...rows,
    ...(unlocated > 0 ? [`${String(unlocated).padStart(6)}  refused without saying where`] : []),
    `Slowest: ${(slowest.ms / 1000).toFixed(1)} s, ${relative(root, slowest.file)}`,
    `Peak memory: ${largest.peakMb.toFixed(0)} MB, by ${relative(root, largest.file)}`,
  ].join('\n')
}

/** One file for each document that wasn't compiled, and one for the run. */
export async function writeReports(folder: string, results: readonly Result[], root: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const result of results) {
    if (result.outcome === 'compiled') continue
    const name = relative(root, result.file).replaceAll(/[^\w.-]+/g, '_')
    await writeFile(join(folder, `${name}.txt`), `${failure(result)}\n`)
  }
  const rows = results.map(({ file, ms, peakMb, ...result }) => ({
    file: relative(root, file),
    class: classOf({ file, ms, peakMb, ...result }),
    ms: Math.round(ms),
    ...(result.outcome === 'compiled' && { operations: result.operations, warnings: result.warnings }),
  }))
  await writeFile(join(folder, 'results.json'), JSON.stringify(rows, null, 1))
}

function failure(result: Exclude<Result, { outcome: 'compiled' }>): string {
  if (result.outcome === 'crashed') return `${result.file}\n${result.reason}`
  return result.problems.map(formatProblem).join('\n')
}
