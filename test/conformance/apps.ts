import * as oauth from 'oauth4webapi'
import type { CodeFlow } from '../authorization-server/code-flow.ts'
import type { Reachable, Running } from '../authorization-server/running.ts'

export const REDIRECT = 'https://app.example/callback'

/** A confidential app that people sign in to, and how Kim does. */
export async function webApp(running: Running, more: Record<string, oauth.JsonValue> = {}): Promise<CodeFlow> {
  const kim = await running.person('Kim', 'staff', 'editors')
  const client = await running.register({
    client_name: 'Desk',
    sallyport_kind: 'web',
    sallyport_apis: ['publishing'],
    redirect_uris: [REDIRECT],
    ...more,
  })
  // Someone vouches for it, so it hears of errors by redirect (RFC 9700, section 4.11.2).
  await running.store.clients.setVerified(client.client_id, true)
  const authentication = oauth.ClientSecretBasic(String(client.client_secret))
  return {
    client,
    authentication,
    redirectUri: REDIRECT,
    personId: kim.id,
    parameters: { scope: 'api:read api:write' },
  }
}

export async function serviceApp(running: Running, more: Record<string, oauth.JsonValue> = {}) {
  const client = await running.register({
    client_name: 'Org chart',
    sallyport_kind: 'service',
    sallyport_apis: ['people'],
    ...more,
  })
  return { client, secret: String(client.client_secret) }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
  /** Where it redirects to. */
  readonly location: URL | undefined
  /** What it redirects with, in the query or the fragment. */
  readonly returned: URLSearchParams
}

/** A request as a client of no library would make it. */
export async function ask(
  running: Pick<Reachable, 'url' | 'publicUrl'>,
  path: string,
  {
    form,
    json,
    query,
    headers = {},
    method,
  }: {
    form?: Record<string, string> | [string, string][]
    json?: unknown
    query?: Record<string, string> | [string, string][]
    headers?: Record<string, string>
    method?: string
  } = {},
): Promise<Answer> {
  const url = new URL(path, running.url)
  if (query !== undefined) url.search = new URLSearchParams(query).toString()
  const body = form === undefined ? (json === undefined ? undefined : JSON.stringify(json)) : new URLSearchParams(form)
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  const to = response.headers.get('location')
  const location = to === null ? undefined : new URL(to, running.publicUrl)
  const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    location,
    returned: new URLSearchParams(
      location === undefined ? '' : `${location.search.slice(1)}&${location.hash.slice(1)}`,
    ),
  }
}

export function basic(client: oauth.Client, secret = String(client.client_secret)): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${client.client_id}:${secret}`).toString('base64')}` }
}

/** Manages an app by its registration token (RFC 7592). */
export function manage(
  running: Pick<Reachable, 'url' | 'publicUrl'>,
  registered: oauth.Client | Readonly<Record<string, unknown>>,
  method: 'GET' | 'PUT' | 'DELETE',
  json?: unknown,
): Promise<Answer> {
  const { registration_client_uri: uri, registration_access_token: token } = registered
  return ask(running, new URL(String(uri)).pathname, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(json === undefined ? {} : { json }),
  })
}

export async function initialAccessToken(running: Running): Promise<string> {
  const { id } = await running.person('Kim', 'staff', 'editors')
  const expiresAt = Math.floor(Date.now() / 1000) + 3600
  return running.server.mintInitialAccessToken({ ownerId: id, name: 'test', apis: [], expiresAt })
}

export async function verifyAs(running: Running, token: string, api = 'publishing') {
  return running.server.verify(token, running.resource(api))
}
