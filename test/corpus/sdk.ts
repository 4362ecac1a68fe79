import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { JobProcess } from '../../src/server/job-process.ts'
import { interruption } from '../bench/interruption.ts'
import { installPeers } from '../bench/peers.ts'
import { Progress } from './progress.ts'
import { checkPeer, PEERS } from './sdk-peers.ts'
import { SdkResults } from './sdk-results.ts'
import type { Checked } from './strictness.ts'

const LIMITS = { memoryMb: 8192, timeMs: 300_000 }
const OURS = 'Sallyport'

export interface SdkRun {
  readonly root: string
  readonly files: readonly string[]
  readonly report: string
  /** Where peers are installed; undefined: they stay away. */
  readonly peers: string | undefined
  /** Where results are kept, for a run that goes on from them. */
  readonly results: string | undefined
  /** After how long to stop, with what there is by then. */
  readonly ms: number
}

/** Makes and compiles the SDK of each document, ours and those of peers. @returns whether all of ours are right */
export async function checkSdks({ root, files, report, peers, results: kept, ms }: SdkRun): Promise<boolean> {
  if (peers !== undefined) await installPeers(peers, { ...PEERS, typescript: '5.9.3' })
  const results = await SdkResults.open(kept)
  const began = performance.now()
  const child = new JobProcess<{ readonly file: string }, Checked>(
    new URL('./sdk-child.ts', import.meta.url).href,
    LIMITS,
  )
  interruption.addEventListener('abort', () => child.close())
  const progress = new Progress(files.length)
  for (const [index, path] of files.entries()) {
    const file = relative(root, path)
    progress.show(index, file)
    // What failed is tried again.
    if (results.of(file)?.checked[OURS]?.errors.length === 0) continue
    if (performance.now() - began > ms) break
    const run = await child.run({ file: path })
    interruption.throwIfAborted()
    const ours: Checked = run.ok ? run.answer : { made: false, errors: [`The child process ended: ${run.reason}.`] }
    const checked: Record<string, Checked> = { [OURS]: ours }
    // What is refused is no document: nobody can make anything of it.
    if (peers !== undefined && ours.refused !== true)
      for (const name of Object.keys(PEERS)) checked[name] = await checkPeer(name, path, peers)
    await results.add({ file, checked })
  }
  progress.end()
  child.close()
  const wanted = new Set(files.map((path) => relative(root, path)))
  const all = results.all.filter(({ file, checked }) => wanted.has(file) && checked[OURS]?.refused !== true)
  const failures = all.flatMap(({ file, checked }) =>
    Object.entries(checked).flatMap(([name, { errors }]) =>
      errors.length === 0 ? [] : [`${name} ${file}\n  ${errors.join('\n  ')}`],
    ),
  )
  await mkdir(report, { recursive: true })
  await writeFile(join(report, 'sdk.txt'), `${failures.join('\n')}\n`)
  const names = [OURS, ...(peers === undefined ? [] : Object.keys(PEERS))]
  const rows = new Map(names.map((name) => [name, all.flatMap(({ checked }) => checked[name] ?? [])]))
  const done = results.all.filter(({ file }) => wanted.has(file)).length
  process.stdout.write(
    `${done} of ${files.length} files looked at, ${done - all.length} of them no documents\n${table(rows)}\n`,
  )
  return (rows.get(OURS) ?? []).every(({ made, errors }) => made && errors.length === 0)
}

function table(rows: ReadonlyMap<string, readonly Checked[]>): string {
  const head = `${'SDKs'.padEnd(24)}${'documents'.padStart(10)}${'made'.padStart(8)}${'strict'.padStart(8)}${'all flags'.padStart(11)}`
  const lines = [...rows].map(([name, results]) => {
    const count = (is: (result: Checked) => boolean): string => String(results.filter(is).length)
    const right = count(({ made, errors }) => made && errors.length === 0)
    return `${name.padEnd(24)}${String(results.length).padStart(10)}${count(({ made }) => made).padStart(8)}${count(({ strict }) => strict === true).padStart(8)}${right.padStart(11)}`
  })
  return [head, ...lines].join('\n')
}
