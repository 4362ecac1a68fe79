import type { IncomingMessage } from 'node:http'
import { type Apps, appsOf } from '../apps/apps.ts'
import type { IssuerFetch } from '../apps/registration.ts'
import { seedDemo } from '../authorization-server/demo.ts'
import type { ShowPage } from '../authorization-server/page.ts'
import { type AuthorizationServer, createAuthorizationServer } from '../authorization-server/server.ts'
import { resourceOf } from '../model/audience.ts'
import { POLICIES_FILE, readPoliciesFile, type SharedPolicy } from '../spec/policies-file.ts'
import { formatProblem } from '../spec/problem.ts'
import { openStore, type Store } from '../store/store.ts'
import { CallCounts } from './call-counts.ts'
import { SpecCatalog } from './catalog.ts'
import { clientAddress } from './client-address.ts'
import { Compiler } from './compiler.ts'
import { type CounselOf, counselBy } from './counsel.ts'
import { type Environment, EnvironmentError } from './environment.ts'
import { type ExternalSignIn, externalSignInAt } from './external-sign-in.ts'
import { LastCalls } from './last-calls.ts'
import { createLog, type Log } from './log.ts'
import { Parts, type PartsOptions } from './parts.ts'
import type { BrokenDocument } from './portal.ts'
import { PortalSettings } from './portal-file.ts'
import { type Readers, readersIn } from './readers.ts'
import { remoteKeys } from './remote-keys.ts'
import { Sandboxes } from './sandboxes.ts'
import { Sdks } from './sdks.ts'
import { watchFolder } from './watch.ts'

/** Milliseconds between two looks at documents at addresses, which tell of no change. */
const LOOK = 10 * 60_000
/** Milliseconds between two sweeps of what has expired. */
const SWEEP = 10 * 60_000

/** Everything that a request may need, opened and wired. */
export interface Services {
  readonly environment: Environment
  readonly log: Log
  readonly settings: PortalSettings
  readonly store: Store
  readonly catalog: SpecCatalog
  readonly authorizationServer: AuthorizationServer
  /** The caller's, whatever proxies are in between. */
  readonly address: (request: IncomingMessage) => string | undefined
  readonly externalSignIn: ExternalSignIn | undefined
  readonly apps: Apps
  readonly readers: Readers
  readonly counselOf: CounselOf
  readonly sdks: Sdks
  readonly sandboxes: Sandboxes
  /** Of pages. */
  readonly version: string | undefined
  /** Undefined while pages may change. */
  readonly parts: Parts | undefined
  close(): Promise<void>
}

interface ServiceOptions {
  readonly selfFetch: IssuerFetch
  readonly showPage: ShowPage
  readonly say: (line: string) => void
  /** Digest of what pages are built from; undefined: they may change at any time. */
  readonly version: string | undefined
}

