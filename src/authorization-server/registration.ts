import type { IncomingMessage } from 'node:http'
import { type ClientMetadata, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { ApiModel, Kind } from '../model/api.ts'
import { asSeenBy } from '../model/as-seen.ts'
import { KINDS } from '../model/kind.ts'
import { maySee, OPERATOR, type Reader } from '../model/visibility.ts'
import { APPS_OF_PERSON } from '../store/clients.ts'
import type { Store } from '../store/store.ts'
import { appReader } from './app-reader.ts'
import type { ClientKeys } from './client-keys.ts'
import { hasRedirectUris, inferKind, KIND_RULES } from './kind.ts'
import { ANONYMOUS_APPS, limitedAddress } from './limits.ts'
import { isOidcScope, OIDC_SCOPES, splitScope } from './oidc-scopes.ts'
import { newDestinations, REDIRECTS, redirectUriProblem } from './redirect-uri.ts'

/** Members that would make the server, or a visitor's browser, fetch what a stranger named. None is needed. */
const REFUSED = {
  sector_identifier_uri: 'subjects are public here',
  logo_uri: 'logos from elsewhere are not shown',
  request_uris: 'push authorization requests (RFC 9126) instead',
  initiate_login_uri: 'sign-in starts at the app',
  backchannel_logout_uri: 'there is no back-channel logout',
  backchannel_client_notification_endpoint: 'there is no back-channel authentication',
  software_statement: 'software is vouched for by the initial access token',
} as const

export interface RegistrationOptions {
  readonly store: Store
  readonly models: ReadonlyMap<string, ApiModel>
  readonly address: (request: IncomingMessage) => string | undefined
  readonly clientKeys?: ClientKeys
  /** Stands in for the initial access token of whoever has none, if anyone may register apps. */
  readonly anonymous?: string
}

/** What the one who registers is bound to: by the initial access token, or by what was registered before. */
interface Bounds {
  readonly owner?: string
  /** Whose eyes the APIs are seen with ({@link appReader}). */
  readonly reader: Reader | undefined
  /** Names of the APIs that may be chosen. */
  readonly apis: readonly string[]
  /** Chosen when the request names none. */
  readonly defaultApis: readonly string[]
  readonly kind?: string
  readonly softwareId?: string
  readonly verified: boolean
  /** Its metadata before, if there is any. */
  readonly before?: Readonly<Record<string, unknown>>
  /** Nobody vouches for it: a public app only. */
  readonly anonymous: boolean
}

/**
 * The rules of registration (RFC 7591), for new clients and for updates alike (RFC 7592): it judges the whole of what would
 * be stored, fills in what follows from the kind of app, and throws what the client is told. Messages start with the member
 * at fault.
 */
export function registrationRules({ store, models, address, clientKeys, anonymous }: RegistrationOptions) {
  return async (ctx: KoaContextWithOIDC, metadata: ClientMetadata): Promise<void> => {
    const bounds = ctx.oidc.route === 'registration' ? await newBounds(ctx) : await knownBounds(metadata.client_id)
    // RFC 7592, section 2.2: as if left out.
    for (const [member, value] of Object.entries(metadata)) if (value === null) delete metadata[member]
    refuseMembers(metadata)
    checkName(metadata)
    const kind = checkKind(metadata, bounds)
    checkKeys(metadata, clientKeys)
    checkRedirectUris(metadata, kind)
    const apis = checkApis(metadata, bounds)
    const { reader } = bounds
    const seen = apis.flatMap((api) => models.get(api) ?? []).flatMap((model) => asSeenBy(model, reader) ?? [])
    checkScope(metadata, kind, seen)
    checkSoftware(metadata, bounds)
    metadata.sallyport_owner = bounds.owner
    // Whoever vouched for it looked at where it sends people.
    metadata.sallyport_verified =
      bounds.verified && (bounds.before === undefined || newDestinations(bounds.before, metadata).length === 0)
    delete metadata.sallyport_assigned
    metadata.sallyport_anonymous = bounds.anonymous
  }

  async function newBounds(ctx: KoaContextWithOIDC): Promise<Bounds> {
    if (ctx.oidc.getAccessToken() === anonymous) return anyonesBounds(ctx)
    const token = await store.initialAccessTokens.get(ctx.oidc.getAccessToken())
    if (token === undefined) throw new errors.InvalidToken({ detail: 'initial access token expired' })
    const { ownerId, softwareId } = token
    const owner = ownerId === undefined ? undefined : await store.people.get(ownerId)
    if (ownerId !== undefined && owner?.status !== 'active') throw new errors.InvalidToken({ detail: 'owner is gone' })
    if (ownerId !== undefined && (await store.clients.count({ ownerId })) >= APPS_OF_PERSON)
      throw new errors.InvalidClientMetadata(`a person may have ${APPS_OF_PERSON} apps: remove one that is not used`)
    const reader = ownerId === undefined ? OPERATOR : owner
    const visible = [...models.values()].filter((model) => maySee(model, reader))
    const apis = visible.map(({ name }) => name).filter((name) => token.apis.length === 0 || token.apis.includes(name))
    return {
      ...(ownerId === undefined ? {} : { owner: ownerId }),
      reader,
      apis,
      defaultApis: token.apis.length > 0 || apis.length === 1 ? apis : [],
      ...(softwareId === undefined ? {} : { softwareId }),
      verified: softwareId !== undefined,
      anonymous: false,
    }
  }

  async function anyonesBounds(ctx: KoaContextWithOIDC): Promise<Bounds> {
    const from = limitedAddress(address(ctx.req))
    const room = await store.limits.take(`anonymous app from ${from}`, ANONYMOUS_APPS)
    if (!room || (await store.clients.count('anonymous')) >= ANONYMOUS_APPS.all) throw tooMany()
    const apis = [...models.values()].filter((model) => maySee(model, undefined)).map(({ name }) => name)
    return { reader: undefined, apis, defaultApis: apis.length === 1 ? apis : [], verified: false, anonymous: true }
  }

  async function knownBounds(clientId: string): Promise<Bounds> {
    const client = await store.clients.get(clientId)
    if (client === undefined) throw new errors.InvalidToken({ detail: 'client is gone' })
    const { ownerId, apis, kind, softwareId, verified, anonymous, payload: before } = client
    return {
      ...(ownerId === undefined ? {} : { owner: ownerId }),
      reader: await appReader(client, store),
      apis: apis.filter((api) => models.has(api)),
      defaultApis: apis,
      kind,
      ...(softwareId === undefined ? {} : { softwareId }),
      verified,
      before,
      anonymous,
    }
  }
}

function tooMany(): Error {
  const error = new errors.TemporarilyUnavailable('too many apps were registered without an initial access token')
  return Object.assign(error, { status: 429, statusCode: 429 })
}

function refuseMembers(metadata: ClientMetadata): void {
  for (const [member, instead] of Object.entries(REFUSED))
    if (metadata[member] !== undefined) throw invalid(member, `is not accepted: ${instead}`)
}

const UNFIT_NAME = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

function checkName(metadata: ClientMetadata): void {
  const name: unknown = metadata.client_name ?? 'Unnamed app'
  if (typeof name !== 'string' || name.trim() === '') throw invalid('client_name', 'must not be empty')
  if (name.length > 100) throw invalid('client_name', 'must not be longer than 100 characters')
  // Characters that reorder or hide text would let one name pass for another where people consent.
  if (UNFIT_NAME.test(name)) throw invalid('client_name', 'must not have control or invisible characters')
  metadata.client_name = name.trim()
}

function checkKind(metadata: ClientMetadata, bounds: Bounds): Kind {
  const stated = metadata.sallyport_kind ?? bounds.kind ?? inferKind(metadata)
  const kind = KINDS.find((kind) => kind === stated)
  if (kind === undefined) throw invalid('sallyport_kind', `must be one of ${KINDS.join(', ')}`)
  if (bounds.kind !== undefined && bounds.kind !== kind)
    throw invalid('sallyport_kind', 'cannot change: register another app')
  const { grants, authentication, applicationType } = KIND_RULES[kind]
  const [method] = authentication
  const use = {
    grant_types: metadata.grant_types ?? grants,
    response_types: metadata.response_types ?? (grants.includes('authorization_code') ? ['code'] : []),
    token_endpoint_auth_method: metadata.token_endpoint_auth_method ?? method,
    application_type: metadata.application_type ?? applicationType,
  }
  const extra = list('grant_types', use.grant_types).find((grant) => !grants.includes(grant))
  if (extra !== undefined) throw invalid('grant_types', `must be ${grants.join(', ')} for a ${kind} app`)
  const types = list('response_types', use.response_types)
  if (types.some((type) => type !== 'code' || !hasRedirectUris(kind)))
    throw invalid('response_types', hasRedirectUris(kind) ? 'must be code' : `must be empty for a ${kind} app`)
  if (!authentication.includes(String(use.token_endpoint_auth_method)))
    throw invalid('token_endpoint_auth_method', `must be ${authentication.join(', ')} for a ${kind} app`)
  if (use.application_type !== applicationType)
    throw invalid('application_type', `must be ${applicationType} for a ${kind} app`)
  if (bounds.anonymous && use.token_endpoint_auth_method !== 'none')
    throw invalid('token_endpoint_auth_method', 'must be none for an app that nobody vouches for')
  Object.assign(metadata, use, { sallyport_kind: kind })
  if (!String(use.token_endpoint_auth_method).startsWith('client_secret_')) {
    // The library made one before it was known that this app has none.
    delete metadata.client_secret
    delete metadata.client_secret_expires_at
  }
  return kind
}

function checkKeys(
  { jwks_uri: address, token_endpoint_auth_method: method }: ClientMetadata,
  clientKeys: ClientKeys | undefined,
): void {
  if (address === undefined) return
  if (clientKeys === undefined) throw invalid('jwks_uri', 'is not accepted: send the keys themselves as jwks')
  if (typeof address !== 'string') throw invalid('jwks_uri', 'must be a string')
  if (method !== 'private_key_jwt') throw invalid('jwks_uri', 'is for apps that authenticate by private_key_jwt')
  const problem = address.length > 500 ? 'It is too long.' : clientKeys.problem(address)
  if (problem !== undefined) throw invalid('jwks_uri', problem)
}

function checkRedirectUris(metadata: ClientMetadata, kind: Kind): void {
  for (const member of REDIRECTS) {
    const uris = list(member, metadata[member] ?? [])
    if (!hasRedirectUris(kind) && uris.length > 0) throw invalid(member, `a ${kind} app has none`)
    if (uris.length > 20) throw invalid(member, 'must not be more than 20')
    for (const uri of uris) {
      const problem = redirectUriProblem(uri, kind)
      if (problem !== undefined) throw invalid(member, `${uri.slice(0, 200)} ${problem}`)
    }
  }
  if (hasRedirectUris(kind) && list('redirect_uris', metadata.redirect_uris ?? []).length === 0)
    throw invalid('redirect_uris', 'at least one is needed')
}

function checkApis(metadata: ClientMetadata, { apis, defaultApis }: Bounds): string[] {
  const chosen = list('sallyport_apis', metadata.sallyport_apis ?? defaultApis)
  if (chosen.length === 0) throw invalid('sallyport_apis', 'name the APIs that the app will call')
  const unknown = chosen.find((api) => !apis.includes(api))
  if (unknown !== undefined) throw invalid('sallyport_apis', `there is no API ${unknown.slice(0, 100)} to choose`)
  metadata.sallyport_apis = [...new Set(chosen)]
  return chosen
}

function checkScope(metadata: ClientMetadata, kind: Kind, models: readonly ApiModel[]): void {
  const declared = new Set(models.flatMap(({ scopes }) => scopes.map(({ name }) => name)))
  const ofPerson = kind === 'service' ? [] : OIDC_SCOPES
  if (metadata.scope !== undefined && typeof metadata.scope !== 'string') throw invalid('scope', 'must be a string')
  const scopes = metadata.scope === undefined ? [...declared, ...ofPerson] : splitScope(metadata.scope)
  const unknown = scopes.find((scope) => !declared.has(scope) && !(isOidcScope(scope) && kind !== 'service'))
  if (unknown !== undefined) throw invalid('scope', `no chosen API declares ${unknown.slice(0, 100)}`)
  if (scopes.length === 0) delete metadata.scope
  else metadata.scope = [...new Set(scopes)].join(' ')
}

/** A software id is a claim like any other until the initial access token vouches for it. */
function checkSoftware(metadata: ClientMetadata, { softwareId, verified }: Bounds): void {
  const stated = metadata.software_id ?? (verified ? softwareId : undefined)
  if (stated !== undefined && typeof stated !== 'string') throw invalid('software_id', 'must be a string')
  if (verified && stated !== softwareId) throw invalid('software_id', `must be ${softwareId} with this token`)
  if (stated !== undefined) metadata.software_id = stated
}

function list(member: string, value: unknown): string[] {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw invalid(member, 'must be a list of strings')
  return value as string[]
}

/** The library tells `invalid_redirect_uri` from `invalid_client_metadata` by how the description starts. */
function invalid(member: string, problem: string): Error {
  return new errors.InvalidClientMetadata(`${member}: ${problem}`)
}
