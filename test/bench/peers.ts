import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { interruption } from './interruption.ts'

const INSTALL = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']

/** Installs a bench's peers into its cache, unless what is there is what was asked for. */
export async function installPeers(
  folder: string,
  peers: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (Object.keys(peers).length === 0) return
  for (const [name, version] of Object.entries(peers))
    if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name}: a peer's version must be exact, not ${version}.`)
  const manifest = `${JSON.stringify({ private: true, dependencies: peers, overrides }, null, 2)}\n`
  // Written last, so that an install that was cut off is done again.
  const marker = join(folder, 'installed.json')
  if (
    await readFile(marker, 'utf8').then(
      (text) => text === manifest,
      () => false,
    )
  )
    return
  console.error(
    `Installing the peers: ${Object.entries(peers)
      .map((peer) => peer.join(' '))
      .join(', ')}`,
  )
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), manifest)
  await promisify(execFile)('npm', INSTALL, { cwd: folder, signal: interruption })
  await writeFile(marker, manifest)
}

/** The version of an installed package. */
export async function installedVersion(folder: string, name: string): Promise<string> {
  return JSON.parse(await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version
}
