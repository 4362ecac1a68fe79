import type { IncomingMessage, ServerResponse } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { ApiModel } from '../model/api.ts'
import { KINDS } from '../model/kind.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import type { SharedPolicy } from '../policy/sets.ts'
import { epoch } from '../store/clock.ts'
import type { InitialAccessToken } from '../store/initial-access-tokens.ts'
import type { Store } from '../store/store.ts'
import { mintToken } from '../store/token.ts'
import { REGISTRATION_POLICY } from './adapter.ts'
import { type ClientKeys, clientKeysBy, type RemoteKeys } from './client-keys.ts'
import { isClientSecret } from './client-secret.ts'
import { type ClientSecrets, clientSecretsOf } from './client-secrets.ts'
import { configuration } from './configuration.ts'
import { prefillDeviceCode } from './device.ts'
import { type Directory, openDirectory } from './directory.ts'
import { entitlementsBy } from './entitlement.ts'
import { type Errand, Errands } from './errands.ts'
import { noteIncident, noteReuse } from './incidents.ts'
import { type Interactions, interactionsOf } from './interaction.ts'
import { loadKeys, rotateOldKeys } from './keys.ts'
import { keepClients } from './known-clients.ts'
import { type ShowPage, takePage } from './page.ts'
import { type PasswordLinks, passwordLinks } from './password-link.ts'
import { policiesOf, seedPolicies } from './policies.ts'
import { redirectUriProblem } from './redirect-uri.ts'
import { reviewResponses } from './responses.ts'
import { type Revocation, revocationIn } from './revocation.ts'
import { DEFAULT_GRACE, nameSuccessors } from './rotation.ts'
import { acceptOwnSecret } from './sent-secret.ts'
import { SigningThread } from './signing-thread.ts'
import { noteRefusals } from './untrusted-redirect.ts'
import { createVerifier, type Verify } from './verify.ts'

export interface AuthorizationServerOptions {
  /** How the portal is reached, without a slash at the end: the issuer is `${publicUrl}/oauth`. */
  readonly publicUrl: string
  readonly store: Store
  readonly models: readonly ApiModel[]
  /** The caller's IP address, for policies on networks, limits and the log. Default: the socket's. */
  readonly address?: (request: IncomingMessage) => string | undefined
  readonly showPage: ShowPage
  /** Seconds in which a refresh token yields its successor again, for a client that lost the response: 0 to 60. Default: 30. */
  readonly refreshGrace?: number
  /** Whether anyone may register apps, which are then public, unverified, limited and ask for consent each time. */
  readonly anonymousRegistration?: boolean
  /** How the keys that apps publish (`jwks_uri`) are read. None: apps can't register an address of keys. */
  readonly remoteKeys?: RemoteKeys
  /** A fault of ours, for the log. */
  readonly onError?: (error: Error) => void
}

export interface AuthorizationServer extends Interactions, Revocation, ClientSecrets {
  readonly issuer: string
  /**
   * Answers `/oauth/…` and `/.well-known/oauth-authorization-server/oauth` (RFC 8414, section 3.1). `Host` and
   * `X-Forwarded-Proto` must be those of the public URL; they end up in what clients are told.
   */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /**
   * Takes new models, and stores what `policies.yaml` says where the store has none. Returns the names of APIs, or of that
   * file, where a file has other policies than the store, which rules.
   */
  reload(models: readonly ApiModel[], shared?: readonly SharedPolicy[]): Promise<readonly string[]>
  /** Looks now whether the keys were rotated. Happens by itself every ten seconds. */
  followKeys(): Promise<void>
  /** Before the store is closed. */
  close(): void
  readonly verify: Verify
  readonly directory: Directory
  readonly passwordLinks: PasswordLinks
  /** A token to register apps with (RFC 7591, section 3); it can't be had again. @param errand for one request, of this process */
  mintInitialAccessToken(token: Omit<InitialAccessToken, 'createdAt'>, errand?: Errand): Promise<string>
  /** A token to manage one app with (RFC 7592), good for a minute. @param errand likewise */
  mintRegistrationToken(clientId: string, errand?: Errand): Promise<string>
  /** One that lasts, in the place of all that the app has; it can't be had again. */
  replaceRegistrationToken(clientId: string): Promise<string>
  /** Those that decide for an API right now. */
  policies(model: ApiModel): Promise<readonly EvaluatedPolicy[]>
  /** Why this URI can't be registered for an app of this kind. */
  redirectUriProblem(uri: string, kind: string): string | undefined
}

/** Milliseconds between two looks at the keys; far less than a new one is published before it signs. */
const KEYS_FOLLOWED = 10_000

const MOUNT = '/oauth'
const METADATA = '/.well-known/oauth-authorization-server'

