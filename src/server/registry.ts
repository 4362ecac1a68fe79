import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handler } from './dispatch.ts'
import { sendJson } from './headers.ts'
import { keptBy, type ReadApi, type Sdks } from './sdks.ts'

/** `/npm/@scope/name`, or a tarball below; npm encodes the slash. */
const PATH = /^\/npm\/@([^/%]+)(?:%2f|\/)([a-z0-9._-]+)(?:\/-\/([a-z0-9._-]+)\.tgz)?$/i

/** `/npm/`: a read-only npm registry of the SDKs. Whoever installs isn't signed in: what isn't public takes a read token. */
export function registryHandler(
  sdks: Sdks,
  npmScope: string,
  readApi: (name: string, request: IncomingMessage) => Promise<ReadApi | undefined>,
): Handler {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return fail(response, 405, 'This registry is read-only.')
    }
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    if (path === '/npm/-/ping') return sendJson(response, 200, {})
    const [, scope, name = '', file] = PATH.exec(path) ?? []
    const api = scope === npmScope ? await readApi(name, request) : undefined
    if (api === undefined) return fail(response, 404, 'There is no such package.')
    if (file === undefined) {
      // Apps come and go: a cached list would hide a new app's version.
      response.setHeader('Cache-Control', 'no-cache')
      return sendJson(response, 200, await sdks.packument(api))
    }
    const version = file.slice(api.model.name.length + 1)
    const content = await sdks.tarball(api, version)
    if (content === undefined)
      return fail(
        response,
        404,
        `There is no version ${version}, or it was not downloaded for so long that it is not kept. Install a current one: npm view ${sdks.packageName(api.model.name)} dist-tags`,
      )
    response.setHeader('Content-Type', 'application/octet-stream')
    response.setHeader('Content-Length', content.byteLength)
    response.setHeader('Cache-Control', keptBy(api))
    response.end(request.method === 'HEAD' ? undefined : content)
  }
}

/** npm shows `error` to the person who installs. */
function fail(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, { error })
}
