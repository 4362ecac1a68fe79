import type { IncomingMessage } from 'node:http'
import { PORTAL_CLIENT } from '../authorization-server/client-metadata.ts'
import type { ShowPage } from '../authorization-server/page.ts'
import { epoch } from '../store/clock.ts'
import { readCookie } from './cookies.ts'
import { checkDirectories } from './directories.ts'
import { createDispatcher, type Handler, starting } from './dispatch.ts'
import { downloadHandler } from './downloads.ts'
import { enforceHandler } from './enforce.ts'
import type { Environment } from './environment.ts'
import { listen } from './listen.ts'
import { createLocals, personOf } from './locals.ts'
import { servePages } from './page-server.ts'
import { builtPages, type Pages } from './pages.ts'
import type { Person } from './portal.ts'
import { protectedResource } from './protected-resource.ts'
import { registryHandler } from './registry.ts'
import type { ReadApi } from './sdks.ts'
import { createSelfFetch } from './self-fetch.ts'
import { openServices } from './services.ts'
import { SESSION_LIFETIME, sessionCookie, signInHandlers } from './sign-in.ts'

export interface Portal {
  readonly handler: Handler
  /** Ends what goes on until its client has enough. */
  hangUp(): void
  close(): Promise<void>
}

/**
 * Listens, then opens everything; `/health` is 503 until it is all there.
 *
 * @param built the folder that the pages were built to
 * @param say tells a person at the terminal what takes long, and which documents are broken
 * @throws {EnvironmentError} where an address, a folder or the database can't be had
 */
export async function startServer(
  environment: Environment,
  built: string,
  say: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  await checkDirectories(environment)
  let handler = starting
  const listening = await listen((request, response) => handler(request, response), environment.host, environment.port)
  const ownOrigin = listening.origin
  const opened = builtPages(built).then((pages) => openPortal(environment, { pages, ownOrigin, say }))
  const portal = await opened.catch(async (error: unknown) => {
    await listening.stop()
    throw error
  })
  handler = portal.handler
  return {
    async stop() {
      portal.hangUp()
      await listening.stop()
      await portal.close()
    },
  }
}

interface PortalOptions {
  readonly pages: Pages
  /** Where this process itself can be reached. */
  readonly ownOrigin: string
  readonly say: (line: string) => void
}

export async function openPortal(environment: Environment, { pages, ownOrigin, say }: PortalOptions): Promise<Portal> {
  const { publicUrl } = environment
  const selfFetch = createSelfFetch(publicUrl, ownOrigin)
  const showPage: ShowPage = async (request, response, authorizationPage) => {
    const locals = createLocals(services, { request, response, person: await person(request) })
    // Whatever was posted has been read.
    Object.assign(request, { url: '/authorization', method: 'GET' })
    await pages.render(request, response, { ...locals, authorizationPage })
  }
  const services = await openServices(environment, { selfFetch, showPage, say, version: pages.version })
  const { log, settings, store, catalog, authorizationServer, sdks, sandboxes } = services

  const person = (request: IncomingMessage): Promise<Person | undefined> =>
    personOf(store, readCookie(request, sessionCookie(publicUrl)), services.address(request))
  const readApi = async (name: string, { headers }: IncomingMessage): Promise<ReadApi | undefined> => {
    const reader = await services.readers.ofReadToken(headers.authorization)
    const model = catalog.get(name, reader?.apis.includes(name) === true ? reader : undefined)
    return model && { model, ...(reader !== undefined && { app: reader.app }) }
  }
  const render: Handler = async (request, response) => {
    const locals = createLocals(services, { request, response, person: await person(request) })
    await pages.render(request, response, locals)
  }
  const handler = createDispatcher({
    publicUrl,
    authorizationServer: (request, response) => authorizationServer.handle(request, response),
    wellKnown: new Map([
      [
        '/.well-known/oauth-authorization-server/oauth',
        (request, response) => authorizationServer.handle(request, response),
      ],
    ]),
    protectedResource: (api) => protectedResource(publicUrl, catalog.get(api, undefined)),
    sandbox: (api) => sandboxes.handler(api),
    enforce: enforceHandler({
      catalog,
      verify: authorizationServer.verify,
      counselOf: services.counselOf,
      readers: services.readers,
      proxies: environment.enforceProxies,
    }),
    registry: registryHandler(sdks, settings.file.npmScope, readApi),
    download: (path) => downloadHandler(sdks, readApi, path),
    externalSignIn: services.externalSignIn?.handlers ?? new Map<string, Handler>(),
    signIn: signInHandlers({
      publicUrl,
      clientId: PORTAL_CLIENT,
      fetch: selfFetch,
      sessions: {
        create: (personId) =>
          store.portalSessions.start({
            personId,
            data: {},
            expiresAt: epoch() + SESSION_LIFETIME,
          }),
        delete: (token) => store.portalSessions.end(token),
      },
      signOutEverywhere: async (token) => {
        const session = await store.portalSessions.get(token)
        if (session !== undefined) await authorizationServer.endSessions(session.personId)
      },
    }),
    assets: pages.assets,
    pages:
      pages.version !== undefined
        ? servePages({
            render,
            edition: () => catalog.edition + settings.edition,
            personal: (request) => readCookie(request, sessionCookie(publicUrl)) !== undefined,
          })
        : render,
    failed: (error, request) =>
      log.error({ err: error, method: request.method, path: request.url?.split('?', 1)[0] }, 'request failed'),
  })
  return { handler, hangUp: () => sandboxes.hangUp(), close: services.close }
}
