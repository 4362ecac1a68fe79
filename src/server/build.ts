import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DIST = join(ROOT, 'dist')
/** What the pages are built from. */
const SOURCES = ['src', 'astro.config.mjs', 'package-lock.json', 'tsconfig.json']
/** Builds that are kept. A server reads pages of its own when they are first asked for, also after others were built. */
const KEPT = 3

/**
 * Builds the pages, unless they were built from these sources before.
 *
 * @returns the folder that they are in, named after the digest of their sources
 * @throws when the build fails
 */
export async function ensureBuilt(say: (line: string) => void): Promise<string> {
  const folder = join(DIST, await digest())
  if (await touch(folder)) return folder
  say('Building the pages (once, until a source changes) …')
  const unfinished = `${folder}.${process.pid}.part`
  const output: string[] = []
  const astro = fileURLToPath(new URL('../../node_modules/astro/bin/astro.mjs', import.meta.url))
  const child = spawn(process.execPath, [astro, 'build', '--outDir', unfinished], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  })
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`The build of the pages failed.\n${output.join('')}`)
  await compressAssets(join(unfinished, 'client'))
  await rename(unfinished, folder).catch(async (error: unknown) => {
    // Another process may have built them meanwhile.
    if (!(await touch(folder))) throw error
  })
  await sweep()
  return folder
}

/** Marks a build as used just now. @returns whether there is one */
async function touch(folder: string): Promise<boolean> {
  const now = new Date()
  return utimes(folder, now, now).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

/** Removes what was used longest ago. */
async function sweep(): Promise<void> {
  const builds = (await readdir(DIST)).flatMap((name) => {
    const path = join(DIST, name)
    // Another process that builds may have renamed or removed it just now.
    const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    return used === undefined ? [] : [{ path, used }]
  })
  const oldest = builds.sort((a, b) => b.used - a.used).slice(KEPT)
  for (const { path } of oldest) await rm(path, { recursive: true, force: true })
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
