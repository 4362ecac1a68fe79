import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Measurement, Place, Value } from '../bench.ts'
import { DOCUMENTS, documentFolder, FILE, type LargeDocument, ofDocument } from './documents.ts'
import { read } from './reading.ts'

/** A peer: a page with its files, as its own documentation says, and the link to an operation. */
export interface Peer {
  /** Below `node_modules`, by the name that the page asks for. */
  readonly files: Readonly<Record<string, string>>
  readonly html: string
  readonly fragment: (document: LargeDocument) => string
}

const head = (styles = '') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>API</title>${styles}</head>`

export const SCALAR: Peer = {
  files: { 'scalar.js': '@scalar/api-reference/dist/browser/standalone.js' },
  html: `${head()}<body><div id="app"></div><script src="/scalar.js"></script><script>Scalar.createApiReference('#app', { url: '/document.json' })</script></body></html>`,
  fragment: ({ tag, method, path }) => `#tag/${tag ?? 'default'}/${method.toUpperCase()}${path}`,
}

export const REDOC: Peer = {
  files: { 'redoc.js': 'redoc/bundles/redoc.standalone.js' },
  html: `${head()}<body><redoc spec-url="/document.json" disable-telemetry="true"></redoc><script type="module" src="/redoc.js"></script></body></html>`,
  fragment: ({ tag, operationId }) => `#/${tag ?? 'other'}/${operationId.toLowerCase()}`,
}

export const SWAGGER_UI: Peer = {
  files: { 'swagger.js': 'swagger-ui-dist/swagger-ui-bundle.js', 'swagger.css': 'swagger-ui-dist/swagger-ui.css' },
  html: `${head('<link rel="stylesheet" href="/swagger.css">')}<body><div id="app"></div><script src="/swagger.js"></script><script>SwaggerUIBundle({ url: '/document.json', dom_id: '#app', deepLinking: true, docExpansion: 'none' })</script></body></html>`,
  fragment: ({ tag, operationId }) => `#/${tag ?? 'default'}/${operationId}`,
}

export const ELEMENTS: Peer = {
  files: {
    'elements.js': '@stoplight/elements/web-components.min.js',
    'elements.css': '@stoplight/elements/styles.min.css',
  },
  html: `${head('<link rel="stylesheet" href="/elements.css">')}<body><script src="/elements.js"></script><elements-api apiDescriptionUrl="/document.json" router="hash"></elements-api></body></html>`,
  fragment: ({ operationId }) => `#/operations/${operationId}`,
}

/** Reads each document with a peer, served compressed from memory. */
export function preparePeer(peer: Peer): (place: Place) => Promise<() => Promise<Measurement>> {
  return async (place) => {
    const files = await Promise.all(
      Object.entries(peer.files).map(
        async ([name, file]): Promise<[string, Buffer]> => [
          `/${name}`,
          gzipSync(await readFile(join(place.peers, 'node_modules', file))),
        ],
      ),
    )
    const contents = new Map<LargeDocument, Buffer>()
    for (const document of DOCUMENTS)
      contents.set(document, gzipSync(await readFile(join(await documentFolder(place, document), FILE))))
    return async () => {
      const measured: Record<string, Value> = {}
      for (const [document, content] of contents) {
        const server = await serve(new Map([...files, ['/document.json', content], ['/', gzipSync(peer.html)]]))
        try {
          const { port } = server.address() as AddressInfo
          const reading = await read(`http://localhost:${port}/${peer.fragment(document)}`, document.words)
          Object.assign(measured, ofDocument(document, reading))
        } finally {
          server.closeAllConnections()
          server.close()
        }
      }
      return measured
    }
  }
}

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', json: 'application/json' }

async function serve(files: ReadonlyMap<string, Buffer>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const content = files.get(path)
    if (content === undefined) return void response.writeHead(404).end()
    const type = TYPES[path.split('.').at(-1) ?? ''] ?? 'text/html; charset=utf-8'
    response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip', 'content-length': content.length })
    response.end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return server
}
