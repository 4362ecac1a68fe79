import type { Client, KoaContextWithOIDC, OIDCContext } from 'oidc-provider'
import type { ApiModel } from '../model/api.ts'
import { asSeenBy } from '../model/as-seen.ts'
import type { Limit } from '../store/limits.ts'
import type { Store } from '../store/store.ts'
import { isFutileAuthentication, refuseAuthentication } from './basic-authentication.ts'
import { appClient, INTERNAL_METADATA } from './client-metadata.ts'
import { isClientSecretDigest } from './client-secret.ts'
import type { Entitlements } from './entitlement.ts'
import type { Errands } from './errands.ts'
import { recordIncidents } from './incidents.ts'
import { KEY_SET_LIFETIME } from './keys.ts'
import { GRANTS } from './kind.ts'
import { DEVICE_CODES, DEVICE_POLLS, limitedAddress, POLLING } from './limits.ts'
import { OIDC_SCOPES, splitScope } from './oidc-scopes.ts'
import { pageOf, setPage, xsrfOf } from './page.ts'
import { isPostedRequest, repeatAsGet } from './posted-request.ts'
import { newDestinations } from './redirect-uri.ts'
import { type SignedTokensOptions, signedTokens } from './signed-tokens.ts'
import { keepErrorsOfStrangers } from './untrusted-redirect.ts'

export interface ResponseOptions extends SignedTokensOptions {
  readonly store: Store
  readonly models: ReadonlyMap<string, ApiModel>
  readonly entitlements: Entitlements
  readonly errands: Errands
}

/** What the library answers, seen through before it leaves: what it must not say, can't do, or has to be written down. */
export function reviewResponses(options: ResponseOptions) {
  const signed = signedTokens(options)
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    if (isRegistration(ctx) && !hasBearer(ctx)) return refuseRegistration(ctx)
    if (ctx.path.startsWith('/reg/') && !MANAGEMENT.has(ctx.method)) return refuseMethod(ctx)
    if (isPostedRequest(ctx)) return repeatAsGet(ctx, options.issuer)
    if (isFutileAuthentication(ctx)) return refuseAuthentication(ctx, options.issuer)
    if (isDeviceCode(ctx) && (await options.store.limits.wait(...deviceLimit(ctx, options))) > 0)
      return setPage(ctx, { kind: 'device-code', action: '/device', xsrf: '', problem: 'too-many' })
    await next()
    await recordIncidents(ctx, options)
    if (isNowhere(ctx)) return setPage(ctx, { kind: 'not-found' })
    // RFC 6749, section 5.1. The library has stopped, as caches have.
    if (ctx.response.get('Cache-Control') === 'no-store') ctx.set('Pragma', 'no-cache')
    const oidc: OIDCContext | undefined = ctx.oidc
    switch (oidc?.route) {
      case 'registration':
      case 'client':
      case 'client_update':
      case 'client_delete':
        hideFromClient(ctx.body)
        return recordRegistration(ctx, options)
      case 'authorization':
      case 'resume':
        return keepErrorsOfStrangers(ctx, options)
      case 'jwks':
        return ctx.set('Cache-Control', `public, max-age=${KEY_SET_LIFETIME}`)
      case 'discovery':
        return hidePrivateScopes(ctx, options)
      case 'revocation':
        return signed.revoke(ctx)
      case 'introspection':
        return signed.introspect(ctx)
      case 'code_verification': {
        const page = pageOf(ctx)
        if (page?.kind !== 'device-code' || page.problem !== 'unknown') return
        await options.store.limits.take(...deviceLimit(ctx, options))
        return
      }
      case 'device_authorization':
        return shortenVerificationUri(ctx, options)
      case 'end_session':
        return askBeforeSignOut(ctx)
      case 'token':
        sayWhereToAsk(ctx, options)
        await slowDown(ctx, options)
        return recordToken(ctx, options)
    }
  }
}

/** Where a person went by hand: to the issuer, say, which is an address as well. */
function isNowhere({ body, headers, method, oidc, status }: KoaContextWithOIDC): boolean {
  const route: string | undefined = oidc?.route
  const read = method === 'GET' && headers.accept?.includes('text/html')
  return status === 404 && read === true && route === undefined && (body === undefined || body === null)
}

function isRegistration({ path }: KoaContextWithOIDC): boolean {
  return path === '/reg' || path.startsWith('/reg/')
}

function isDeviceCode({ method, path }: KoaContextWithOIDC): boolean {
  return method === 'POST' && path === '/device'
}

function deviceLimit({ req }: KoaContextWithOIDC, { address }: ResponseOptions): [string, Limit] {
  return [`device code from ${limitedAddress(address(req))}`, DEVICE_CODES]
}

function hasBearer({ headers }: KoaContextWithOIDC): boolean {
  return /^Bearer [A-Za-z0-9._~+/-]+=*$/i.test(headers.authorization ?? '')
}

/** Before anything of the request is read. The library would answer 400. */
function refuseRegistration(ctx: KoaContextWithOIDC): void {
  ctx.status = 401
  ctx.set(
    'WWW-Authenticate',
    `Bearer realm="registration"${ctx.headers.authorization === undefined ? '' : ', error="invalid_token"'}`,
  )
  ctx.set('Cache-Control', 'no-store')
  ctx.body = { error: 'invalid_token', error_description: 'registration needs one Bearer token' }
}

/** What can be done with a client that there is. */
const MANAGEMENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])

/** RFC 7592, section 2. For the library, whatever has no route is 404. */
function refuseMethod(ctx: KoaContextWithOIDC): void {
  ctx.status = 405
  ctx.set('Allow', 'GET, PUT, DELETE')
  ctx.body = { error: 'invalid_request', error_description: 'a client is read, updated or deleted' }
}

