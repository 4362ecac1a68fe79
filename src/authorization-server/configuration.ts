import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type ClientAuthMethod, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { ApiModel } from '../model/api.ts'
import { apiOfAudience } from '../model/audience.ts'
import { apiClaims } from '../policy/claims.ts'
import type { Store } from '../store/store.ts'
import { REGISTRATION_POLICY, storeAdapter } from './adapter.ts'
import type { ClientKeys } from './client-keys.ts'
import { appClient, INTERNAL_METADATA, OWN_METADATA, PORTAL_CLIENT } from './client-metadata.ts'
import { mintClientSecret } from './client-secret.ts'
import { type ConsentOptions, loadGrant, prompts } from './consent.ts'
import { deviceFlow } from './device.ts'
import { type Entitlements, LONGEST_GRANT } from './entitlement.ts'
import type { Keys } from './keys.ts'
import { OIDC_SCOPES } from './oidc-scopes.ts'
import { setPage, xsrfOf } from './page.ts'
import { registrationRules } from './registration.ts'
import type { Revocation } from './revocation.ts'
import type { Rotation } from './rotation.ts'
import { mayIntrospect } from './signed-tokens.ts'
import { SigningKey } from './signing-key.ts'
import type { SigningThread } from './signing-thread.ts'

export interface ConfigurationOptions {
  readonly publicUrl: string
  readonly store: Store
  readonly keys: Keys
  readonly signingThread: SigningThread
  readonly models: ReadonlyMap<string, ApiModel>
  readonly entitlements: Entitlements
  readonly revocation: Revocation
  readonly rotation: Rotation
  readonly address: (request: IncomingMessage) => string | undefined
  /** Reads the keys that apps publish; none: they can't. */
  readonly clientKeys?: ClientKeys
  /** Stands in for the initial access token of whoever has none, if anyone may register apps. */
  readonly anonymous?: string
}

const DAY = 86_400
const AUTHENTICATION: ClientAuthMethod[] = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']

