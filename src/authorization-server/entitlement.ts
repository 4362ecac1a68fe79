import type { IncomingMessage } from 'node:http'
import { type Client, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import type { ApiModel } from '../model/api.ts'
import { asSeenBy } from '../model/as-seen.ts'
import { apiOfAudience, apiOfResource, resourceOf } from '../model/audience.ts'
import { LONGEST_ACCESS_TOKEN } from '../policy/duration.ts'
import { type Evaluation, evaluate, type GrantContext, type Granted } from '../policy/evaluate.ts'
import { type Explanation, explain } from '../policy/explain.ts'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import { type AppClient, appClient } from './client-metadata.ts'
import { isOidcScope, splitScope } from './oidc-scopes.ts'
import { policiesOf } from './policies.ts'

/** What the policies gave to this request. */
export interface Entitlement {
  readonly model: ApiModel
  /** What the token is for: the API's sandbox, or one of its environments. */
  readonly resource: string
  readonly granted: Granted
}

export interface EntitlementOptions {
  readonly publicUrl: string
  readonly store: Store
  readonly models: ReadonlyMap<string, ApiModel>
  readonly address: (request: IncomingMessage) => string | undefined
}

/** A grant is kept for this long at most, and so its refresh tokens. In seconds. */
export const LONGEST_GRANT = 365 * 86_400

export type Entitlements = ReturnType<typeof entitlementsBy>

/**
 * Where the access policies meet OAuth: they decide at authorization (once it is known who signs in), at each issue of a
 * token and at each refresh. Memberships are read anew every time.
 */
export function entitlementsBy({ publicUrl, store, models, address }: EntitlementOptions) {
  /** What was decided in the course of one request, by resource. */
  const decided = new WeakMap<KoaContextWithOIDC, Map<string, Entitlement>>()

  function remember(ctx: KoaContextWithOIDC, entitlement: Entitlement): void {
    const known = decided.get(ctx) ?? new Map<string, Entitlement>()
    decided.set(ctx, known.set(entitlement.resource, entitlement))
  }

  function apiOf(resource: unknown): ApiModel | undefined {
    return apiOfAudience({ publicUrl, models }, String(resource))
  }

  function modelOf(resource: unknown, { apis }: AppClient): ApiModel {
    const model = apiOf(resource)
    if (model === undefined || !apis.includes(model.name)) throw new errors.InvalidTarget('this app has no such API')
    return model
  }

  /** The APIs that the request is about. */
  function modelsOf({ oidc }: KoaContextWithOIDC): ApiModel[] {
    const resource: unknown = oidc.params?.resource
    const resources: unknown[] = Array.isArray(resource) ? resource : [resource]
    return resources.flatMap((one) => apiOf(one) ?? [])
  }

  async function decide(
    ctx: KoaContextWithOIDC,
    model: ApiModel,
    resource: string,
    client: AppClient,
  ): Promise<Evaluation> {
    const { grant, personId, authenticatedAt } = situation(ctx)
    const person = personId === undefined ? undefined : await store.people.get(personId)
    if (personId !== undefined && person?.status !== 'active') throw new errors.AccessDenied('nobody is signed in')
    const grantId = redeemed(ctx.oidc)?.grantId
    await store.denylist.pass({
      clientId: client.id,
      ...(personId === undefined ? {} : { personId }),
      ...(grantId === undefined ? {} : { grantId }),
    })
    const network = address(ctx.req)
    const requested = requestedScopes(ctx, model, client, modelsOf(ctx))
    const context: GrantContext = {
      api: model.name,
      grant,
      client: {
        id: client.id,
        kind: client.kind,
        verified: client.verified,
        ...(client.softwareId === undefined ? {} : { softwareId: client.softwareId }),
        ...(client.assigned === undefined ? {} : { assigned: client.assigned }),
      },
      ...(person === undefined ? {} : { user: person }),
      ...(network === undefined ? {} : { network }),
      requested,
      defaults: namesScope(ctx)
        ? []
        : model.scopes.filter((scope) => scope.default && client.scopes.includes(scope.name)).map(({ name }) => name),
      ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
      now: epoch(),
    }
    const inForce = await policiesOf(store, model)
    const isSandbox = apiOfResource(publicUrl, resource) !== undefined
    const policies = isSandbox ? inForce : inForce.filter((policy) => policy.default !== true)
    const evaluation = evaluate(policies, context)
    if (evaluation.granted) remember(ctx, { model, resource, granted: evaluation })
    else
      await store.audit.append({
        actor: personId ?? client.id,
        action: 'token.denied',
        target: client.id,
        detail: { api: model.name, grant, requested, ...whyDenied(explain(policies, context)) },
        ip: network,
      })
    return evaluation
  }

  return {
    of: (ctx: KoaContextWithOIDC): readonly Entitlement[] => [...(decided.get(ctx)?.values() ?? [])],

    /** The app's only API, unless the request is about sign-in alone. A token is for one of those that were granted. */
    defaultResource(ctx: KoaContextWithOIDC, client: Client, candidates?: readonly string[]): string | undefined {
      if (candidates !== undefined) throw new errors.InvalidTarget('several APIs were granted: name one as resource')
      const [api, ...others] = appClient(client).apis
      if (api === undefined) return undefined
      const named = splitScope(ctx.oidc.params?.scope)
      if (named.length > 0 && named.every((scope) => isOidcScope(scope) && !declares(models.get(api), scope)))
        return undefined
      if (others.length > 0) throw new errors.InvalidTarget('this app has several APIs: name one as resource')
      return resourceOf(publicUrl, api)
    },

    async resourceServer(ctx: KoaContextWithOIDC, resource: string, client: Client): Promise<ResourceServer> {
      if (ctx.oidc.route === 'token' && Array.isArray(ctx.oidc.params?.resource))
        throw new errors.InvalidTarget('a token is for one API: name one resource at a time')
      const app = appClient(client)
      const model = modelOf(resource, app)
      const known = decided.get(ctx)?.get(resource)
      if (known !== undefined) return resourceServer(resource, known.granted)
      // Who will sign in isn't known yet: the policies are asked when it is, in this same place.
      if (!isDecidable(ctx))
        return { ...JWT, audience: resource, scope: requestedScopes(ctx, model, app, modelsOf(ctx)).join(' ') }
      const evaluation = await decide(ctx, model, resource, app)
      if (!evaluation.granted) throw new errors.AccessDenied(`no policy of ${model.name} allows this`)
      fillInScope(ctx, evaluation)
      return resourceServer(resource, evaluation)
    },

    /**
     * Always: every refresh token is used once. Called before the old one is used up, which makes it the place to deny: the
     * same refresh token works again once the policies allow it.
     */
    async rotate(ctx: KoaContextWithOIDC): Promise<boolean> {
      const { RefreshToken: token, Client: client } = ctx.oidc.entities
      if (token === undefined || client === undefined) throw new TypeError('Not a refresh.')
      const app = appClient(client)
      const resource = ctx.oidc.params?.resource ?? token.resource
      if (Array.isArray(resource)) throw new errors.InvalidTarget('a token is for one API: name one resource at a time')
      const model = modelOf(resource, app)
      const evaluation = await decide(ctx, model, String(resource), app)
      if (!evaluation.granted) throw denied(model)
      if (refreshLifetime(evaluation, token.iiat) <= 0) throw new errors.InvalidGrant({ detail: 'lifetime used up' })
      return true
    },

    /** Seconds. Idle time starts anew with each refresh, the whole lifetime doesn't. */
    refreshTokenLifetime(ctx: KoaContextWithOIDC, since: number | undefined): number {
      const [entitlement] = decided.get(ctx)?.values() ?? []
      return entitlement === undefined ? 86_400 : Math.max(1, refreshLifetime(entitlement.granted, since))
    },
  }
}

function whyDenied(explanation: Explanation): { reason?: string } {
  return explanation.granted ? {} : { reason: explanation.reason }
}

const JWT = { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } } as const

