import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Seed } from './load.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** What the load asks of a server beside tokens. @param seed makes an app, and so many refresh tokens for it */
export function benchDoors(seed: (refreshTokens: number) => Promise<Seed>): [string, Handler][] {
  return [
    ['/ready', (_, response) => void response.end()],
    [
      '/seed',
      async (request, response) => {
        const many = new URL(request.url ?? '/', 'http://localhost').searchParams.get('refresh')
        response.end(JSON.stringify(await seed(Number(many))))
      },
    ],
    [
      '/memory',
      (_, response) => {
        globalThis.gc?.()
        const { heapUsed, rss } = process.memoryUsage()
        response.end(JSON.stringify({ heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20 }))
      },
    ],
  ]
}
