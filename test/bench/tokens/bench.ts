import { join } from 'node:path'
import type { Bench, Measurement, Place } from '../bench.ts'
import { freePort, startServer } from '../process.ts'
import { load, WARM_UP } from './load.ts'

/** Tokens that the memory is watched over. */
const MANY = 100_000

export const bench: Bench = {
  title: 'Issuing tokens',
  about:
    'Client credentials and refresh over 20 connections on loopback, ES256 JWTs with the same claims. Ours evaluates policies, keeps ' +
    'everything in SQLite and answers once the disk has confirmed it, with the entry in the audit log; the peer is bare oidc-provider with ' +
    `its in-memory adapter, no policies and no log. Each is warmed up for ${WARM_UP} seconds. Memory, in the first round: the heap after ${MANY.toLocaleString('en')} tokens more, garbage collected.`,
  metrics: [
    {
      id: 'credentials',
      title: 'Client credentials',
      unit: 'tokens/s',
      better: 'higher',
      target: { times: 0.6, peer: 'oidc-provider, bare' },
    },
    {
      id: 'refresh',
      title: 'Refresh',
      unit: 'tokens/s',
      better: 'higher',
      target: { times: 0.6, peer: 'oidc-provider, bare' },
    },
    {
      id: 'growth',
      title: `Heap after ${MANY.toLocaleString('en')} tokens more`,
      unit: 'MB',
      better: 'lower',
      target: { value: 8 },
    },
  ],
  contestants: [
    { name: 'Sallyport', prepare: (place) => prepare(place, 'ours.ts', MANY) },
    { name: 'oidc-provider, bare', package: 'oidc-provider', prepare: (place) => prepare(place, 'bare.ts', 0) },
  ],
  peers: { 'oidc-provider': '9.13.3' },
}

async function prepare({ root, scratch }: Place, file: string, many: number): Promise<() => Promise<Measurement>> {
  let round = 0
  return async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const args = ['--expose-gc', join(import.meta.dirname, file), String(port), join(scratch, `${file}-${round}`)]
    const server = await startServer({ args, cwd: root, ready: `${url}/ready` })
    try {
      return await load(url, round++ === 0 ? many : 0)
    } finally {
      await server.stop()
    }
  }
}
