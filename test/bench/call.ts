import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** One call, made again and again. */
export interface LoadedCall {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Sessions of a sandbox that take turns, so that none of them fills up. */
  readonly sessions?: number
}

export interface Load {
  /** Answers per second. */
  readonly throughput: number
  /** Milliseconds. */
  readonly p99: number
}

/** Load comes from another process: sharing one with the harness would slow it down. */
export async function load(call: LoadedCall): Promise<Load> {
  const program = join(import.meta.dirname, 'load.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(call)])
  return JSON.parse(stdout)
}
