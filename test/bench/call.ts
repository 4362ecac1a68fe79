import { join } from 'node:path'
import { run } from './process.ts'

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
  return JSON.parse(await run([join(import.meta.dirname, 'load.ts'), JSON.stringify(call)]))
}
