import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileSchema } from '../spec/file-schemas.ts'
import { isLoopback } from './environment.ts'
import { sendJson, sendProblem, setSecurityHeaders } from './headers.ts'
import { isOwnOrigin, isSafe } from './origin.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export interface Mounts {
  readonly publicUrl: string
  /** `/oauth/…` */
  readonly authorizationServer: Handler
  /** By exact path. */
  readonly wellKnown: ReadonlyMap<string, Handler>
  readonly protectedResource: (api: string) => Handler
  readonly sandbox: (api: string) => Handler
  /** `/enforce/…`: proxies ask whether a call may pass. */
  readonly enforce: Handler
  readonly registry: Handler
  /** Tarballs of SDKs, by path. */
  readonly download: (path: string) => Handler | undefined
  /** `/auth/…`: signing in to and out of the portal itself. */
  readonly signIn: ReadonlyMap<string, Handler>
  /** `/auth/external…`: signing in at another provider, if there is one. */
  readonly externalSignIn: ReadonlyMap<string, Handler>
  /** What the pages were built to: scripts, styles, fonts. Calls `next` for anything else. */
  readonly assets: (request: IncomingMessage, response: ServerResponse, next: () => void) => void
  readonly pages: Handler
  readonly failed: (error: unknown, request: IncomingMessage) => void
}

/** The one way in: a request goes to whatever owns its path. */
export function createDispatcher(mounts: Mounts): Handler {
  const { publicUrl } = mounts
  const home = new URL(publicUrl)
  const https = home.protocol === 'https:'

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '/'
    const path = url.split('?', 1)[0] ?? '/'
    if (path === '/health') return sendJson(response, 200, { status: 'ok' })
    if (path.startsWith('/enforce/')) return mounts.enforce(request, response)
    setSecurityHeaders(response, { https })

    const api = /^\/sandbox\/([^/]+)(\/|$)/.exec(path)?.[1]
    if (api !== undefined) {
      return mounts.sandbox(decode(api))(request, response)
    }
    if (path === '/npm' || path.startsWith('/npm/')) return mounts.registry(request, response)
    const schema = /^\/schemas\/([a-z]+)\.json$/.exec(path)?.[1]
    if (schema !== undefined && isSafe(request.method)) return sendSchema(response, schema)
    const download = isSafe(request.method) ? mounts.download(path) : undefined
    if (download !== undefined) return download(request, response)
    const metadata = /^\/\.well-known\/oauth-protected-resource\/sandbox\/([^/]+)$/.exec(path)?.[1]
    if (metadata !== undefined) return mounts.protectedResource(decode(metadata))(request, response)
    const wellKnown = mounts.wellKnown.get(path)
    if (wellKnown !== undefined) {
      pretendPublic(request, home)
      return wellKnown(request, response)
    }

    // Cookies belong to one origin: someone who came by another name of this machine goes to the one that works.
    if (
      request.headers['sec-fetch-mode'] === 'navigate' &&
      isSafe(request.method) &&
      isOtherName(request.headers.host, home)
    )
      return redirect(response, publicUrl + url)
    if (path === '/oauth' || path.startsWith('/oauth/')) {
      pretendPublic(request, home)
      // An answer by form_post is a form that goes to the app, by a script whose hash the library adds.
      response.setHeader(
        'Content-Security-Policy',
        "default-src 'none'; base-uri 'none'; script-src 'self'; form-action 'self' https: http:; frame-ancestors 'none'",
      )
      return mounts.authorizationServer(request, response)
    }
    if (!isSafe(request.method) && !isOwnOrigin(request, publicUrl))
      return sendProblem(response, 403, 'Forbidden', 'This request did not come from a page of this portal.')
    const signIn = mounts.signIn.get(path) ?? mounts.externalSignIn.get(path)
    if (signIn !== undefined) return signIn(request, response)
    pretendPublic(request, home)
    return new Promise((resolve, reject) => {
      response.once('close', resolve)
      mounts.assets(request, response, () => {
        Promise.resolve(mounts.pages(request, response)).then(resolve, reject)
      })
    })
  }

  return async (request, response) => {
    try {
      await route(request, response)
    } catch (error) {
      mounts.failed(error, request)
      if (response.headersSent) response.destroy()
      else sendProblem(response, 500, 'Internal Server Error', 'Something went wrong here. It has been logged.')
    }
  }
}

/** Answers while the rest is being opened. */
export const starting: Handler = (_, response) => {
  response.setHeader('Retry-After', '1')
  sendProblem(response, 503, 'Service Unavailable', 'The server is starting.')
}

/** Whatever proxy the request came through, what is built from it carries the public address. */
function pretendPublic(request: IncomingMessage, home: URL): void {
  request.headers.host = home.host
  request.headers['x-forwarded-host'] = home.host
  request.headers['x-forwarded-proto'] = home.protocol.slice(0, -1)
}

function isOtherName(host: string | undefined, home: URL): boolean {
  if (host === undefined || host === home.host || !isLoopback(home.hostname)) return false
  const other = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined
  return other !== undefined && isLoopback(other.hostname) && other.port === home.port
}

export function redirect(response: ServerResponse, location: string): void {
  response.statusCode = 303
  response.setHeader('Location', location)
  response.end()
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Editors of any page may read it. */
function sendSchema(response: ServerResponse, name: string): void {
  const schema = fileSchema(name)
  response.setHeader('Access-Control-Allow-Origin', '*')
  if (schema === undefined) sendProblem(response, 404, 'Not found', `There is no file ${name}.yaml.`)
  else sendJson(response, 200, schema)
}
