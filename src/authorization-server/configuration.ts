import { randomBytes } from 'node:crypto'
import type { ClientAuthMethod, Configuration, JWKS, KoaContextWithOIDC } from 'oidc-provider'
import type { ApiModel } from '../model/api.ts'
import type { Store } from '../store/store.ts'
import { REGISTRATION_POLICY, storeAdapter } from './adapter.ts'
import { apiClaims } from './claims.ts'
import { INTERNAL_METADATA, OWN_METADATA, PORTAL_CLIENT } from './client-metadata.ts'
import { mintClientSecret } from './client-secret.ts'
import { type ConsentOptions, loadGrant, prompts } from './consent.ts'
import { type Entitlements, LONGEST_GRANT } from './entitlement.ts'
import type { Keys } from './keys.ts'
import { OIDC_SCOPES } from './oidc-scopes.ts'
import { page } from './page.ts'
import { registrationRules } from './registration.ts'
import type { Revocation } from './revocation.ts'

/** Something went wrong that a person in a browser has to be told. */
export interface Failure {
  readonly status: number
  /** An OAuth error code: `invalid_request`. */
  readonly error: string
  /** May quote what a stranger sent: escape it. */
  readonly description?: string
}

export interface ConfigurationOptions {
  readonly publicUrl: string
  readonly store: Store
  readonly keys: Keys
  readonly models: ReadonlyMap<string, ApiModel>
  readonly entitlements: Entitlements
  readonly revocation: Revocation
  /** The page that shows a failure, as HTML. */
  readonly failurePage: (failure: Failure) => string | Promise<string>
}

const DAY = 86_400
const AUTHENTICATION: ClientAuthMethod[] = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']

/** Everything that oidc-provider is told. */
export function configuration(options: ConfigurationOptions): Configuration {
  const { publicUrl, store, keys, models, entitlements, revocation } = options
  const consent: ConsentOptions = { publicUrl, store, entitlements }
  const scopes = new Set<string>(OIDC_SCOPES)
  for (const model of models.values()) for (const { name } of model.scopes) scopes.add(name)
  const secure = publicUrl.startsWith('https:')
  const cookie = { httpOnly: true, overwrite: true, sameSite: 'lax', signed: true, secure } as const
  return {
    adapter: (model) => storeAdapter(model, { store, revocation, scopes }),
    jwks: { keys: keys.signing } as JWKS,
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
    clientAuthMethods: AUTHENTICATION,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: ['ES256', 'EdDSA', 'PS256', 'RS256'],
    },
    extraClientMetadata: { properties: [...OWN_METADATA, ...INTERNAL_METADATA], validator() {} },
    clients: [portalClient(publicUrl)],
    clientBasedCORS: isCrossOriginAllowed,
    findAccount: (_, id) => findAccount(store, id),
    extraTokenClaims: async (_, token) => {
      const accountId = 'accountId' in token ? token.accountId : undefined
      const model = [...models.values()].find(({ name }) => token.aud === `${publicUrl}/sandbox/${name}`)
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
    renderError: async (ctx, { error, error_description: description }) => {
      ctx.type = 'html'
      ctx.body = await options.failurePage({
        status: ctx.status,
        error,
        ...(description === undefined ? {} : { description }),
      })
    },
    ttl: {
      AccessToken: (_, token) => token.resourceServer?.accessTokenTTL ?? 600,
      ClientCredentials: (_, token) => token.resourceServer?.accessTokenTTL ?? 600,
      RefreshToken: (ctx, token) => entitlements.refreshTokenLifetime(ctx, token.iiat),
      AuthorizationCode: 60,
      IdToken: 3600,
      Interaction: 3600,
      Session: 14 * DAY,
      Grant: LONGEST_GRANT,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
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
        policies: { [REGISTRATION_POLICY]: registrationRules({ store, models }) },
        // Also part of npm dist-tags and of URLs: plain characters only.
        idFactory: () => randomBytes(10).toString('hex'),
        secretFactory: mintClientSecret,
      },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          const button = '<p><button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button></p>'
          ctx.body = page('Sign out?', form, button, `<p><a href="/">Stay signed in</a></p>`)
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = page('Signed out', '<p><a href="/">Back to the portal</a></p>')
        },
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