function resourceServer(resource: string, { scopes, accessToken }: Granted): ResourceServer {
  return {
    ...JWT,
    audience: resource,
    scope: scopes.join(' '),
    accessTokenTTL: Math.min(accessToken, LONGEST_ACCESS_TOKEN),
  }
}

function refreshLifetime({ refreshToken }: Granted, since: number | undefined): number {
  const now = epoch()
  const end = (since ?? now) + Math.min(refreshToken.lifetime, LONGEST_GRANT)
  return Math.min(refreshToken.idle, end - now)
}

function denied({ name }: ApiModel): Error {
  const error = new errors.InvalidGrant({ detail: 'no_matching_policy' })
  error.error_description = `no policy of ${name} allows this any more`
  return error
}

/** By which grant, and in whose name. A refresh counts as the grant that it came from. */
function situation({
  oidc,
}: KoaContextWithOIDC): Pick<GrantContext, 'grant' | 'authenticatedAt'> & { personId?: string } {
  if (oidc.route === 'token' && oidc.params?.grant_type === 'client_credentials') return { grant: 'client_credentials' }
  const source = redeemed(oidc)
  const personId = source?.accountId ?? oidc.session?.accountId
  const authenticatedAt = source === undefined ? oidc.session?.authTime() : source.authTime
  const byDevice = oidc.entities.DeviceCode !== undefined || oidc.entities.RefreshToken?.gty?.startsWith('device_code')
  return {
    grant: byDevice ? 'device_code' : 'authorization_code',
    ...(personId === undefined ? {} : { personId }),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
  }
}