/** What a person has to type. */
function shortenVerificationUri(ctx: KoaContextWithOIDC, { publicUrl }: ResponseOptions): void {
  if (isObject(ctx.body) && typeof ctx.body.verification_uri === 'string')
    Object.assign(ctx.body, { verification_uri: `${publicUrl}/device`, interval: POLLING })
}

/** Of a device that asks sooner than it was told (RFC 8628, section 3.5), which the library never says. */
async function slowDown({ body, oidc }: KoaContextWithOIDC, { store }: ResponseOptions): Promise<void> {
  if (!isObject(body) || body.error !== 'authorization_pending') return
  if (await store.limits.take(`polling with ${oidc.params?.device_code}`, DEVICE_POLLS)) return
  body.error = 'slow_down'
  body.error_description = `ask every ${POLLING} seconds at most, and from now on 5 seconds later each time`
}

/** Scopes that an app isn't registered for can be asked for (`error_uri`, RFC 6749 section 5.2). */
function sayWhereToAsk({ body, oidc }: KoaContextWithOIDC, { publicUrl }: ResponseOptions): void {
  if (oidc.client === undefined || !isObject(body) || body.error !== 'invalid_scope') return
  const query = new URLSearchParams({ scopes: String(body.scope ?? '') })
  body.error_uri = `${publicUrl}/apps/${encodeURIComponent(oidc.client.clientId)}/request?${query}`
}

/** Where nobody is signed in, the library sends its form by a script, which no page of ours may run. */
function askBeforeSignOut(ctx: KoaContextWithOIDC): void {
  if (ctx.status !== 200 || ctx.respond === false || ctx.oidc.session?.accountId !== undefined) return
  setPage(ctx, { kind: 'sign-out', action: ctx.oidc.urlFor('end_session_confirm'), xsrf: xsrfOf(ctx) })
}

/** Secrets are shown once, when they are made; what the store holds is a digest. */
function hideFromClient(body: unknown): void {
  if (!isObject(body)) return
  for (const member of INTERNAL_METADATA) delete body[member]
  if (isClientSecretDigest(body.client_secret)) delete body.client_secret
}

/** The library would list every scope of every API. */
function hidePrivateScopes(ctx: KoaContextWithOIDC, { models }: ResponseOptions): void {
  if (!isObject(ctx.body)) return
  const open = [...models.values()].flatMap((model) => asSeenBy(model, undefined) ?? [])
  const scopes = open.flatMap((model) => model.scopes.map(({ name }) => name))
  ctx.body.scopes_supported = [...new Set([...OIDC_SCOPES, ...scopes])]
}

async function recordRegistration(
  ctx: KoaContextWithOIDC,
  { address, errands, revocation, store }: ResponseOptions,
): Promise<void> {
  const errand = errands.take(ctx)
  const { oidc, status } = ctx
  const { client } = oidc
  if (client === undefined || status >= 300) return
  const action = { registration: 'registered', client_update: 'updated', client_delete: 'removed' }[oidc.route]
  if (action === undefined) return
  const owner = client.sallyport_owner
  const entry = {
    actor: typeof owner === 'string' && oidc.route === 'registration' ? owner : client.clientId,
    ip: address(ctx.req),
    ...errand,
    target: client.clientId,
  }
  const { clientName: name, sallyport_kind: kind, sallyport_apis: apis } = client
  await store.audit.append({ ...entry, action: `client.${action}`, detail: { name, kind, apis } })
  if (oidc.route !== 'client_update' || !isObject(ctx.body)) return
  const destinations = client.sallyport_verified === true ? newDestinations(client.metadata(), ctx.body) : []
  if (destinations.length > 0)
    await store.audit.append({ ...entry, action: 'client.unverified', detail: { destinations } })
  if (destinations.length > 0 || lostScopes(client, ctx.body)) await revocation.reviewApp(client.clientId)
}

/** The library says `invalid_request` of a grant that the client isn't registered for (RFC 6749, section 5.2). */
function nameForbiddenGrant({ body, oidc: { client, params } }: KoaContextWithOIDC): void {
  if (!isObject(body) || body.error !== 'invalid_request' || client === undefined) return
  const grant: unknown = params?.grant_type
  if (typeof grant === 'string' && GRANTS.includes(grant) && !client.grantTypeAllowed(grant))
    body.error = 'unauthorized_client'
}

async function recordToken(ctx: KoaContextWithOIDC, { address, entitlements, store }: ResponseOptions): Promise<void> {
  const { client, entities, params } = ctx.oidc
  nameForbiddenGrant(ctx)
  const [entitlement] = entitlements.of(ctx)
  if (ctx.status !== 200 || client === undefined || entitlement === undefined || !isObject(ctx.body)) return
  const { model, granted } = entitlement
  if (appClient(client).anonymous) await store.clients.recordUse(client.clientId)
  await store.audit.append({
    actor: entities.Account?.accountId ?? client.clientId,
    ip: address(ctx.req),
    action: params?.grant_type === 'refresh_token' ? 'token.refreshed' : 'token.issued',
    target: client.clientId,
    detail: { api: model.name, scope: ctx.body.scope, policy: granted.policy, rule: granted.rule },
  })
}

/** Its tokens of before then hold too much. It may ask for others. @param after its metadata now */
function lostScopes(before: Client, after: Readonly<Record<string, unknown>>): boolean {
  const left = splitScope(after.scope)
  return splitScope(before.scope).some((scope) => !left.includes(scope))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
