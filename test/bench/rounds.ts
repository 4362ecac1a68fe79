import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Contestant, Measurement, Place } from './bench.ts'
import { interruption } from './interruption.ts'
import { installedVersion, installPeers } from './peers.ts'
import { stopServers } from './process.ts'

/** What a contestant measured, round by round. */
export interface Entry {
  readonly contestant: string
  readonly version: string
  readonly ours: boolean
  readonly measurements: readonly Measurement[]
  /** Rounds that broke, and why. */
  readonly failures: readonly string[]
}

interface Runner {
  readonly contestant: string
  readonly version: string
  readonly ours: boolean
  readonly rounds: number
  /** Missing: it couldn't be prepared. */
  readonly run?: () => Promise<Measurement>
  readonly measurements: Measurement[]
  readonly failures: string[]
}

export interface Options {
  readonly root: string
  readonly rounds: number
  /** Of ours. */
  readonly version: string
  readonly progress: (line: string) => void
}

/** Runs the contestants in turn, round after round, so that a machine that slows down slows them all. */
export async function runRounds(name: string, bench: Bench, options: Options): Promise<Entry[]> {
  const { root, rounds, progress } = options
  const peers = join(root, '.bench-cache', name)
  await installPeers(peers, bench.peers, bench.overrides)
  const scratch = await mkdtemp(join(tmpdir(), `sallyport-bench-${name}-`))
  const clear = () => rmSync(scratch, { recursive: true, force: true })
  // What doesn't end in order when it is told to, ends with this.
  process.once('exit', clear)
  try {
    const runners: Runner[] = []
    for (const contestant of bench.contestants) {
      progress(`${name}: preparing ${contestant.name}`)
      runners.push(await prepare(contestant, { root, peers, scratch }, options))
    }
    const order = [...runners]
    for (let round = 1; round <= rounds; round++) {
      for (const { contestant, run, measurements, failures, rounds: most } of order) {
        if (run === undefined || round > most) continue
        interruption.throwIfAborted()
        progress(`${name}: round ${round} of ${rounds}, ${contestant}`)
        try {
          measurements.push(await run())
        } catch (error) {
          interruption.throwIfAborted()
          failures.push(`round ${round}: ${reason(error)}`)
          progress(`${name}: ${contestant} failed: ${reason(error)}`)
        }
      }
      // Whoever comes first finds the machine as the last one left it: so it is someone else each time.
      order.push(...order.splice(0, 1))
    }
    return runners
  } finally {
    await stopServers()
    clear()
    process.off('exit', clear)
  }
}

async function prepare(contestant: Contestant, place: Place, { version, rounds, progress }: Options): Promise<Runner> {
  const { name, package: peer } = contestant
  const runner = {
    contestant: name,
    version: peer === undefined ? version : await installedVersion(place.peers, peer),
    ours: peer === undefined,
    rounds: contestant.rounds ?? rounds,
    measurements: [],
    failures: [],
  }
  try {
    return { ...runner, run: await contestant.prepare(place) }
  } catch (error) {
    interruption.throwIfAborted()
    progress(`${contestant.name} can't be prepared: ${reason(error)}`)
    return { ...runner, failures: [`its preparation: ${reason(error)}`] }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
