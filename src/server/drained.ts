import type { ServerResponse } from 'node:http'

/**
 * Resolves once what was written so far is on its way, or nobody waits for it any more. Who writes much asks before each
 * piece: Astro doesn't, and a client that reads slowly, or not at all, would fill the memory.
 */
export function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = (): void => {
    if (response.writableNeedDrain && !response.destroyed) return
    response.off('drain', look).off('close', look)
    resolve()
  }
  response.on('drain', look).on('close', look)
  look()
  return promise
}
