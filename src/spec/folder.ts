import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join, relative } from 'node:path'
import { APIS_FILE, readApisFile } from './apis-file.ts'
import { isAddress } from './files.ts'
import { POLICIES_FILE } from './policies-file.ts'
import { PORTAL_FILE } from './portal-file.ts'

/** One API's files in `SPECS_DIR`. */
export interface SpecFolder {
  /** Lower case, safe in a URL and in an npm name. */
  readonly name: string
  /** The OpenAPI document, a path or an address; undefined: the folder has none. */
  readonly document: string | undefined
  /** Where the files are: a folder, or the one file, which may then refer to itself only. Of a bare address, the address. */
  readonly root: string
  readonly overlay?: string
  readonly access?: string
  readonly seed?: string
  readonly changelog?: string
  readonly guides: readonly string[]
}

const DOCUMENTS = ['openapi.yaml', 'openapi.yml', 'openapi.json', 'swagger.json', 'swagger.yaml', 'swagger.yml']
const SETTINGS = new Set([PORTAL_FILE, POLICIES_FILE, APIS_FILE])
const DOCUMENT_EXTENSIONS = new Set(['.yaml', '.yml', '.json'])
/** More than any sane folder of one API holds; stops a link to `/` or a build folder from being read whole. */
const MOST_FILES = 5_000

/** Every API below `specsDir`, a folder each or a single file each, and those that `apis.yaml` adds. By name. */
export async function findFolders(specsDir: string): Promise<SpecFolder[]> {
  const entries = await readdir(specsDir, { withFileTypes: true })
  const found = await Promise.all(
    entries
      .filter((entry) => !entry.name.startsWith('.') && !SETTINGS.has(entry.name))
      .map(async (entry) => {
        const path = join(specsDir, entry.name)
        const directory = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(path)))
        if (directory) return readFolder(path)
        return DOCUMENT_EXTENSIONS.has(extname(entry.name).toLowerCase()) ? singleFile(path) : undefined
      }),
  )
  const folders = new Map(found.filter((folder) => folder !== undefined).map((folder) => [folder.root, folder]))
  const listed = await readApisFile(specsDir)
  for (const { name, url } of listed.ok ? listed.value.apis : []) {
    const root = join(specsDir, name)
    const rest = folders.get(root)
    if (rest?.document === undefined) folders.set(root, { ...(rest ?? atAddress(url)), name, document: url })
    // Two documents by one name: the catalog says so.
    else folders.set(url, { ...atAddress(url), name })
  }
  return [...folders.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** A document on its own: what a command line names. */
export function singleFile(path: string): SpecFolder {
  return { name: apiName(basename(path, extname(path))), document: path, root: path, guides: [] }
}

/** A document at an address, without anything beside it. Named by its last part that says something. */
export function atAddress(url: string): SpecFolder {
  const { hostname, pathname } = new URL(url)
  const last = basename(pathname, extname(pathname))
  const name = /^(|index|openapi|swagger|api-docs|v\d+)$/i.test(last) ? hostname.replace(/^(api|www)\./, '') : last
  return { name: apiName(name), document: url, root: url, guides: [] }
}

export async function readFolder(path: string): Promise<SpecFolder> {
  const files = await readdir(path)
  const file = (name: string): string | undefined => (files.includes(name) ? join(path, name) : undefined)
  const guides = files.includes('guides')
    ? (await readdir(join(path, 'guides'))).filter((name) => name.endsWith('.md')).sort()
    : []
  const optional = {
    overlay: file('overlay.yaml'),
    access: file('access.yaml'),
    seed: file('seed.yaml'),
    changelog: file('CHANGELOG.md'),
  }
  return {
    name: apiName(basename(path)),
    document: DOCUMENTS.map(file).find((found) => found !== undefined),
    root: path,
    guides: guides.map((name) => join(path, 'guides', name)),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  }
}

/** SHA-256 (hex) over the names and contents of all files that an API is made of; of what is at an address, the address. */
export async function hashFolder(folder: SpecFolder, salt: string): Promise<string> {
  const hash = createHash('sha256').update(salt)
  const files = isAddress(folder.root) ? [] : folder.root === folder.document ? [folder.root] : await walk(folder.root)
  if (folder.document !== undefined && isAddress(folder.document)) hash.update(folder.document)
  for (const file of files.sort()) {
    const content = await readFile(file)
    hash.update(`\0${relative(folder.root, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

async function walk(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .slice(0, MOST_FILES)
    .map((entry) => join(entry.parentPath, entry.name))
}

/** A file's or folder's name as the name of an API. */
function apiName(raw: string): string {
  const name = raw
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
  return name === '' ? 'api' : name.slice(0, 100)
}
