import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { run } from '../process.ts'

/** Milliseconds that tsc takes for a program, which has to be right. */
export async function checkTypes(program: string, peers: string, cwd: string): Promise<number> {
  const project = join(cwd, 'tsconfig.json')
  const compilerOptions = {
    ...{ target: 'ES2022', module: 'ESNext', moduleResolution: 'Bundler', lib: ['ES2023', 'DOM', 'DOM.Iterable'] },
    ...{ types: [], strict: true, skipLibCheck: true, noEmit: true, allowImportingTsExtensions: true },
  }
  await writeFile(project, JSON.stringify({ compilerOptions, files: [program] }))
  const began = performance.now()
  const tsc = join(peers, 'node_modules/typescript/bin/tsc')
  await run(['--max-old-space-size=4096', tsc, '-p', project], { cwd }).catch((error: { stdout?: string }) => {
    throw new Error(`The program doesn't compile: ${error.stdout?.slice(0, 500)}`)
  })
  return performance.now() - began
}

/** Kilobytes (1,000 bytes) of a program, bundled, minified and compressed. */
export async function bundleSize(source: string, cwd: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: cwd, loader: 'ts' },
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false },
    logLevel: 'silent',
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000
}

const CALLS = 4_000
/** Of each the best counts: what else the machine does only makes them slower. */
const BATCHES = 8

/**
 * Microseconds that a call takes longer than the fetch in it, which answers at once.
 *
 * @param program a module that exports `call`, made with the global fetch
 */
export async function overhead(program: string, cwd: string): Promise<number> {
  const entry = join(cwd, 'overhead.mjs')
  await build({
    stdin: { contents: program, resolveDir: cwd, loader: 'ts' },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'es2022', outfile: join(cwd, 'call.mjs') },
    logLevel: 'silent',
  })
  await writeFile(
    entry,
    `const answer = () => new Response('{"a":1}', { headers: { 'content-type': 'application/json' } })
const token = () => Response.json({ access_token: 'x', token_type: 'bearer', expires_in: 3600 })
globalThis.fetch = async (input) => (String(input.url ?? input).endsWith('/token') ? token() : answer())
const { call } = await import('./call.mjs')
const bare = async () => (await fetch('https://api.example/x')).json()
const time = async (work) => {
  const began = performance.now()
  for (let index = 0; index < ${CALLS}; index++) await work()
  return ((performance.now() - began) * 1000) / ${CALLS}
}
await time(call)
await time(bare)
const rounds = []
for (let round = 0; round < ${BATCHES}; round++) rounds.push([await time(call), await time(bare)])
const best = (index) => Math.min(...rounds.map((each) => each[index]))
console.log(best(0) - best(1))`,
  )
  return Number(await run([entry], { cwd }))
}
