import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { JobProcess } from '../../src/server/job-process.ts'

/** A process whose child answers each job with its own id. */
async function processOf() {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-jobs-'))
  const module = join(folder, 'child.mjs')
  await writeFile(module, "process.on('message', () => process.send(process.pid))")
  const jobs = new JobProcess<object, number>(pathToFileURL(module).href, { memoryMb: 256, timeMs: 20_000 })
  onTestFinished(async () => {
    jobs.close()
    await rm(folder, { recursive: true })
  })
  return async (job: object = {}) => {
    const result = await jobs.run(job)
    if (!result.ok) throw new Error(result.reason)
    return result.answer
  }
}

test('one child does one job after the other', async () => {
  const run = await processOf()
  const answers = await Promise.all([run(), run(), run()])
  expect(new Set(answers).size).toBe(1)
})

test('a child that is killed while it rests is replaced', async () => {
  const run = await processOf()
  const first = await run()
  process.kill(first, 'SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(first, 0)).toThrow('ESRCH'))
  expect(await run()).not.toBe(first)
})

test('a job that can’t be sent fails, and the next one is done', async () => {
  const run = await processOf()
  const unsendable = run({ clock: () => 0 })
  const next = run()
  await expect(unsendable).rejects.toThrow('could not be cloned')
  expect(await next).toBeGreaterThan(0)
})
