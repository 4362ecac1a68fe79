import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { createTar } from 'nanotar'

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
const NAME = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/

/** What stands in for registry.npmjs.org, so that a test may install packages and touch no network. */
export interface Registry {
  /** To be given as npm's `registry`. */
  readonly url: string
  close(): Promise<void>
}

interface Package {
  readonly manifest: Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string }
  readonly tarball: Uint8Array
}

/** A read-only npm registry on loopback that serves this project's own `node_modules`: each package in the one version. */
export async function startRegistry(): Promise<Registry> {
  const packages = new Map<string, Promise<Package | undefined>>()
  const find = (name: string): Promise<Package | undefined> => {
    const found = packages.get(name) ?? readPackage(name)
    packages.set(name, found)
    return found
  }
  let origin = ''
  const server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(request.url ?? '/').slice(1)
      const [name = '', file] = path.split('/-/')
      const wanted = request.method === 'GET' && NAME.test(name) ? await find(name) : undefined
      if (wanted === undefined) send(response, 404, { error: `There is no ${path} in node_modules.` })
      else if (file === undefined) send(response, 200, packument(wanted, origin))
      else response.end(wanted.tarball)
    } catch (error) {
      send(response, 500, { error: String(error) })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The registry has no port.')
  origin = `http://127.0.0.1:${address.port}`
  return {
    url: `${origin}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function packument({ manifest, tarball }: Package, origin: string): Readonly<Record<string, unknown>> {
  const { name, version } = manifest
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const dist = { tarball: `${origin}/${name}/-/${name.split('/').at(-1)}-${version}.tgz`, integrity }
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }
}

async function readPackage(name: string): Promise<Package | undefined> {
  const folder = join(MODULES, name)
  const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined)
  return manifest === undefined ? undefined : { manifest: JSON.parse(manifest), tarball: await pack(folder) }
}

/** The package's files as npm would have packed them. Packages nested within it are others'. */
async function pack(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').includes('node_modules'))
  const files = await Promise.all(
    paths.map(async (path) => {
      const name = `package/${path}`
      if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long for the header of a tarball.`)
      return { name, data: new Uint8Array(await readFile(join(folder, path))), attrs: { mode: '644' } }
    }),
  )
  const tar = createTar(files)
  // The library leaves out the two empty blocks that end an archive where its last record is full.
  return gzipSync(Buffer.concat([tar, new Uint8Array(1024)]), { level: 1 })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
