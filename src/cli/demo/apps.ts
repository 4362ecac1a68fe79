import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as oauth from 'oauth4webapi'
import { epoch } from '../../store/clock.ts'
import type { Store } from '../../store/store.ts'

/** What the demo registers. The first two are the apps that the home page compares. */
const APPS = {
  orgChart: {
    client_name: 'Org chart',
    sallyport_kind: 'service',
    sallyport_apis: ['people'],
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'employees:read departments:read',
  },
  payroll: {
    client_name: 'Payroll',
    sallyport_kind: 'service',
    sallyport_apis: ['people'],
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'employees:read compensation:read payroll:read',
  },
  desktop: {
    client_name: 'Publishing desktop',
    application_type: 'native',
    sallyport_kind: 'native',
    sallyport_apis: ['publishing'],
    software_id: 'publishing-desktop',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
    scope: 'api:read api:write',
  },
} as const

export type DemoApp = keyof typeof APPS
export type DemoApps = Readonly<Record<DemoApp, string>>

/** Registers what isn't there yet, and remembers the client ids (no secret) beside the demo people. */
export async function registerDemoApps(
  server: oauth.AuthorizationServer,
  store: Store,
  dataDir: string,
  ownerId: string,
): Promise<DemoApps> {
  const file = join(dataDir, 'demo-apps.json')
  const known = await readIds(file)
  const ids: Partial<Record<DemoApp, string>> = {}
  for (const app of Object.keys(APPS) as DemoApp[]) {
    const id = known[app]
    ids[app] =
      id !== undefined && (await store.clients.get(id)) !== undefined ? id : await register(server, store, app, ownerId)
  }
  await writeFile(file, `${JSON.stringify(ids, null, 2)}\n`, { mode: 0o600 })
  return ids as DemoApps
}

async function register(
  server: oauth.AuthorizationServer,
  store: Store,
  app: DemoApp,
  ownerId: string,
): Promise<string> {
  const { sallyport_apis: apis, ...metadata } = APPS[app]
  const initialAccessToken = await store.initialAccessTokens.mint({
    name: `demo: ${metadata.client_name}`,
    ownerId,
    apis,
    expiresAt: epoch() + 60,
    ...('software_id' in metadata && { softwareId: metadata.software_id }),
  })
  const response = await oauth.dynamicClientRegistrationRequest(
    server,
    { ...metadata, sallyport_apis: [...apis] } as unknown as Partial<oauth.Client>,
    { initialAccessToken, [oauth.allowInsecureRequests]: true },
  )
  const { client_id } = await oauth.processDynamicClientRegistrationResponse(response)
  return client_id
}

async function readIds(file: string): Promise<Partial<Record<DemoApp, string>>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return {}
    throw error
  }
}
