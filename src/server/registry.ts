import type { ServerResponse } from 'node:http'
import type { ApiModel } from '../model/api.ts'
import type { Handler } from './dispatch.ts'
import { sendJson } from './headers.ts'
import type { Sdks } from './sdks.ts'

/**
 * `/npm/`: a read-only npm registry of the SDKs. Whoever installs isn't signed in, so it holds the public APIs only.
 *
 * @param publicApi the model of an API that anyone may see
 */
export function registryHandler(
  sdks: Sdks,
  npmScope: string,
  publicApi: (name: string) => ApiModel | undefined,
): Handler {
  const PACKAGE = new RegExp(`^/npm/@${npmScope.replaceAll('.', '\\.')}(?:%2f|/)([a-z0-9._-]+)$`, 'i')
  const TARBALL = new RegExp(
    `^/npm/@${npmScope.replaceAll('.', '\\.')}(?:%2f|/)([a-z0-9._-]+)/-/([a-z0-9._-]+)[.]tgz$`,
    'i',
  )

  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return fail(response, 405, 'This registry is read-only.')
    }
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    if (path === '/npm/-/ping') return sendJson(response, 200, {})
    const tarball = TARBALL.exec(path)
    const model = publicApi(tarball?.[1] ?? PACKAGE.exec(path)?.[1] ?? '')
    if (model === undefined) return fail(response, 404, 'There is no such package.')
    if (tarball === null) {
      // Apps come and go: a cached list would hide a new app's version.
      response.setHeader('Cache-Control', 'no-cache')
      return sendJson(response, 200, await sdks.packument(model))
    }
    const version = tarball[2]?.slice(model.name.length + 1) ?? ''
    const content = await sdks.tarball(model, version)
    if (content === undefined) return fail(response, 404, `There is no version ${version}.`)
    response.setHeader('Content-Type', 'application/octet-stream')
    response.setHeader('Content-Length', content.byteLength)
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
    response.end(request.method === 'HEAD' ? undefined : content)
  }
}

/** npm shows `error` to the person who installs. */
function fail(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, { error })
}
