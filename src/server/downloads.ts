import type { IncomingMessage } from 'node:http'
import type { Handler } from './dispatch.ts'
import { sendProblem } from './headers.ts'
import { keptBy, type ReadApi, type Sdks } from './sdks.ts'

const PATH = /^\/apis\/([^/]+)\/sdks\/typescript(?:-([a-z0-9.-]+))?\.tgz$/

/**
 * `/apis/{api}/sdks/typescript.tgz`: the package as it is now, for `?scopes=a+b`, for `?client_id=…`, or of the whole API;
 * `typescript-<version>.tgz` never changes. Whoever downloads may be no browser, and isn't signed in: what isn't public takes
 * a read token.
 *
 * @returns undefined for a path that is none of these
 */
export function downloadHandler(
  sdks: Sdks,
  readApi: (name: string, request: IncomingMessage) => Promise<ReadApi | undefined>,
  path: string,
): Handler | undefined {
  const match = PATH.exec(path)
  if (match === null) return undefined
  const [, api = '', version] = match
  return async (request, response) => {
    const read = await readApi(api, request)
    if (read === undefined) return sendProblem(response, 404, 'Not Found', 'There is no such SDK.')
    const scopes = version === undefined ? await wanted(sdks, read, request) : undefined
    const invented = new URL(request.url ?? '/', 'http://localhost').searchParams.has('scopes')
    if (typeof scopes === 'string') return sendProblem(response, 400, 'Bad Request', scopes)
    const content =
      version === undefined
        ? await sdks.make(read.model, scopes, { publish: !invented })
        : await sdks.tarball(read, version)
    if (content === undefined) return sendProblem(response, 404, 'Not Found', 'There is no such SDK.')
    const name = `${read.model.name}-${version ?? sdks.version(read.model, scopes)}.tgz`
    response.setHeader('Content-Type', 'application/gzip')
    response.setHeader('Content-Length', content.byteLength)
    response.setHeader('Content-Disposition', `attachment; filename="${name}"`)
    response.setHeader('Cache-Control', version === undefined ? 'no-cache' : keptBy(read))
    response.end(request.method === 'HEAD' ? undefined : content)
  }
}

/** The scopes that the query asks for; a sentence where they can't be had. */
async function wanted(
  sdks: Sdks,
  api: ReadApi,
  request: IncomingMessage,
): Promise<readonly string[] | undefined | string> {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams
  const clientId = query.get('client_id')
  if (clientId !== null) return (await sdks.scopesOf(api, clientId)) ?? 'There is no such app for this API.'
  const text = query.get('scopes')
  if (text === null) return undefined
  const scopes = [...new Set(text.split(' ').filter((scope) => scope !== ''))].sort()
  const unknown = scopes.filter((scope) => !api.model.scopes.some(({ name }) => name === scope))
  return unknown.length === 0 ? scopes : `The API has no scope ${unknown.join(', ')}.`
}
