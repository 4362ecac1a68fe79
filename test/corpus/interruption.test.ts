import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'

/** Takes seconds to compile. */
const LARGE = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Large', version: '1' },
  paths: {},
  components: {
    schemas: Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`S${index}`, { type: 'string' }])),
  },
})

test.each([
  ['SIGINT', [], 130],
  ['SIGTERM', [], 143],
  ['SIGTERM', ['--sdk'], 143],
] as const)('%s ends a run on the corpus, %j, and what it has started', async (signal, options, code) => {
  const folder = await mkdtemp(join(tmpdir(), 'corpus-interrupted-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'large.json'), LARGE)
  const run = spawn(process.execPath, ['test/corpus/main.ts', folder, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await once(run.stderr, 'data')
  const children = await vi.waitFor(() => {
    const pids = execFileSync('ps', ['-o', 'pid=', '--ppid', String(run.pid)], { encoding: 'utf8' })
    return pids.trim().split(/\s+/)
  })
  run.kill(signal)
  expect(await once(run, 'exit')).toEqual([code, null])
  expect(children.filter(isRunning)).toEqual([])
})

function isRunning(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}
