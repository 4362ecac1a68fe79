import type { IncomingMessage } from 'node:http'
import { type Apps, appsOf } from '../apps/apps.ts'
import { PORTAL_CLIENT } from '../authorization-server/client-metadata.ts'
import { seedDemo } from '../authorization-server/demo.ts'
import { type AuthorizationServer, createAuthorizationServer } from '../authorization-server/server.ts'
import type { PortalFile } from '../spec/portal-file.ts'
import { formatProblem } from '../spec/problem.ts'
import { openStore, type Store } from '../store/store.ts'
import { SpecCatalog } from './catalog.ts'
import { Compiler } from './compiler.ts'
import { readCookie } from './cookies.ts'
import { checkDirectories } from './directories.ts'
import { createDispatcher, type Handler, starting } from './dispatch.ts'
import { type Environment, EnvironmentError, isLoopback } from './environment.ts'
import { LastCalls } from './last-calls.ts'
import { listen } from './listen.ts'
import { createLocals, personOf } from './locals.ts'
import { createLog, type Log } from './log.ts'
import { builtPages, type Pages } from './pages.ts'
import type { Person } from './portal.ts'
import { readPortalFile } from './portal-file.ts'
import { protectedResource } from './protected-resource.ts'
import { registryHandler } from './registry.ts'
import { Sandboxes } from './sandboxes.ts'
import { Sdks } from './sdks.ts'
import { createSelfFetch, type SelfFetch } from './self-fetch.ts'
import { SESSION_LIFETIME, sessionCookie, signInHandlers } from './sign-in.ts'

/** Milliseconds between two sweeps of what has expired. */
const SWEEP = 10 * 60_000

export interface Portal {
  readonly handler: Handler
  close(): Promise<void>
}

/** Everything that a request may need, opened and wired. */
export interface Services {
  readonly environment: Environment
  readonly log: Log
  readonly file: PortalFile
  readonly store: Store
  readonly catalog: SpecCatalog
  readonly authorizationServer: AuthorizationServer
  readonly apps: Apps
  readonly sdks: Sdks
  readonly sandboxes: Sandboxes
  close(): Promise<void>
}

/**
 * Listens, then opens everything; `/health` is 503 until it is all there.
 *
 * @param say tells a person at the terminal what takes long, and which documents are broken
 * @throws {EnvironmentError} where an address, a folder or the database can't be had
 */
export async function startServer(
  environment: Environment,
  say: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  await checkDirectories(environment)
  let handler = starting
  const listening = await listen((request, response) => handler(request, response), environment.host, environment.port)
  const address = {
    host: isLoopback(environment.host) || /^[0:.[\]]+$/.test(environment.host) ? '127.0.0.1' : environment.host,
    port: listening.port,
  }
  const pages = await builtPages()
  const portal = await openPortal(environment, { pages, address: () => address, say })
  handler = portal.handler
  return {
    async stop() {
      await listening.stop()
      await portal.close()
    },
  }
}

interface PortalOptions {
  readonly pages: Pages
  /** Where this process itself can be reached. */
  readonly address: () => { host: string; port: number }
  readonly say: (line: string) => void
}

export async function openPortal(environment: Environment, { pages, address, say }: PortalOptions): Promise<Portal> {
  const { publicUrl } = environment
  const selfFetch = createSelfFetch(publicUrl, address)
  const services = await openServices(environment, selfFetch, say)
  const { log, file, store, catalog, authorizationServer, sdks, sandboxes } = services

  const person = (request: IncomingMessage): Promise<Person | undefined> =>
    personOf(store, readCookie(request, sessionCookie(publicUrl)))
  const publicApi = (name: string) => catalog.get(name, undefined)
  const handler = createDispatcher({
    publicUrl,
    authorizationServer: (request, response) => authorizationServer.handle(request, response),
    wellKnown: new Map([
      [
        '/.well-known/oauth-authorization-server/oauth',
        (request, response) => authorizationServer.handle(request, response),
      ],
    ]),
    protectedResource: (api) => protectedResource(publicUrl, publicApi(api)),
    sandbox: (api) => sandboxes.handler(api),
    registry: registryHandler(sdks, file.npmScope, publicApi),
    signIn: signInHandlers({
      publicUrl,
      clientId: PORTAL_CLIENT,
      fetch: selfFetch,
      sessions: {
        create: (personId) =>
          store.portalSessions.start({
            personId,
            data: {},
            expiresAt: Math.floor(Date.now() / 1000) + SESSION_LIFETIME,
          }),
        delete: (token) => store.portalSessions.end(token),
      },
      signOutEverywhere: async (token) => {
        const session = await store.portalSessions.get(token)
        if (session !== undefined) await authorizationServer.endSessions(session.personId)
      },
    }),
    assets: pages.assets,
    pages: async (request, response) => {
      const locals = createLocals(services, { request, response, person: await person(request) })
      await pages.render(request, response, locals)
    },
    failed: (error, request) =>
      log.error({ err: error, method: request.method, path: request.url?.split('?', 1)[0] }, 'request failed'),
  })
  return { handler, close: services.close }
}

async function openServices(
  environment: Environment,
  selfFetch: SelfFetch,
  say: (line: string) => void,
): Promise<Services> {
  const { publicUrl, dataDir, specsDir, databaseUrl } = environment
  const log = createLog(environment.logLevel)
  const { file, problems } = await readPortalFile(specsDir)
  for (const problem of problems) say(formatProblem(problem))
  const store = await openDatabase(dataDir, databaseUrl)
  if (environment.demo) await seedDemo(store, dataDir)
  const compiler = await Compiler.open(dataDir)
  const catalog = await SpecCatalog.load(specsDir, compiler, (done, of, name) => {
    if (of > 5 || done === of) log.debug({ done, of, name }, 'compiled')
  })
  compiler.close()
  for (const { problems } of catalog.broken()) for (const problem of problems.slice(0, 3)) say(formatProblem(problem))

  const models = catalog.models()
  const authorizationServer = await createAuthorizationServer({
    publicUrl,
    store,
    models,
    onError: (error) => log.error({ err: error }, 'authorization server failed'),
  })
  const drifted = await authorizationServer.reload(models)
  for (const api of drifted)
    log.warn({ api }, 'the policies in access.yaml differ from those in force, which the database holds')

  const apps = appsOf({
    issuer: { url: authorizationServer.issuer, fetch: selfFetch },
    store,
    authorization: authorizationServer,
  })
  const lastCalls = new LastCalls(store.clients, (error) => log.error({ err: error }, 'a call could not be recorded'))
  const sandboxes = new Sandboxes({ publicUrl, catalog, verify: authorizationServer.verify, lastCalls, log })
  const sdks = new Sdks({ publicUrl, npmScope: file.npmScope, store })
  const sweeper = setInterval(() => {
    store.sweep().catch((error) => log.error({ err: error }, 'expired rows could not be removed'))
  }, SWEEP)
  sweeper.unref()
  return {
    environment,
    log,
    file,
    store,
    catalog,
    authorizationServer,
    apps,
    sdks,
    sandboxes,
    async close() {
      clearInterval(sweeper)
      sdks.close()
      await lastCalls.flush()
      await store.close()
    },
  }
}

async function openDatabase(dataDir: string, databaseUrl: string | undefined): Promise<Store> {
  try {
    return await openStore({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    const variable = databaseUrl === undefined ? `DATA_DIR: the database in ${dataDir}` : 'DATABASE_URL: the database'
    throw new EnvironmentError(`${variable} can't be opened: ${reason}`)
  }
}
