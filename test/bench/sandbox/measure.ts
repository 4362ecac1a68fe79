import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measurement, Place } from '../bench.ts'
import { load } from '../call.ts'
import { type Command, freePort, startServer } from '../process.ts'
import { documentOf, EXAMPLE, lastPath, SENT } from './document.ts'

export const SIZES = [10, 300, 1000] as const

/** How a contestant serves a document, and what it takes for a token. */
export interface Server {
  command(document: string, port: string): Pick<Command, 'args' | 'cwd'>
  /** @param output what it printed so far */
  token(output: string): string
  /** What it is sent to make something, where it refuses {@link SENT}. */
  readonly body?: object
}

/** Starts a server for each size, calls it, stops it. */
export async function prepare({ scratch }: Place, server: Server): Promise<() => Promise<Measurement>> {
  const documents = await Promise.all(
    SIZES.map(async (size) => {
      const file = join(scratch, `bench-${size}.json`)
      await writeFile(file, JSON.stringify(documentOf(size)))
      return [size, file] as const
    }),
  )
  return async () => {
    const measured: Record<string, number> = {}
    for (const [size, document] of documents) {
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      const running = await startServer({ ...server.command(document, String(port)), ready: `${url}/health` })
      try {
        const headers = { Authorization: `Bearer ${server.token(running.output())}`, Accept: 'application/json' }
        const path = url + lastPath(size)
        const { throughput, p99 } = await load({ url: `${path}/${EXAMPLE.id}`, headers })
        Object.assign(measured, { [`get${size}`]: throughput, [`p99-${size}`]: p99, [`start${size}`]: running.startMs })
        if (size === 10) {
          const post = { ...headers, 'Content-Type': 'application/json' }
          const body = JSON.stringify(server.body ?? SENT)
          measured.post = (await load({ url: path, method: 'POST', headers: post, body, sessions: 5000 })).throughput
        }
        measured[`rss${size}`] = await running.megabytes()
      } finally {
        await running.stop()
      }
    }
    return measured
  }
}
