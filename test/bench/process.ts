import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { interruption } from './interruption.ts'

export interface Command {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Answers 200 once the server is ready. */
  readonly ready: string
}

export interface Server {
  /** Milliseconds from spawning to the first 200. */
  readonly startMs: number
  readonly pid: number
  /** What it printed last. */
  output(): string
  /** Resident memory. */
  megabytes(): Promise<number>
  stop(): Promise<void>
}

/** Milliseconds between two looks at a server that starts: fine enough for what takes hundreds. */
const LOOK = 5
const PATIENCE = 180_000

const running = new Set<() => Promise<void>>()

/** Of all servers that were started. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()))
}

interruption.addEventListener('abort', stopServers)

/** Runs a server in a Node process of its own, and waits until it answers. */
export async function startServer({ args, cwd, env = {}, ready }: Command): Promise<Server> {
  interruption.throwIfAborted()
  const { PATH = '', HOME = '' } = process.env
  const began = performance.now()
  // A group of its own, so that stopping it takes along whatever it started.
  const child = spawn(process.execPath, args, { cwd, env: { PATH, HOME, ...env }, detached: true, stdio: 'pipe' })
  const last = tail(child)
  const stop = () => stopGroup(child)
  running.add(stop)
  child.once('exit', () => running.delete(stop))
  try {
    while ((await status(ready)) !== 200) {
      if (hasEnded(child)) throw new Error(`The server ended by itself:\n${last()}`)
      if (performance.now() - began > PATIENCE) throw new Error(`The server isn't ready:\n${last()}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
    if (child.pid === undefined) throw new Error(`The server didn't start:\n${last()}`)
    const { pid } = child
    return { startMs: performance.now() - began, pid, output: last, megabytes: () => megabytes(pid), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function status(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url)
    await response.body?.cancel()
    return response.status
  } catch {
    // Nobody listens yet.
    return undefined
  }
}

/** What it printed last, for the message if it fails. */
function tail(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-2000)
    })
  return () => text
}

async function megabytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout) / 1024
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGTERM')
  const impatient = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), 5000)
  await exited
  clearTimeout(impatient)
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** What a Node program prints. */
export async function run(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const limits = { maxBuffer: 1 << 28, signal: interruption }
  return (await promisify(execFile)(process.execPath, args, { ...options, ...limits })).stdout
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

/** What a program took: milliseconds from start to end, and of CPU, of all its processes; megabytes, of its largest. */
export interface Cost {
  readonly ms: number
  readonly cpu: number
  readonly mb: number
}

/** Runs a Node program that writes to `out`, in a folder of its own. */
export async function runMeasured(args: readonly string[], cwd: string): Promise<Cost> {
  const usage = join(cwd, 'usage.txt')
  const hook = join(cwd, 'usage.cjs')
  await rm(usage, { force: true })
  await rm(join(cwd, 'out'), { recursive: true, force: true })
  await writeFile(
    hook,
    `const { isMainThread } = require('node:worker_threads')
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  if (isMainThread) require('node:fs').appendFileSync(${JSON.stringify(usage)}, [maxRSS, userCPUTime + systemCPUTime] + '\\n')
})`,
  )
  const env = { ...process.env, NODE_OPTIONS: `--require ${hook}`, CI: 'true' }
  const began = performance.now()
  await run(args, { cwd, env })
  const ms = performance.now() - began
  if (!existsSync(join(cwd, 'out'))) throw new Error('It wrote nothing.')
  const lines = (await readFile(usage, 'utf8')).trim().split('\n')
  const processes = lines.map((line) => line.split(',').map(Number))
  return {
    ms,
    cpu: processes.reduce((sum, [, microseconds = 0]) => sum + microseconds / 1000, 0),
    mb: Math.max(...processes.map(([kilobytes = 0]) => kilobytes)) / 1024,
  }
}
