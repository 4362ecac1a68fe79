import type { ApiModel } from '../model/api.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import type { Explanation } from '../policy/explain.ts'
import type { AuditRecord } from '../store/audit.ts'
import type { ClientRecord } from '../store/clients.ts'
import { epoch } from '../store/clock.ts'
import type { ScopeRequest } from '../store/scope-requests.ts'
import type { Store } from '../store/store.ts'
import { type App, appOf, by, likeness, mayManage, type Viewer } from './app.ts'
import { type CredentialsPort, credentialsOf } from './credentials.ts'
import { type AppForm, checkForm, errorsOf, type FormErrors, keptMetadata, metadataOf } from './form.ts'
import { initialAccessOf } from './initial-access.ts'
import { type Preview, type PreviewRequest, previewsBy } from './preview.ts'
import { type Issuer, registrationAt } from './registration.ts'
import { scopeRequestsOf } from './scope-requests.ts'
import { type SharingPort, sharingOf } from './sharing.ts'

export type { App, Viewer } from './app.ts'
export type { AppSecret } from './credentials.ts'
export type { AppForm, FormErrors } from './form.ts'
export type { Preview, PreviewRequest } from './preview.ts'
export type { ScopeRequestView } from './scope-requests.ts'

/** What only the authorization server itself can do for the portal. */
export interface AuthorizationPort extends CredentialsPort, SharingPort {
  mintInitialAccessToken(
    token: {
      readonly ownerId: string
      readonly name: string
      readonly apis: readonly string[]
      readonly expiresAt: number
    },
    errand: ReturnType<typeof by>,
  ): Promise<string>
  /** For one edit. */
  mintRegistrationToken(clientId: string, errand: ReturnType<typeof by>): Promise<string>
  revokeApp(clientId: string): Promise<void>
  setAppDisabled(clientId: string, disabled: boolean): Promise<void>
  removeClient(clientId: string): Promise<void>
  /** Undefined: it may be registered. */
  redirectUriProblem(uri: string, kind: string): string | undefined
  /** Those that decide for an API right now. */
  policies(model: ApiModel): Promise<readonly EvaluatedPolicy[]>
}

export interface AppsOptions {
  readonly issuer: Issuer
  readonly store: Pick<Store, 'clients' | 'people' | 'audit' | 'readTokens' | 'initialAccessTokens' | 'scopeRequests'>
  readonly authorization: AuthorizationPort
  /** Every API, whoever may see it. */
  readonly models: () => readonly ApiModel[]
  readonly audience: (api: string) => string
}

/** With the form as it was typed, to be shown again. */
export type Saved =
  | { readonly ok: true; readonly app: App; readonly clientSecret?: string }
  | { readonly ok: false; readonly errors: FormErrors; readonly form: AppForm }

/** Something that happened to an app, or that it did. */
export interface Activity extends AuditRecord {
  /** By name. Undefined: someone who uses it, or is gone. */
  readonly who?: string | undefined
}

export type Apps = ReturnType<typeof appsOf>

/** Entries of an app's activity. */
const ACTIVITY = 30

/** Seconds that the portal's own initial access token is good for: one request. */
const ERRAND = 60

/**
 * A developer's apps. Whatever isn't the viewer's to see or to change doesn't exist for them: undefined (or false), the same
 * as for an app that never was.
 */