export async function openServices(
  environment: Environment,
  { selfFetch, showPage, say, version }: ServiceOptions,
): Promise<Services> {
  const { publicUrl, dataDir, specsDir, databaseUrl } = environment
  const log = createLog(environment.logLevel)
  const settings = await PortalSettings.open(specsDir)
  for (const problem of settings.problems) say(formatProblem(problem))
  const store = await openDatabase(dataDir, databaseUrl)
  if (environment.demo) await seedDemo(store, dataDir)
  const compiler = await Compiler.open(dataDir, !environment.production)
  const catalog = await SpecCatalog.load(specsDir, publicUrl, compiler, (done, of, name) => {
    if (of > 5 || done === of) log.debug({ done, of, name }, 'compiled')
  })
  compiler.rest()
  sayBroken(catalog.broken(), say)

  const address = clientAddress(environment.trustedProxies)
  const models = catalog.models()
  const authorizationServer = await createAuthorizationServer({
    publicUrl,
    store,
    models,
    showPage,
    address,
    refreshGrace: environment.refreshGrace,
    anonymousRegistration: environment.anonymousRegistration,
    remoteKeys: remoteKeys(!environment.production),
    onError: (error) => log.error({ err: error }, 'authorization server failed'),
  })
  const takeModels = async () => {
    const shared = await sharedPolicies(specsDir, store, say)
    for (const name of await authorizationServer.reload(catalog.models(), shared))
      log.warn(
        { policies: name },
        'the file has other policies than the database, which rules: see sallyport policy diff, and apply',
      )
  }
  await takeModels()
  const parts =
    version === undefined
      ? undefined
      : partsOf({ dataDir, version, portal: { publicUrl, npmScope: settings.file.npmScope } }, log)
  await parts?.take(catalog.stored())
  const unwatch = await watchFolder(
    specsDir,
    async () => {
      const { changed, removed, broken } = await catalog.refresh()
      compiler.rest()
      if (changed.length + removed.length > 0) {
        await takeModels()
        await parts?.take(catalog.stored())
        log.info({ changed, removed }, 'documents were read again')
      }
      sayBroken(broken, say)
      for (const problem of await settings.refresh()) say(formatProblem(problem))
    },
    (error) => log.error({ err: error }, 'changed documents could not be read'),
    LOOK,
  )

  const { signInProvider: provider } = environment
  const externalSignIn =
    provider === undefined
      ? undefined
      : externalSignInAt({
          publicUrl,
          provider,
          store,
          revocation: authorizationServer,
          failed: (error) => log.error({ err: error, provider: provider.issuer }, 'sign-in at the provider failed'),
        })
  const apps = appsOf({
    issuer: { url: authorizationServer.issuer, fetch: selfFetch },
    store,
    authorization: authorizationServer,
    models: () => catalog.models(),
    audience: (api) => resourceOf(publicUrl, api),
  })
  const callCounts = new CallCounts(store.calls, (error) => log.error({ err: error }, 'calls could not be counted'))
  const lastCalls = new LastCalls(store.clients, (error) => log.error({ err: error }, 'a call could not be recorded'))
  const readers = readersIn(store)
  const counselOf = counselBy({ publicUrl, store })
  const sandboxes = new Sandboxes({
    publicUrl,
    catalog,
    readers,
    verify: authorizationServer.verify,
    counselOf,
    address,
    lastCalls,
    callCounts,
    log,
  })
  const sdks = new Sdks({
    publicUrl,
    npmScope: settings.file.npmScope,
    store,
    seed: (api) => catalog.compiled(api)?.seed,
  })
  const sweepFiles = () =>
    compiler
      .sweep(catalog.files())
      .catch((error) => log.error({ err: error }, 'old compiled documents could not be removed'))

  await sweepFiles()
  const sweeper = setInterval(() => {
    store
      .sweep(undefined, environment.decisionDays)
      .catch((error) => log.error({ err: error }, 'expired rows could not be removed'))
    void sweepFiles()
  }, SWEEP)
  sweeper.unref()
  return {
    environment,
    log,
    settings,
    store,
    catalog,
    authorizationServer,
    address,
    externalSignIn,
    apps,
    readers,
    counselOf,
    sdks,
    sandboxes,
    version,
    parts,
    async close() {
      clearInterval(sweeper)
      authorizationServer.close()
      await unwatch()
      compiler.close()
      await parts?.close()
      sdks.close()
      await lastCalls.flush()
      await callCounts.flush()
      await store.close()
    },
  }
}

function partsOf(options: Pick<PartsOptions, 'dataDir' | 'version' | 'portal'>, log: Log): Parts {
  return new Parts({
    ...options,
    made: ({ ok, ...parts }) =>
      ok
        ? log.info(parts, 'pages were compiled')
        : log.warn(parts, 'pages could not be compiled: each is rendered when it is asked for'),
    failed: (error, api) => log.error({ err: error, api }, 'compiled pages could not be read'),
  })
}

function sayBroken(broken: readonly BrokenDocument[], say: (line: string) => void): void {
  for (const { name, problems, served } of broken) {
    for (const problem of problems.slice(0, 3)) say(formatProblem(problem))
    if (served) say(`${name}: its last version that could be read is still served.`)
  }
}

/**
 * What `policies.yaml` says, where it can be read. Where it can't, the database rules; and where that has none either, APIs
 * that the file restricts would be open, so nothing starts.
 */
async function sharedPolicies(
  specsDir: string,
  store: Store,
  say: (line: string) => void,
): Promise<readonly SharedPolicy[]> {
  const parsed = await readPoliciesFile(specsDir)
  if (parsed.ok) return parsed.value.policies
  const lines = parsed.problems.map(formatProblem)
  if ((await store.policies.get(POLICIES_FILE)) === undefined) throw new EnvironmentError(lines.join('\n'))
  for (const line of lines) say(line)
  return []
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
