import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { interruption } from '../bench/interruption.ts'
import { type Checked, errorsOf, STRICT, STRICTEST } from './strictness.ts'

/** As `npm run bench` has them, too. */
export const PEERS: Readonly<Record<string, string>> = {
  '@hey-api/openapi-ts': '0.99.0',
  'swagger-typescript-api': '13.13.0',
  orval: '8.38.0',
}

/** What each is told, so that it writes TypeScript for `fetch` into a folder. */
const COMMANDS: Readonly<Record<string, (document: string, out: string) => readonly string[]>> = {
  '@hey-api/openapi-ts': (document, out) => ['bin/run.js', '-i', document, '-o', out, '-c', '@hey-api/client-fetch'],
  'swagger-typescript-api': (document, out) => ['dist/cli.mjs', 'generate', '-p', document, '-o', out, '-n', 'api.ts'],
  orval: (document, out) => [
    'dist/bin/orval.mjs',
    '--input',
    document,
    '--output',
    join(out, 'api.ts'),
    '--client',
    'fetch',
  ],
}

const PATIENCE = 120_000

/** What a peer makes of a document, compiled as ours is. */
export async function checkPeer(name: string, document: string, peers: string): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'corpus-peer-'))
  try {
    const out = join(folder, 'out')
    const [bin = '', ...args] = COMMANDS[name]?.(document, out) ?? []
    const limits = { timeout: PATIENCE, maxBuffer: 1 << 26, signal: interruption }
    const options = { ...limits, cwd: folder, env: { ...process.env, CI: 'true' } }
    await promisify(execFile)(process.execPath, [join(peers, 'node_modules', name, bin), ...args], options)
    const names = (await readdir(out, { recursive: true })).filter((path) => path.endsWith('.ts'))
    if (names.length === 0) return { made: false, errors: ['It wrote nothing.'] }
    const sources = new Map(
      await Promise.all(names.map(async (path) => [path, await readFile(join(out, path), 'utf8')] as const)),
    )
    // What isn't looked at can't be wrong: a file that says so counts as it would without.
    const looked = new Map([...sources].map(([path, text]) => [path, text.replaceAll('@ts-nocheck', '')] as const))
    const errors = errorsOf(looked, STRICTEST)
    return { made: true, strict: errors.length === 0 || errorsOf(looked, STRICT).length === 0, errors }
  } catch (error) {
    interruption.throwIfAborted()
    return { made: false, errors: [error instanceof Error ? error.message.slice(0, 500) : String(error)] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
