import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { JobProcess } from '../../src/server/job-process.ts'
import { installPeers } from '../bench/peers.ts'
import { Progress } from './progress.ts'
import { checkPeer, PEERS } from './sdk-peers.ts'
import type { Checked } from './strictness.ts'

const LIMITS = { memoryMb: 8192, timeMs: 300_000 }
const OURS = 'Sallyport'

export interface SdkRun {
  readonly root: string
  readonly files: readonly string[]
  readonly report: string
  /** Where peers are installed; undefined: they stay away. */
  readonly peers: string | undefined
}

/** Makes and compiles the SDK of each document, ours and those of peers. @returns whether all of ours are right */
export async function checkSdks({ root, files, report, peers }: SdkRun): Promise<boolean> {
  if (peers !== undefined) await installPeers(peers, { ...PEERS, typescript: '5.9.3' })
  const names = [OURS, ...(peers === undefined ? [] : Object.keys(PEERS))]
  const rows = new Map(names.map((name) => [name, [] as Checked[]]))
  const child = new JobProcess<{ readonly file: string }, Checked>(
    new URL('./sdk-child.ts', import.meta.url).href,
    LIMITS,
  )
  const progress = new Progress(files.length)
  const failures: string[] = []
  for (const [index, file] of files.entries()) {
    progress.show(index, relative(root, file))
    const run = await child.run({ file })
    const ours: Checked = run.ok ? run.answer : { made: false, errors: [`The child process ended: ${run.reason}.`] }
    // Not a document: nobody can make anything of it.
    if (ours.refused === true) continue
    for (const [name, results] of rows) {
      const result = name === OURS || peers === undefined ? ours : await checkPeer(name, file, peers)
      results.push(result)
      if (result.errors.length > 0) failures.push(`${name} ${relative(root, file)}\n  ${result.errors.join('\n  ')}`)
    }
  }
  progress.end()
  child.close()
  await mkdir(report, { recursive: true })
  await writeFile(join(report, 'sdk.txt'), `${failures.join('\n')}\n`)
  process.stdout.write(`${table(rows)}\n`)
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
