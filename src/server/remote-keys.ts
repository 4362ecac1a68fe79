import type { RemoteKeys } from '../authorization-server/client-keys.ts'
import { addressProblem, guardedFetch } from './guarded-fetch.ts'

/** Reads the keys that apps publish: a set of them is small, and a client waits for it. */
export function remoteKeys(loopback: boolean): RemoteKeys {
  const limits = { loopback, bytes: 100_000, milliseconds: 2_500 }
  return {
    problem: (address) => addressProblem(address, limits),
    read: async (address) => (await guardedFetch(address, limits)).bytes,
  }
}