/** Everything that oidc-provider is told. */
export function configuration(options: ConfigurationOptions): Configuration {
  const { publicUrl, store, keys, signingThread, models, entitlements, revocation, rotation, address } = options
  const { clientKeys, anonymous } = options
  const consent: ConsentOptions = { publicUrl, store, entitlements }
  const scopes = new Set<string>(OIDC_SCOPES)
  for (const model of models.values()) for (const { name } of model.scopes) scopes.add(name)
  const secure = publicUrl.startsWith('https:')
  const cookie = { httpOnly: true, overwrite: true, sameSite: 'lax', signed: true, secure } as const
  return {
    adapter: (model) =>
      storeAdapter(model, { store, revocation, rotation, scopes, ...(anonymous !== undefined && { anonymous }) }),
    jwks: { keys: keys.signing.map((key) => new SigningKey(key, signingThread)) },
    cookies: {
      keys: [...keys.cookies],
      names: { session: 'sallyport_op', interaction: 'sallyport_interaction', resume: 'sallyport_resume' },
      long: cookie,
      short: cookie,
    },
    scopes: [...scopes],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    responseTypes: ['code'],
    subjectTypes: ['public'],
    pkce: { required: () => true },
    // The library would take a code without `redirect_uri` though the request for it had one (RFC 6749, section 4.1.3).
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: AUTHENTICATION,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: ['ES256', 'EdDSA', 'PS256', 'RS256'],
    },
    fetch: (address) => {
      if (clientKeys === undefined) throw new Error('Nothing is fetched here.')
      return clientKeys.fetch(address instanceof Request ? address.url : address)
    },
    async assertJwtClientAuthClaimsAndHeader({ oidc: { params } }, _, __, { jwksUri }) {
      if (jwksUri === undefined) return
      if (await clientKeys?.isSignedNow(String(params?.client_assertion), jwksUri)) return
      throw new errors.InvalidClientAuth('the key is no longer published')
    },
    extraClientMetadata: { properties: [...OWN_METADATA, ...INTERNAL_METADATA], validator() {} },
    clients: [portalClient(publicUrl)],
    // Try it calls from the portal's own pages, as any of the developer's apps.
    clientBasedCORS: (ctx, origin, client) => origin === publicUrl || isCrossOriginAllowed(ctx, origin, client),
    findAccount: (_, id) => findAccount(store, id),
    extraTokenClaims: async (_, token) => {
      const accountId = 'accountId' in token ? token.accountId : undefined
      const model = apiOfAudience({ publicUrl, models }, String(token.aud))
      const person = accountId === undefined ? undefined : await store.people.get(accountId)
      return {
        ...(model === undefined ? {} : apiClaims(model, person)),
        scp: token.scope?.split(' ') ?? [],
        ...('grantId' in token && token.grantId !== undefined ? { grant_id: token.grantId } : {}),
      }
    },
    interactions: {
      policy: prompts(consent),
      url: (_, { prompt, uid }) => `/${prompt.name === 'consent' ? 'consent' : 'sign-in'}/${uid}`,
    },
    loadExistingGrant: (ctx) => loadGrant(ctx, consent),
    // A refresh token is for calling an API later, whoever is signed in then; nothing else needs one.
    issueRefreshToken: (_, client, source) => client.grantTypeAllowed('refresh_token') && source.resource !== undefined,
    expiresWithSession: () => false,
    rotateRefreshToken: entitlements.rotate,
    renderError: (ctx, { error, error_description: description }) => {
      const client = ctx.oidc.client?.clientId
      setPage(ctx, {
        kind: 'failure',
        status: ctx.status,
        error,
        ...(description === undefined ? {} : { description }),
        ...(client === undefined ? {} : { client }),
      })
    },
    ttl: {
      AccessToken: (_, token) => token.resourceServer?.accessTokenTTL ?? 600,
      ClientCredentials: (_, token) => token.resourceServer?.accessTokenTTL ?? 600,
      RefreshToken: (ctx, token) => entitlements.refreshTokenLifetime(ctx, token.iiat),
      AuthorizationCode: 60,
      IdToken: 3600,
      DeviceCode: 600,
      Interaction: 3600,
      Session: 14 * DAY,
      Grant: LONGEST_GRANT,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      clientCredentials: { enabled: true },
      deviceFlow: deviceFlow(store),
      introspection: {
        enabled: true,
        // Refresh tokens; of our signed access tokens the library knows nothing.
        allowedPolicy: (_, client, token) =>
          mayIntrospect(appClient(client), client.clientAuthMethod, { clientId: String(token.clientId) }, undefined),
      },
      revocation: {
        enabled: true,
        // Of another's token, nothing is said and nothing done (RFC 7009, section 2.1).
        allowedPolicy: (_, client, token) => token.clientId === client.clientId,
      },
      pushedAuthorizationRequests: { enabled: true },
      userinfo: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: entitlements.defaultResource,
        getResourceServerInfo: entitlements.resourceServer,
        useGrantedResource: () => true,
      },
      registration: {
        enabled: true,
        initialAccessToken: true,
        policies: {
          [REGISTRATION_POLICY]: registrationRules({
            store,
            models,
            address,
            ...(clientKeys !== undefined && { clientKeys }),
            ...(anonymous !== undefined && { anonymous }),
          }),
        },
        // Also part of npm dist-tags and of URLs: plain characters only.
        idFactory: () => randomBytes(10).toString('hex'),
        secretFactory: mintClientSecret,
      },
      registrationManagement: {
        enabled: true,
        // A client whose response to an update is lost could never manage itself again.
        rotateRegistrationAccessToken: false,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => {
          const app = ctx.oidc.client === undefined ? undefined : appClient(ctx.oidc.client)
          setPage(ctx, {
            kind: 'sign-out',
            action: ctx.oidc.urlFor('end_session_confirm'),
            xsrf: xsrfOf(ctx),
            ...(app === undefined || app.firstParty ? {} : { app: app.name }),
          })
        },
        postLogoutSuccessSource: (ctx) => setPage(ctx, { kind: 'signed-out' }),
      },
    },
  }
}

function portalClient(publicUrl: string) {
  return {
    client_id: PORTAL_CLIENT,
    client_name: 'Sallyport',
    application_type: 'web',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [`${publicUrl}/auth/callback`],
    post_logout_redirect_uris: [`${publicUrl}/`],
    scope: 'openid profile email',
  } as const
}

/** Only what an app in a browser needs, and only for the origins that it is registered to return to. */
function isCrossOriginAllowed(
  ctx: KoaContextWithOIDC,
  origin: string,
  client: { readonly clientAuthMethod?: string | undefined; readonly redirectUris?: readonly string[] | undefined },
): boolean {
  if (origin === 'null' || client.clientAuthMethod !== 'none') return false
  if (!['token', 'revocation', 'userinfo', 'pushed_authorization_request'].includes(ctx.oidc.route)) return false
  return client.redirectUris?.some((uri) => /^https?:/i.test(uri) && URL.parse(uri)?.origin === origin) ?? false
}

async function findAccount({ people }: Store, id: string) {
  const person = await people.get(id)
  if (person?.status !== 'active') return undefined
  const { name, email } = person
  return { accountId: id, claims: () => ({ sub: id, name, email }) }
}