export function appsOf({ issuer, store, authorization, models, audience }: AppsOptions) {
  const { clients, audit, people, initialAccessTokens } = store
  const model = (api: string) => models().find(({ name }) => name === api)
  const registration = registrationAt(issuer)
  const previews = previewsBy({
    issuer: issuer.url,
    audience,
    model,
    policies: (model) => authorization.policies(model),
    now: epoch,
  })

  async function own(id: string, viewer: Viewer): Promise<App | undefined> {
    const client = await clients.get(id)
    return client !== undefined && mayManage(client, viewer) ? appOf(client) : undefined
  }

  /** Who works on an app is named to the others who do. Who uses it isn't: the app may not have been told. */
  async function nameOf({ actor, action }: AuditRecord, app: App): Promise<string | undefined> {
    if (actor === app.id) return app.name
    return actor === undefined || !/^(client|scopes)\./.test(action) ? undefined : (await people.get(actor))?.name
  }

  /** Does something to an app that the viewer may manage, and writes it down. */
  async function act(id: string, viewer: Viewer, action: string, change: () => Promise<unknown>): Promise<boolean> {
    if ((await own(id, viewer)) === undefined) return false
    await change()
    await audit.append({ ...by(viewer), action: `client.${action}`, target: id })
    return true
  }

  /** Through the management endpoint: what isn't named stays as it was registered. */
  async function save(id: string, change: ReturnType<typeof metadataOf>, viewer: Viewer) {
    const client = await clients.get(id)
    const token = await authorization.mintRegistrationToken(id, by(viewer))
    return registration.update(id, { ...keptMetadata(client?.payload ?? {}), ...change }, token)
  }

  return {
    scopeRequests: scopeRequestsOf({
      store,
      models,
      async widen(app, scopes, viewer) {
        const form = { ...app, scopes: [...new Set([...app.scopes, ...scopes])] }
        const saved = await save(app.id, metadataOf(form), viewer)
        return saved.ok ? undefined : (Object.values(errorsOf(saved.error, saved.description))[0] ?? saved.error)
      },
    }),
    sharing: sharingOf({ store, authorization }),
    initialAccess: initialAccessOf(store),
    ...credentialsOf({ store, authorization, own, save }),

    /** Through the registration endpoint, as anyone would. The secret can't be had again. */
    async register(form: AppForm, viewer: Viewer): Promise<Saved> {
      const errors = checkForm(form, authorization.redirectUriProblem)
      if (Object.keys(errors).length > 0) return { ok: false, errors, form }
      const expiresAt = epoch() + ERRAND
      const grant = { ownerId: viewer.id, name: `Registering ${form.name}`, apis: form.apis, expiresAt }
      const token = await authorization.mintInitialAccessToken(grant, by(viewer))
      const registered = await registration.register(metadataOf(form), token)
      await initialAccessTokens.revoke(token)
      if (!registered.ok) return { ok: false, errors: errorsOf(registered.error, registered.description), form }
      const { clientId, clientSecret } = registered
      const app = await own(clientId, viewer)
      if (app === undefined) throw new Error(`The app ${clientId} was registered and is not there.`)
      return { ok: true, app, ...(clientSecret === undefined ? {} : { clientSecret }) }
    },

    /** Undefined: no such app. Its kind can't change, nor can it gain APIs: that is another app. */
    async update(id: string, form: AppForm, viewer: Viewer): Promise<Saved | undefined> {
      const before = await own(id, viewer)
      if (before === undefined || before.disabled) return undefined
      const errors = checkForm(form, authorization.redirectUriProblem)
      if (Object.keys(errors).length > 0) return { ok: false, errors, form }
      const updated = await save(id, metadataOf(form), viewer)
      if (!updated.ok) return { ok: false, errors: errorsOf(updated.error, updated.description), form }
      const app = await own(id, viewer)
      return app === undefined ? undefined : { ok: true, app }
    },

    get: own,

    /** The name of whoever an app belongs to; undefined: nobody, any more. */
    ownerOf: async ({ ownerId }: App) => (ownerId === undefined ? undefined : (await people.get(ownerId))?.name),

    /** The viewer's own, newest first. */
    async list(viewer: Viewer): Promise<readonly App[]> {
      return (await clients.list(viewer.id, viewer.groups)).map(appOf)
    },

    /** Everyone's, for administrators; for others, their own. */
    async listAll(viewer: Viewer): Promise<readonly App[]> {
      return (await (viewer.administrator ? clients.list() : clients.list(viewer.id, viewer.groups))).map(appOf)
    },

    remove: (id: string, viewer: Viewer) => act(id, viewer, 'removed', () => authorization.removeClient(id)),

    /** Ends every token; the app may ask for new ones. */
    revokeTokens: (id: string, viewer: Viewer) => act(id, viewer, 'revoked', () => authorization.revokeApp(id)),

    /** A disabled app gets no tokens, and those that it has are no good. */
    setDisabled: (id: string, disabled: boolean, viewer: Viewer) =>
      act(id, viewer, disabled ? 'disabled' : 'enabled', () => authorization.setAppDisabled(id, disabled)),

    /** What happened to an app and what it did, newest first. */
    async activity(id: string, viewer: Viewer): Promise<readonly Activity[]> {
      const app = await own(id, viewer)
      if (app === undefined) return []
      const entries = await audit.list({ target: id, limit: ACTIVITY })
      return Promise.all(entries.map(async (entry) => ({ ...entry, who: await nameOf(entry, app) })))
    },

    /** Why a redirect URI would be refused for an app of this kind, as it is typed. */
    redirectUriProblem: (uri: string, kind: string) => authorization.redirectUriProblem(uri, kind),

    /** The token that an app would get. Only administrators may look at someone else's; undefined: no such app. */
    async preview(id: string, request: PreviewRequest, viewer: Viewer): Promise<Preview | undefined> {
      const client = await clients.get(id)
      if (client === undefined || !mayManage(client, viewer)) return undefined
      const { personId } = request
      if (personId !== undefined && personId !== viewer.id && !viewer.administrator)
        return { refused: 'Only administrators see what someone else would get.' }
      return previews.token(client, request, personId === undefined ? undefined : await people.get(personId))
    },

    /** What the policies would say to each scope, once an app is registered for it, with the one who asks signed in. */
    async scopeProspects(
      { clientId, api, scopes, personId }: Pick<ScopeRequest, 'clientId' | 'api' | 'scopes'> & { personId?: string },
      viewer: Viewer,
    ): Promise<ReadonlyMap<string, Explanation>> {
      const [client, of] = [await clients.get(clientId), model(api)]
      if (client === undefined || of === undefined) return new Map()
      return previews.scopes(of, client, await people.get(personId ?? viewer.id), scopes)
    },

    /** Which scopes of an API a new app of this kind would be granted, with the viewer signed in to it. */
    async prospects(
      draft: Pick<AppForm, 'kind' | 'softwareId'>,
      api: string,
      viewer: Viewer,
    ): Promise<ReadonlyMap<string, Explanation>> {
      const of = model(api)
      if (of === undefined) return new Map()
      const person = await people.get(viewer.id)
      const scopes = of.scopes.map(({ name }) => name)
      return previews.scopes(of, unregistered(draft, api), person, scopes)
    },

    /** What an administrator vouches for by verifying the app as it is. */
    likeness,

    /**
     * Vouches for an app. Administrators only: policies on kinds and software ids count from then on.
     *
     * @param seen the {@link likeness} of the app that they looked at
     */
    async verify(id: string, seen: string, viewer: Viewer): Promise<boolean | 'changed'> {
      const app = viewer.administrator ? await own(id, viewer) : undefined
      if (app === undefined) return false
      if (likeness(app) !== seen) return 'changed'
      return act(id, viewer, 'verified', () => authorization.setAppVerified(id, true))
    },

    async unverify(id: string, viewer: Viewer): Promise<boolean> {
      return viewer.administrator && act(id, viewer, 'unverified', () => authorization.setAppVerified(id, false))
    },
  }
}

function unregistered({ kind, softwareId }: Pick<AppForm, 'kind' | 'softwareId'>, api: string): ClientRecord {
  return {
    id: '',
    name: '',
    kind,
    apis: [api],
    payload: {},
    ...(softwareId === undefined ? {} : { softwareId }),
    verified: false,
    disabled: false,
    anonymous: false,
    createdAt: 0,
  }
}
