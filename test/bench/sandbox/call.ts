import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Measurement } from '../bench.ts'
import type { Command } from '../process.ts'
import { startServer } from '../process.ts'

/** One of the document's examples, and of the sandbox's seeds. */
const EMPLOYEE = '/employees/emp_4k2m81xq0p7d'
const LOAD = join(import.meta.dirname, 'load.ts')

/** One round: starts a server, calls it, stops it. */
export async function measure(
  command: Command,
  api: string,
  token: () => Promise<string> | string,
): Promise<Measurement> {
  const server = await startServer(command)
  try {
    return { start: server.startMs, ...(await load(api + EMPLOYEE, await token())) }
  } finally {
    await server.stop()
  }
}

/** Load comes from another process: sharing one with the harness would slow it down. */
async function load(url: string, token: string): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD, url, token])
  return JSON.parse(stdout)
}
