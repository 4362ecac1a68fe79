import type { OperationParts } from '../components/markup/operation-parts.ts'
import type { ApiModel, Kind } from '../model/api.ts'
import type { GrantContext } from '../policy/context.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import type { Problem } from '../spec/problem.ts'
import type { SeedFile } from '../spec/seed-file.ts'
import type { Logo } from './logo.ts'
import type { AccountLocals, AppLocals, ConsoleLocals, PasswordLinkLocals, PersonaLocals } from './portal-people.ts'

/** Someone who signed in. */
export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly groups: readonly string[]
  /** Member of the group `administrators`. */
  readonly administrator: boolean
  /** Where they are, as an IP address: for the audit log. */
  readonly address?: string
}

export interface Catalog {
  /** The APIs that this reader may see, by title. */
  list(reader: Person | undefined): readonly ApiModel[]
  /** Undefined where there is none, or where this reader may not see it: the two can't be told apart. */
  get(name: string, reader: Person | undefined): ApiModel | undefined
  /** The bundled OpenAPI document that the model was made from. */
  document(name: string, reader: Person | undefined): Promise<Readonly<Record<string, unknown>> | undefined>
  /** What the sandbox holds at first, by collection path. */
  seed(name: string, reader: Person | undefined): SeedFile
  guides(name: string, reader: Person | undefined): readonly Guide[]
  /** Documents that could not be compiled, for administrators. */
  broken(): readonly BrokenDocument[]
}

export interface Guide {
  /** Lower case, as in a URL: `getting-started`, `changelog`. */
  readonly name: string
  readonly title: string
  /** Without its first heading. */
  readonly markdown: string
}

export interface BrokenDocument {
  readonly name: string
  readonly file: string
  readonly problems: readonly Problem[]
  /** The API is still there, as the document was when it could last be read. */
  readonly served: boolean
}

/** What portal.yaml and the environment say about the portal as a whole. */
export interface Settings {
  readonly name: string
  /** `#rrggbb`, validated. */
  readonly accent: string | undefined
  readonly logo: Logo | undefined
  /** Without a slash at the end. */
  readonly publicUrl: string
  /** Of SDK packages, without `@`. */
  readonly npmScope: string
  /** Markdown for the home page. */
  readonly home?: string
  readonly demo: boolean
  /** Digest of what pages are built from; undefined: they may change at any time. */
  readonly version: string | undefined
}

/** One of a person's apps, as much as documentation needs of it. */
export interface AppSummary {
  /** The client id. */
  readonly id: string
  readonly name: string
  readonly kind: Kind
  readonly verified: boolean
  readonly softwareId?: string
  readonly assigned?: NonNullable<GrantContext['client']['assigned']>
  readonly apis: readonly string[]
  readonly scopes: readonly string[]
  /** By API; only of an app that was asked about. */
  readonly policies?: ReadonlyMap<string, readonly EvaluatedPolicy[]>
  /** Only of an app that was asked about, and where people sign in to it: the one who asks. */
  readonly signedIn?: NonNullable<GrantContext['user']> & { readonly name: string }
  readonly redirectUris: readonly string[]
  /** Has a secret. */
  readonly confidential: boolean
  readonly disabled: boolean
}

/** The services that pages use, through `Astro.locals.portal`. */
export interface PortalLocals {
  readonly catalog: Catalog
  readonly settings: Settings
  /** @param looked client id of the app whose policies are looked at, too; or all of them */
  appsOf(person: Person, looked?: string | { readonly all: true }): Promise<readonly AppSummary[]>
  readonly apps: AppLocals
  readonly account: AccountLocals
  readonly passwordLinks: PasswordLinkLocals
  readonly personas: PersonaLocals
  /**
   * What of an operation's page was compiled, for whoever sees as much of the API, where everything is seen: what stands in
   * its place until the page goes out. Undefined: it has to be rendered.
   */
  parts(model: ApiModel, operation: string): Promise<OperationParts | undefined>
  /** Bytes of the SDK's tarball for these scopes, or the whole API; undefined while nobody has asked for it yet. */
  sdkSize(model: ApiModel, scopes: readonly string[] | undefined): Promise<number | undefined>
  /** Undefined for whoever is no administrator. */
  console(person: Person): ConsoleLocals | undefined
}
