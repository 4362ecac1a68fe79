import type { IncomingMessage } from 'node:http'
import type { ApiModel } from '../model/api.ts'
import type { Handler } from './dispatch.ts'
import { sendProblem } from './headers.ts'
import type { Sdks } from './sdks.ts'

const PATH = /^\/apis\/([^/]+)\/sdks\/typescript(?:-([a-z0-9.-]+))?\.tgz$/

/**
 * `/apis/{api}/sdks/typescript.tgz`: the package as it is now, for `?scopes=a+b`, for `?client_id=…`, or of the whole API;
 * `typescript-<version>.tgz` never changes. Public APIs only: whoever downloads may be no browser, and isn't signed in.
 *
 * @returns undefined for a path that is none of these
 */
export function downloadHandler(
  sdks: Sdks,
  publicApi: (name: string) => ApiModel | undefined,
  path: string,
): Handler | undefined {
  const match = PATH.exec(path)
  if (match === null) return undefined
  const [, api = '', version] = match
  return async (request, response) => {
    const model = publicApi(api)
    if (model === undefined) return sendProblem(response, 404, 'Not Found', 'There is no such SDK.')
    const scopes = version === undefined ? await wanted(sdks, model, request) : undefined
    const invented = new URL(request.url ?? '/', 'http://localhost').searchParams.has('scopes')
    if (typeof scopes === 'string') return sendProblem(response, 400, 'Bad Request', scopes)
    const content =
      version === undefined
        ? await sdks.make(model, scopes, { publish: !invented })
        : await sdks.tarball(model, version)
    if (content === undefined) return sendProblem(response, 404, 'Not Found', 'There is no such SDK.')
    const name = `${model.name}-${version ?? sdks.version(model, scopes)}.tgz`
    response.setHeader('Content-Type', 'application/gzip')
    response.setHeader('Content-Length', content.byteLength)
    response.setHeader('Content-Disposition', `attachment; filename="${name}"`)
    response.setHeader('Cache-Control', version === undefined ? 'no-cache' : 'public, max-age=31536000, immutable')
    response.end(request.method === 'HEAD' ? undefined : content)
  }
}

/** The scopes that the query asks for; a sentence where they can't be had. */
async function wanted(
  sdks: Sdks,
  model: ApiModel,
  request: IncomingMessage,
): Promise<readonly string[] | undefined | string> {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams
  const clientId = query.get('client_id')
  if (clientId !== null) return (await sdks.scopesOf(model, clientId)) ?? 'There is no such app for this API.'
  const text = query.get('scopes')
  if (text === null) return undefined
  const scopes = [...new Set(text.split(' ').filter((scope) => scope !== ''))].sort()
  const unknown = scopes.filter((scope) => !model.scopes.some(({ name }) => name === scope))
  return unknown.length === 0 ? scopes : `The API has no scope ${unknown.join(', ')}.`
}
