import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { createSandbox, type Sandbox } from '../../src/sandbox/engine.ts'
import { compile } from '../../src/server/compile.ts'
import { singleFile } from '../../src/spec/folder.ts'
import { interruption } from '../bench/interruption.ts'
import { installPeers } from '../bench/peers.ts'
import { freePort, startServer } from '../bench/process.ts'
import { type Difference, explained } from './prism-differences.ts'
import { type Variation, Variations } from './variations.ts'

const require = createRequire(import.meta.url)

/** Real ones, that npm has. */
const DOCUMENTS = {
  ReadMe: '@readme/oas-examples/3.1/json/readme.json',
  Galaxy: '@scalar/galaxy/latest.yaml',
  'Train Travel': '@readme/oas-examples/3.1/json/train-travel.json',
  'Star Trek': '@readme/oas-examples/3.0/json/star-trek.json',
  Petstore: '@readme/oas-examples/3.0/json/petstore.json',
} as const

/** Milliseconds. */
const PATIENCE = 2_000
const READY = '/ready-when-this-answers'

/** What came of a request: whether it was taken, or refused as not what the document describes. */
export type Verdict = 'taken' | 'refused' | 'failed'

interface Compared {
  readonly document: string
  readonly operations: number
  readonly requests: number
  readonly differences: readonly Difference[]
}

/** Prints what came of it. @returns whether every difference is explained */
export async function comparePrism(peers: string): Promise<boolean> {
  const all = await compare(peers)
  for (const { document, operations, requests, differences } of all) {
    const agreed = requests - differences.length
    const share = ((agreed / requests) * 100).toFixed(1)
    process.stdout.write(
      `${document}: ${operations} operations, ${requests} requests, ${agreed} verdicts agree (${share} %), ${differences.length} differ\n`,
    )
    for (const [says, ones] of explained(differences)) {
      process.stdout.write(`  ${String(ones.length).padStart(4)}  ${says ?? 'NOT EXPLAINED'}\n`)
      if (says === undefined) for (const one of ones) process.stdout.write(`        ${line(one)}\n`)
    }
  }
  const [requests, differences] = [
    all.reduce((sum, one) => sum + one.requests, 0),
    all.flatMap((one) => one.differences),
  ]
  const unexplained = all.flatMap((one) => explained(one.differences).get(undefined) ?? [])
  process.stdout.write(
    `Together: ${requests} requests, ${requests - differences.length} agree, ${differences.length - unexplained.length} differences explained, ${unexplained.length} not\n`,
  )
  return unexplained.length === 0
}

function line({ operation, variation, ours, theirs }: Difference): string {
  const said = ({ status, body }: Answered) => `${status} ${/"(?:detail|message)":"[^"]*"/.exec(body)?.[0] ?? ''}`
  return `${operation.method} ${variation.path.slice(0, 80)}, ${variation.what}: ours ${said(ours)}, Prism ${said(theirs)}`
}

/**
 * The same requests to our sandbox and to Prism: whether each is taken, or refused as not what the document describes. No
 * document says who may call, so that nothing but validation decides.
 *
 * @param peers where Prism is installed
 */
async function compare(peers: string): Promise<Compared[]> {
  await installPeers(peers, { '@stoplight/prism-cli': '5.16.0' })
  const compared: Compared[] = []
  for (const [name, file] of Object.entries(DOCUMENTS))
    compared.push(await compareOn(name, require.resolve(file), peers))
  return compared
}

async function compareOn(document: string, source: string, peers: string): Promise<Compared> {
  const folder = await mkdtemp(join(tmpdir(), 'corpus-prism-'))
  try {
    return await compareIn(folder, document, source, peers)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compareIn(folder: string, document: string, source: string, peers: string): Promise<Compared> {
  const file = join(folder, 'openapi.json')
  await writeFile(file, JSON.stringify(open(parse(await readFile(source, 'utf8')))))
  const compilation = await compile(singleFile(file), 'prism')
  if (!compilation.ok) throw new Error(`${source} can't be compiled: ${compilation.problems[0]?.message}`)
  const { model } = compilation.compiled
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const bin = join(peers, 'node_modules/@stoplight/prism-cli/dist/index.js')
  const args = [bin, 'mock', '-h', '127.0.0.1', '-p', port, '--verboseLevel', 'silent', file]
  const prism = await startServer({ args, cwd: peers, ready: url + READY })
  try {
    const variations = new Variations(model)
    const differences: Difference[] = []
    let [operations, requests] = [0, 0]
    for (const operation of model.operations.filter(({ path }) => path !== READY)) {
      const all = variations.of(operation)
      operations += all.length > 0 ? 1 : 0
      requests += all.length
      for (const variation of all) {
        interruption.throwIfAborted()
        // Each anew: what one request makes is not to be in the way of the next.
        const ours = await verdictOfOurs(createSandbox({ model, basePath: '', verify: nobody }), variation)
        const theirs = await verdictOfPrism(url, variation)
        if (ours.verdict !== theirs.verdict) differences.push({ operation, variation, model, ours, theirs })
      }
    }
    return { document, operations, requests, differences }
  } finally {
    await prism.stop()
  }
}

type Json = Record<string, unknown>

/** A document that anyone may call, at the root of its server, and that says when it is served. */
function open({ security: _, servers: _servers, ...document }: Json): Json {
  const paths = Object.entries(document.paths as Record<string, Record<string, Json>>).map(
    ([path, { servers: _, ...item }]) => [
      path,
      Object.fromEntries(
        Object.entries(item).map(([key, value]) => {
          if (Array.isArray(value) || typeof value !== 'object') return [key, value]
          const { security: _, servers: _servers, ...operation } = value
          return [key, operation]
        }),
      ),
    ],
  )
  const ready = {
    get: { responses: { 200: { description: 'Ready', content: { 'text/plain': { example: 'ready' } } } } },
  }
  return { ...document, paths: { ...Object.fromEntries(paths), [READY]: ready } }
}

const nobody = async () => ({ ok: false, reason: 'nobody is asked' }) as const

export interface Answered {
  readonly verdict: Verdict
  readonly status: number
  readonly body: string
}

async function verdictOfOurs(sandbox: Sandbox, { method, path, headers, body }: Variation): Promise<Answered> {
  const request = new Request(`http://localhost${path}`, { method, headers, body: body ?? null })
  return answered(await sandbox.fetch(request))
}

async function verdictOfPrism(url: string, { method, path, headers, body }: Variation): Promise<Answered> {
  const sent = { method, headers, body: body ?? null, signal: AbortSignal.timeout(PATIENCE) }
  return fetch(url + path, sent).then(answered, (error: Error) => ({ verdict: 'failed', status: 0, body: error.name }))
}

async function answered(response: Response): Promise<Answered> {
  const { status } = response
  // Prism says there what is wrong, where the document has an answer of its own for that.
  const body = (response.headers.get('sl-violations') ?? '') + (await response.text())
  const refused = status === 400 || status === 415 || status === 422
  return { verdict: refused ? 'refused' : status >= 500 ? 'failed' : 'taken', status, body }
}
