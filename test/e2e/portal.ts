import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A portal of its own: a real process, a free port, an empty `DATA_DIR`. */
export class Portal {
  readonly url: string
  readonly dataDir: string
  readonly #environment: Record<string, string>
  readonly #root: string
  #process: ChildProcess | undefined
  #output = ''

  private constructor(url: string, dataDir: string, environment: Record<string, string>, root: string) {
    this.url = url
    this.dataDir = dataDir
    this.#environment = environment
    this.#root = root
  }

  /** @param root where its sources are */
  static async start(environment: Record<string, string> = {}, root = ROOT): Promise<Portal> {
    const dataDir = await mkdtemp(join(tmpdir(), 'sallyport-data-'))
    const port = String(await freePort())
    const own = { PORT: port, DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...environment }
    const portal = new Portal(`http://localhost:${port}`, dataDir, own, root)
    await portal.launch()
    return portal
  }

  get output(): string {
    return this.#output
  }

  get #env() {
    return { PATH: process.env.PATH, HOME: process.env.HOME, ...this.#environment }
  }

  /** What a command of `sallyport` prints, on this portal's database. */
  async command(...args: readonly string[]): Promise<string> {
    const options = { cwd: this.#root, env: this.#env }
    const { stdout } = await promisify(execFile)(process.execPath, ['src/cli/bin.mjs', ...args], options)
    return stdout.trim()
  }

  get pid(): number {
    return this.#process?.pid ?? 0
  }

  async launch(): Promise<void> {
    const child = spawn(process.execPath, ['src/cli/bin.mjs', 'start'], {
      cwd: this.#root,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
    const deadline = Date.now() + 180_000
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`The server stopped:\n${this.#output}`)
      const health = await fetch(`${this.url}/health`).catch(() => undefined)
      if (health?.status === 200) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`The server is not ready:\n${this.#output}`)
  }

  /** @returns the exit code; null after SIGKILL */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill(signal)
    return exited
  }

  async destroy(): Promise<void> {
    await this.stop('SIGKILL')
    await rm(this.dataDir, { recursive: true, force: true })
  }

  /** The demo people, as `DATA_DIR/demo.json` says. */
  async people(): Promise<{ email: string; password: string; groups: string[] }[]> {
    return JSON.parse(await readFile(join(this.dataDir, 'demo.json'), 'utf8')).users
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return address.port
}