/** What the token endpoint was given for a token: what it stands for was decided before. */
function redeemed({ entities, route }: KoaContextWithOIDC['oidc']) {
  return route === 'token' ? (entities.RefreshToken ?? entities.AuthorizationCode ?? entities.DeviceCode) : undefined
}

function isDecidable(ctx: KoaContextWithOIDC): boolean {
  const { grant, personId } = situation(ctx)
  return grant === 'client_credentials' || (personId !== undefined && !mustSignInAgain(ctx))
}

/** The app wants a new sign-in (`prompt`, `max_age`), perhaps as someone else: whoever is signed in now doesn't count. */
function mustSignInAgain({ oidc }: KoaContextWithOIDC): boolean {
  if (!['authorization', 'resume', 'code_verification', 'device_resume'].includes(oidc.route)) return false
  const maxAge = oidc.params?.max_age
  const tooOld = maxAge !== undefined && oidc.result?.login === undefined && oidc.session?.past(Number(maxAge)) === true
  return tooOld || oidc.promptPending('login')
}

/** A request without `scope` says what it got in the end: the defaults. With several APIs, those of each. */
function fillInScope(ctx: KoaContextWithOIDC, { scopes }: Granted): void {
  const { params } = ctx.oidc
  if (params === undefined || redeemed(ctx.oidc) !== undefined || scopes.length === 0) return
  if (params.scope !== undefined && !filledIn.has(ctx)) return
  filledIn.add(ctx)
  params.scope = [...splitScope(params.scope), ...scopes].join(' ')
}

const filledIn = new WeakSet<KoaContextWithOIDC>()

function namesScope(ctx: KoaContextWithOIDC): boolean {
  return redeemed(ctx.oidc) !== undefined || (ctx.oidc.params?.scope !== undefined && !filledIn.has(ctx))
}

/**
 * The scopes of this API that the request is about. A request that names others, or scopes that the app isn't registered
 * for, fails: silently leaving them out would surprise at the first call. What was granted before may have been retired
 * since, and is left out.
 *
 * @param models all APIs that the request is about
 */
function requestedScopes(
  ctx: KoaContextWithOIDC,
  model: ApiModel,
  client: AppClient,
  models: readonly ApiModel[],
): string[] {
  if (filledIn.has(ctx)) return []
  const before = redeemed(ctx.oidc)
  const named = splitScope(ctx.oidc.params?.scope ?? before?.scope)
  const own = named.filter((scope) => declares(model, scope))
  if (before === undefined) {
    const declared = (scope: string) => declares(model, scope) || models.some((other) => declares(other, scope))
    const unknown = named.find((scope) => !declared(scope) && !isOidcScope(scope))
    if (unknown !== undefined) throw new errors.InvalidScope(NO_SUCH_SCOPE, unknown)
    const foreign = own.find((scope) => !client.scopes.includes(scope))
    // Whether there is a scope that not everyone may know of, nobody is told who guesses its name.
    const isKnown = foreign !== undefined && declares(asSeenBy(model, undefined), foreign)
    if (foreign !== undefined)
      throw new errors.InvalidScope(isKnown ? 'this app is not registered for the scope' : NO_SUCH_SCOPE, foreign)
  }
  return own.filter((scope) => client.scopes.includes(scope))
}

const NO_SUCH_SCOPE = 'there is no such scope for this app'

function declares(model: ApiModel | undefined, scope: string): boolean {
  return model?.scopes.some(({ name }) => name === scope) ?? false
}
