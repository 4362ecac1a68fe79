import type {
  Activity,
  App,
  AppForm,
  AppSecret,
  Apps,
  FormErrors,
  Preview,
  PreviewRequest,
  Viewer,
} from '../apps/apps.ts'
import type { PendingInteraction } from '../authorization-server/interaction.ts'
import type { ApiModel, Kind } from '../model/api.ts'
import type { Explanation } from '../policy/explain.ts'
import type { Problem } from '../spec/problem.ts'
import type { AuditFilter, AuditRecord } from '../store/audit.ts'
import type { ConsentRecord } from '../store/consents.ts'
import type { PersonRecord } from '../store/people.ts'
import type { PolicyRevision } from '../store/policies.ts'
import type { ReadToken } from '../store/read-tokens.ts'
import type { Adoption } from './adoption.ts'

/**
 * Signing in and consenting, for the one request that is being answered: it reads and writes the browser's cookies. Whatever
 * is undefined has expired, was answered already, or belongs to another browser or another `uid`.
 */
export interface InteractionLocals {
  get(uid: string): Promise<PendingInteraction | undefined>
  /** Where people sign in; undefined: here, with a password. */
  readonly provider: string | undefined
  /** Who may sign in by one click; nobody outside the demo. */
  demoPeople(): Promise<readonly DemoPerson[]>
  /** @param by a demo person only counts where there is a demo */
  signIn(uid: string, by: SignInBy): Promise<SignInOutcome | undefined>
  /** @param scopes names of all that the person allows, the required ones included */
  consent(uid: string, scopes: readonly string[]): Promise<Onward | undefined>
  refuse(uid: string): Promise<Onward | undefined>
}

export interface DemoPerson {
  readonly id: string
  readonly name: string
  readonly groups: readonly string[]
}

export type SignInBy =
  | { readonly email: string; readonly password: string }
  | { readonly demoPerson: string }
  /** From the provider where people sign in. */
  | { readonly ticket: string }

export interface Onward {
  /** On this server: `/oauth/auth/…`. */
  readonly redirectTo: string
}

export type SignInOutcome =
  | ({ readonly ok: true } & Onward)
  /** In words for the person; the same whether the address is unknown or the password wrong. */
  | { readonly ok: false; readonly message: string }

export type { SharingField, SharingOutcome } from '../apps/sharing.ts'

/** What a developer says of a new app. */
export type Registration = AppForm

export type RegistrationErrors = FormErrors

export type RegistrationOutcome =
  /** The secret can't be had again. */
  | { readonly ok: true; readonly app: App; readonly clientSecret?: string }
  | { readonly ok: false; readonly errors: RegistrationErrors }

/**
 * Apps of the one who looks, or for administrators everyone's. Another's app doesn't exist: undefined, or false, as for one that
 * never was.
 */
export interface AppLocals {
  /** One's own, newest first. */
  list(viewer: Viewer): Promise<readonly App[]>
  /** For administrators everyone's. */
  listAll(viewer: Viewer): Promise<readonly App[]>
  get(id: string, viewer: Viewer): Promise<App | undefined>
  /** The name of whoever an app belongs to; undefined: nobody, any more. */
  ownerOf(app: App): Promise<string | undefined>
  register(registration: Registration, viewer: Viewer): Promise<RegistrationOutcome>
  activity(id: string, viewer: Viewer): Promise<readonly Activity[]>
  /** Undefined: it may be registered for an app of this kind. */
  redirectUriProblem(uri: string, kind: string): string | undefined
  secrets(id: string, viewer: Viewer): Promise<readonly AppSecret[]>
  /** A second one beside the first; undefined where there are two already. */
  addSecret(id: string, viewer: Viewer): Promise<string | undefined>
  /** @param at seconds since the epoch */
  expireSecret(id: string, secretId: string, at: number, viewer: Viewer): Promise<boolean>
  /** The new secret; the old one stops working at once. */
  rotateSecret(id: string, viewer: Viewer): Promise<string | undefined>
  /** A secret in the place of the keys with which the app signs. */
  replaceKeys(id: string, viewer: Viewer): Promise<string | undefined>
  revokeTokens(id: string, viewer: Viewer): Promise<boolean>
  /** With which a program manages the app (RFC 7592), in the place of those that there are; it can't be had again. */
  newRegistrationToken(id: string, viewer: Viewer): Promise<string | undefined>
  /** In force, newest first. */
  readTokens(id: string, viewer: Viewer): Promise<readonly ReadToken[]>
  /** For downloading SDKs that aren't public; it can't be had again. */
  mintReadToken(id: string, viewer: Viewer): Promise<string | undefined>
  revokeReadToken(id: string, token: string, viewer: Viewer): Promise<boolean>
  remove(id: string, viewer: Viewer): Promise<boolean>
  setDisabled(id: string, disabled: boolean, viewer: Viewer): Promise<boolean>
  /** The token that an app would get; of someone else, for administrators only. */
  preview(id: string, request: PreviewRequest, viewer: Viewer): Promise<Preview | undefined>
  /** Which scopes of an API a new app would be granted, each on its own, with the viewer signed in to it. */
  prospects(
    draft: Pick<AppForm, 'kind' | 'softwareId'>,
    api: string,
    viewer: Viewer,
  ): Promise<ReadonlyMap<string, Explanation>>
  /** For scopes of an app's API, whether the policies would grant them once it is registered for them. */
  scopeProspects(
    wish: {
      readonly clientId: string
      readonly api: string
      readonly scopes: readonly string[]
      readonly personId?: string
    },
    viewer: Viewer,
  ): Promise<ReadonlyMap<string, Explanation>>
  readonly scopeRequests: Apps['scopeRequests']
  readonly sharing: Apps['sharing']
  /** Tokens with which pipelines register apps. */
  readonly initialAccess: Apps['initialAccess']
  update(id: string, form: AppForm, viewer: Viewer): Promise<RegistrationOutcome | undefined>
  /** Of what an administrator looks at before they vouch for an app. */
  likeness(app: App): string
  /** Administrators only. `changed`: it isn't any more as it was when they looked. */
  verify(id: string, seen: string, viewer: Viewer): Promise<boolean | 'changed'>
  unverify(id: string, viewer: Viewer): Promise<boolean>
}