export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { publicUrl, store, onError: report = () => {} } = options
  const issuer = publicUrl + MOUNT
  let keys = await loadKeys(store)
  const signingThread = new SigningThread()
  const revocation = revocationIn(store)
  const verify = createVerifier({ issuer, keys: () => keys.signing, denylist: store.denylist })
  const build = (models: readonly ApiModel[]) =>
    buildProvider({
      ...options,
      ...(anonymous !== undefined && { anonymous }),
      ...(clientKeys !== undefined && { clientKeys }),
      issuer,
      keys,
      signingThread,
      revocation,
      verify,
      models,
      errands,
    })
  const errands = new Errands()
  const minted = (token: string, errand: Errand | undefined): string => {
    if (errand !== undefined) errands.note(token, errand)
    return token
  }
  const anonymous = options.anonymousRegistration === true ? mintToken() : undefined
  // For the app's developer: to the client, all that is said is that it isn't who it claims to be.
  const clientKeys =
    options.remoteKeys &&
    clientKeysBy(options.remoteKeys, (reason) => {
      if (Provider.ctx !== undefined) noteIncident(Provider.ctx, { action: 'client.keys-unread', detail: { reason } })
    })
  let { models } = options
  let { provider, callback } = build(models)

  const registrationToken = (bounds: { readonly clientId: string; readonly expiresIn?: number }): Promise<string> =>
    Object.assign(new provider.RegistrationAccessToken(), bounds, { policies: [REGISTRATION_POLICY] }).save()

  /** Follows what another instance, the command line or the schedule did to the keys. */
  async function followKeys(): Promise<void> {
    await rotateOldKeys(store)
    const next = await loadKeys(store)
    if (isDeepStrictEqual(next, keys)) return
    keys = next
    ;({ provider, callback } = build(models))
  }
  const timer = setInterval(() => void followKeys().catch(report), KEYS_FOLLOWED).unref()
  await seedPolicies(store, options.models)

  return {
    issuer,
    verify,
    directory: openDirectory(store),
    passwordLinks: passwordLinks({ store, revocation }),
    ...interactionsOf({ publicUrl, store, provider: () => provider, address: addressBy(options) }),
    ...revocation,

    async handle(request, response) {
      if (anonymous !== undefined) admitAnyone(request, anonymous)
      mount(request)
      prefillDeviceCode(request)
      acceptOwnSecret(request, store)
      await callback(request, response)
      const page = takePage(request)
      if (page !== undefined) await options.showPage(request, response, page)
    },

    async reload(changed, shared) {
      models = changed
      const drifted = await seedPolicies(store, models, shared)
      ;({ provider, callback } = build(models))
      return drifted
    },

    policies: (model) => policiesOf(store, model),
    followKeys,
    close() {
      clearInterval(timer)
      signingThread.close()
    },

    redirectUriProblem(uri, stated) {
      const kind = KINDS.find((kind) => kind === stated)
      return kind === undefined ? 'belongs to no kind of app that there is' : redirectUriProblem(uri, kind)
    },

    mintInitialAccessToken: async (token, errand) => minted(await store.initialAccessTokens.mint(token), errand),

    mintRegistrationToken: async (clientId, errand) =>
      minted(await registrationToken({ clientId, expiresIn: 60 }), errand),

    async replaceRegistrationToken(clientId) {
      await store.payloads.removeIssued({ clientId }, ['RegistrationAccessToken'])
      return registrationToken({ clientId })
    },

    ...clientSecretsOf(store),
  }
}

const addressBy = ({ address }: Pick<AuthorizationServerOptions, 'address'>) =>
  address ?? ((request: IncomingMessage) => request.socket.remoteAddress)

type Parts = AuthorizationServerOptions & {
  readonly issuer: string
  readonly keys: Awaited<ReturnType<typeof loadKeys>>
  readonly signingThread: SigningThread
  readonly revocation: Revocation
  readonly verify: Verify
  readonly clientKeys?: ClientKeys
  readonly anonymous?: string
  readonly errands: Errands
}

function buildProvider(parts: Parts) {
  const { publicUrl, store, issuer, keys, signingThread, revocation, verify, errands, ...options } = parts
  const models = new Map(options.models.map((model) => [model.name, model]))
  const address = addressBy(options)
  const entitlements = entitlementsBy({ publicUrl, store, models, address })
  const rotation = { grace: options.refreshGrace ?? DEFAULT_GRACE, key: keys.successors }
  const provider = new Provider(
    issuer,
    configuration({
      publicUrl,
      store,
      keys,
      signingThread,
      models,
      entitlements,
      revocation,
      rotation,
      address,
      ...(options.clientKeys !== undefined && { clientKeys: options.clientKeys }),
      ...(options.anonymous !== undefined && { anonymous: options.anonymous }),
    }),
  )
  provider.proxy = true
  provider.Client.prototype.compareClientSecret = function (presented) {
    return isClientSecret(presented, this.clientSecret, epoch())
  }
  // Records are the same only where the store remembers them.
  if (store.engine === 'sqlite') keepClients(provider, store)
  nameSuccessors(provider, rotation)
  noteReuse(provider)
  noteRefusals(provider)
  const review = reviewResponses({
    address,
    publicUrl,
    issuer,
    store,
    models,
    entitlements,
    revocation,
    verify,
    errands,
  })
  provider.use(async (ctx, next) => {
    try {
      // The answer leaves when this is done.
      await store.together(() => review(ctx as KoaContextWithOIDC, next))
    } catch (error) {
      takePage(ctx.req)
      Object.assign(ctx, { respond: true, status: 500, body: { error: 'server_error' } })
      options.onError?.(error instanceof Error ? error : new Error(String(error)))
    }
  })
  const report = options.onError
  if (report !== undefined) provider.on('server_error', (_, error) => report(error))
  return { provider, callback: provider.callback() }
}

/** Whoever registers an app without any token gets one that never leaves this process. */
function admitAnyone({ headers, method, url }: IncomingMessage, token: string): void {
  if (method === 'POST' && url?.split('?', 1)[0] === `${MOUNT}/reg`) headers.authorization ??= `Bearer ${token}`
}

/** The library expects its mount point cut off `url` and kept in `originalUrl`, as Express does. */
function mount(request: IncomingMessage & { originalUrl?: string }): void {
  const url = request.url ?? '/'
  if (url.startsWith(METADATA)) {
    // It builds the endpoints' addresses from where it believes to be mounted.
    request.originalUrl = MOUNT + METADATA
    request.url = METADATA
    return
  }
  request.originalUrl ??= url
  if (url.startsWith(`${MOUNT}/`)) request.url = url.slice(MOUNT.length)
}
