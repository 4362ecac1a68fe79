import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../../../src/server/build.ts'
import type { Measurement, Place, Value } from '../bench.ts'
import { type Command, freePort, run, startServer } from '../process.ts'
import { DOCUMENTS, documentFolder, type LargeDocument, ofDocument } from './documents.ts'
import { read } from './reading.ts'

/** Milliseconds within which what depends on a document alone is compiled. */
const COMPILED = 120_000

const LOAD = fileURLToPath(new URL('load.ts', import.meta.url))

/** One server for each document, so that the memory is that of one. */
export async function prepareOurs(place: Place): Promise<() => Promise<Measurement>> {
  await ensureBuilt(console.error)
  const commands = await Promise.all(DOCUMENTS.map((document) => commandFor(place, document)))
  // The first start compiles the document; what is measured starts from the cache, as a server does every time but once.
  for (const { command, dataDir } of commands) {
    const server = await startServer(command)
    try {
      await partsIn(dataDir)
    } finally {
      await server.stop()
    }
  }
  return async () => {
    const measured: Record<string, Value> = {}
    for (const { document, command, url } of commands) {
      const server = await startServer(command)
      try {
        const page = url + operationPath(document)
        await (await fetch(`${url}/apis/${document.name}`)).arrayBuffer()
        const first = await memory(server.pid)
        // The page that is opened afterwards is left out, so that it isn't cached.
        const served = JSON.parse(await run([LOAD, url, document.name, page]))
        const all = await memory(server.pid)
        const reading = await read(page, document.words)
        Object.assign(measured, ofDocument(document, { ...served, ...reading, 'memory-first': first, memory: all }))
      } finally {
        await server.stop()
      }
    }
    return measured
  }
}

/** Waits for what is compiled after a document, while it is served already. */
async function partsIn(dataDir: string): Promise<void> {
  const cache = join(dataDir, 'cache')
  for (const began = performance.now(); !(await readdir(cache)).some((name) => name.endsWith('.parts')); ) {
    if (performance.now() - began > COMPILED) throw new Error(`There are no compiled pages in ${cache}.`)
    await sleep(100)
  }
}

async function commandFor(place: Place, document: LargeDocument) {
  const folder = await documentFolder(place, document)
  const port = await freePort()
  const url = `http://localhost:${port}`
  const dataDir = join(place.scratch, `data-${document.name}`)
  const env = {
    PORT: String(port),
    DATA_DIR: dataDir,
    SPECS_DIR: dirname(folder),
    LOG_LEVEL: 'warn',
  }
  const command: Command = { args: await startArguments(place), cwd: place.root, env, ready: `${url}/health` }
  return { document, command, url, dataDir }
}

/** As `npm start` starts it. */
async function startArguments({ root }: Place): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const [, ...args] = String(scripts.start).split(' ')
  return args
}

/** An operationId made safe, as the address has it. */
function operationPath({ name, operationId }: LargeDocument): string {
  const words = operationId.split(/[^A-Za-z0-9]+/)
  const id = words
    .map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('')
  return `/apis/${name}/operations/${id}`
}

/** MB (1,000,000 bytes) that the process holds in memory. */
async function memory(pid: number): Promise<number> {
  const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kib) * 1024) / 1e6
}
