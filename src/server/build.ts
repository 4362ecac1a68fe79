import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const STAMP = join(ROOT, 'dist/.sources')
/** What the pages are built from. */
const SOURCES = ['src', 'astro.config.mjs', 'package-lock.json', 'tsconfig.json']

/** Builds the pages when the sources are newer than the last build. @throws when the build fails */
export async function ensureBuilt(say: (line: string) => void): Promise<void> {
  const stamp = await digest()
  if ((await builtFrom()) === stamp) return
  say('Building the pages (once, until a source changes) …')
  const output: string[] = []
  const astro = fileURLToPath(new URL('../../node_modules/astro/bin/astro.mjs', import.meta.url))
  const child = spawn(process.execPath, [astro, 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  })
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`The build of the pages failed.\n${output.join('')}`)
  await compressAssets(join(ROOT, 'dist/client'))
  await writeFile(STAMP, stamp)
}

/** A digest of the sources that the pages were built from; empty: they weren't. */
export async function builtFrom(): Promise<string> {
  return readFile(STAMP, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}

/** A `.br` and a `.gz` beside each script and style: they are made once, and sent many times. */
async function compressAssets(directory: string): Promise<void> {
  const files = (await walk(directory)).filter((file) => /\.(js|css|svg)$/.test(file))
  for (const file of files) {
    const content = await readFile(file)
    await writeFile(`${file}.br`, brotliCompressSync(content))
    await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }))
  }
}

async function digest(): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const source of SOURCES) {
    const path = join(ROOT, source)
    const files = source.includes('.') ? [path] : await walk(path)
    for (const file of files.sort()) hash.update(file.slice(ROOT.length)).update(await readFile(file))
  }
  return hash.digest('hex')
}

async function walk(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
