import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

const SERVER = `require('node:http').createServer((_, response) => response.end()).listen(Number(process.argv[1]))`

/** A bench that starts a server and never comes to an end. It says of which process and in which folder. */
const PROGRAM = `
  import { interruptBySignals } from './test/bench/interruption.ts'
  import { freePort, run, startServer } from './test/bench/process.ts'
  import { runRounds } from './test/bench/rounds.ts'
  interruptBySignals()
  const prepare = async ({ scratch }) => {
    const port = String(await freePort())
    const args = ['--eval', ${JSON.stringify(SERVER)}, port]
    const { pid } = await startServer({ args, cwd: scratch, ready: 'http://localhost:' + port })
    console.log(JSON.stringify({ pid, scratch }))
    return () => run(['--eval', 'setInterval(() => {}, 1000)'])
  }
  const bench = { title: '', about: '', metrics: [], peers: {}, contestants: [{ name: 'Ours', prepare }] }
  await runRounds('interrupted', bench, { root: ${JSON.stringify(tmpdir())}, rounds: 9, version: '1', progress() {} })`

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a bench, its servers and its folder', async (signal) => {
  const bench = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line = ''] = await createInterface(bench.stdout)
    [Symbol.asyncIterator]()
    .next()
    .then(({ value }) => [value])
  const { pid, scratch } = JSON.parse(line)
  expect([isRunning(pid), existsSync(scratch)]).toEqual([true, true])
  bench.kill(signal)
  await once(bench, 'exit')
  expect([isRunning(pid), existsSync(scratch)]).toEqual([false, false])
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