/** Links by which people set their password: invitations, and resets. */
export interface PasswordLinkLocals {
  /** Whose it is; undefined: it was used, has expired, or never was. */
  find(token: string): Promise<{ readonly name: string; readonly email: string } | undefined>
  set(token: string, password: string): Promise<PasswordOutcome>
}

/** In words for the person. `expired`: the link is good for nothing any more. */
export type PasswordOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly expired: boolean; readonly message: string }

export interface AccountLocals {
  /** Attributes that policies may ask for: `department`. */
  profile(person: Viewer): Promise<PersonRecord['profile']>
  /** Newest first. */
  consents(person: Viewer): Promise<readonly AccountConsent[]>
  /** With every token that was issued on it. */
  withdrawConsent(clientId: string, person: Viewer): Promise<void>
}

/** One per app and API; `api` is empty for scopes that concern the person. */
export interface AccountConsent extends ConsentRecord {
  readonly clientName: string
}

/** The administrators' area. What is done here is done, and audited, in the name of the one who asked for it. */
export interface ConsoleLocals {
  /** Of documents that compile; those that don't are `catalog.broken()`. */
  warnings(): readonly DocumentWarnings[]
  /**
   * Looks at examples and seeds, for {@link warnings}, as long as `patience` lasts, in milliseconds.
   *
   * @returns how many APIs are left, which are looked at meanwhile
   */
  examine(patience: number): Promise<number>
  /** Scopes that are proposed for an API, and the files that would say so. Nothing is written. */
  adoption(api: string): Promise<Adoption | undefined>
  people(): Promise<readonly PersonRecord[]>
  /** Every group there is. */
  groups(): Promise<readonly string[]>
  /** A group that isn't there yet is made. */
  joinGroup(personId: string, group: string): Promise<ConsoleOutcome>
  leaveGroup(personId: string, group: string): Promise<ConsoleOutcome>
  /** Where people sign in, if not here: it says at each sign-in what their profile holds, and perhaps their groups. */
  readonly provider: { readonly host: string; readonly saysGroups: boolean } | undefined
  /** Of someone's profile. @param values none: it is taken away */
  setAttribute(personId: string, attribute: string, values: readonly string[]): Promise<ConsoleOutcome>
  /** Newest first. Who did it, and to whom, may be told by e-mail address. @param before milliseconds since the epoch */
  audit(page: AuditFilter & { readonly before?: number; readonly limit: number }): Promise<readonly AuditRecord[]>
  /** All that the filter leaves, newest first, in pieces of text. */
  exportAudit(filter: AuditFilter, format: 'jsonl' | 'csv'): AsyncIterable<string>
  /** Those in force for an API, as `access.yaml` writes them, and the states that they were in, as far back as kept, newest first. */
  policies(api: string): Promise<PolicyView>
}

export interface PolicyView {
  readonly text: string
  readonly history: readonly PolicyRevision[]
}

/** People who can be played in try it, against the policies in force. */
export interface PersonaLocals {
  players(reader: Viewer | undefined): Promise<readonly DemoPerson[]>
  /** Undefined where the persona isn't the reader's to play. */
  cast(model: ApiModel, persona: Persona, reader: Viewer | undefined): Promise<Casting | undefined>
}

export interface Persona {
  /** A person's id; empty: the app acts for itself. */
  readonly person: string
  readonly kind: Kind
  readonly verified: boolean
  /** Empty: none. */
  readonly softwareId: string
  /** IP address; empty: not known. */
  readonly network: string
  /** What is asked for; none: the defaults. */
  readonly scopes: readonly string[]
}

export type Casting =
  | {
      readonly granted: true
      readonly scopes: readonly string[]
      readonly policy: string
      readonly rule: string
      /** Why it is less than was asked for, where it is. */
      readonly less?: string
    }
  | { readonly granted: false; readonly reason: string }

export interface DocumentWarnings {
  /** The API's name. */
  readonly name: string
  readonly title: string
  /** At least one. */
  readonly problems: readonly Problem[]
}

export type ConsoleOutcome =
  | { readonly ok: true }
  /** In words for the administrator. */
  | { readonly ok: false; readonly message: string }
