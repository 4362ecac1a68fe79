import { execFile } from 'node:child_process'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ensureBuilt } from '../../../src/server/build.ts'
import type { Measurement, Place } from '../bench.ts'
import { type Command, freePort, startServer } from '../process.ts'
import { DOCUMENTS, documentFile, type LargeDocument, ofDocument } from './documents.ts'
import { read } from './reading.ts'

const LOAD = fileURLToPath(new URL('load.ts', import.meta.url))

/** One server for each document, so that the memory is that of one. */
export async function prepareOurs(place: Place): Promise<() => Promise<Measurement>> {
  await ensureBuilt(console.error)
  const commands = await Promise.all(DOCUMENTS.map((document) => commandFor(place, document)))
  // The first start compiles the document; what is measured starts from the cache, as a server does every time but once.
  for (const { command } of commands) await (await startServer(command)).stop()
  return async () => {
    const measured: Record<string, number> = {}
    for (const { document, command, url } of commands) {
      const server = await startServer(command)
      try {
        const reading = await read(`${url}${operationPath(document)}`, document.words)
        const first = await memory(server.pid)
        const served = await serving(url, document)
        const values = { ...reading, ...served, 'memory-first': first, memory: await memory(server.pid) }
        Object.assign(measured, ofDocument(document, values))
      } finally {
        await server.stop()
      }
    }
    return measured
  }
}

async function commandFor(place: Place, document: LargeDocument) {
  const specs = join(place.scratch, `specs-${document.name}`)
  await mkdir(join(specs, document.name), { recursive: true })
  await cp(documentFile(place, document), join(specs, document.name, 'openapi.json'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = {
    PORT: String(port),
    DATA_DIR: join(place.scratch, `data-${document.name}`),
    SPECS_DIR: specs,
    LOG_LEVEL: 'warn',
  }
  const command: Command = { args: await startArguments(place), cwd: place.root, env, ready: `${url}/health` }
  return { document, command, url }
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

/** The load comes from a process of its own. */
async function serving(url: string, { name }: LargeDocument): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD, url, name], { maxBuffer: 1 << 20 })
  return JSON.parse(stdout)
}

/** MB (1,000,000 bytes) that the process holds in memory. */
async function memory(pid: number): Promise<number> {
  const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kib) * 1024) / 1e6
}
