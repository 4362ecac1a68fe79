import { safeTypeName } from '../../model/names.ts'
import type { SdkPlan } from '../plan/plan.ts'
import { credentialGrant } from '../plan/requirement.ts'
import type { Module } from './modules.ts'
import { comment, firstParagraph, key, literal, prose, quote } from './text.ts'

/** What types make of what a document leaves open. */
export interface TypeOptions {
  /** `date-time`: text unless given. */
  readonly dates?: 'string' | 'Date' | undefined
  /** Whether an enum admits values that the document doesn't list: closed unless given. */
  readonly enums?: 'closed' | 'open' | undefined
}

/** What is built into an SDK. */
export interface BuiltIn {
  readonly types?: TypeOptions | undefined
  readonly scopes?: readonly string[] | undefined
  readonly connection: {
    readonly baseUrl?: string | undefined
    readonly issuer?: string | undefined
    readonly tokenEndpoint?: string | undefined
    readonly resource?: string | undefined
  }
}

/** What `index.ts` exports besides the client class. */
const ERRORS = [
  'ApiError',
  'AuthenticationError',
  'BadRequestError',
  'ConfigurationError',
  'ConflictError',
  'ConnectionError',
  'ForbiddenError',
  'InsufficientScopeError',
  'NotFoundError',
  'RateLimitError',
  'SdkError',
  'ServerError',
  'TimeoutError',
  'UnexpectedResponseError',
]
const EXPORTED = new Set([
  ...ERRORS,
  ...['Answer', 'Call', 'Download', 'Middleware', 'OutgoingRequest', 'Page', 'Problem', 'Promise', 'Schemas', 'Scope'],
  ...['ServerSentEvent', 'TokenSet', 'Visible'],
])

/** `people` → `People`. */
export function clientName({ api }: { readonly api: Pick<SdkPlan['api'], 'name'> }): string {
  const name = safeTypeName(api.name, 'Api')
  return EXPORTED.has(name) ? `${name}Client` : name
}

export function renderScopes(plan: SdkPlan): string {
  const union = (names: readonly string[]): string => names.map((name) => `\n  | ${quote(name)}`).join('') || ' never'
  return `import type { Unchecked } from './runtime/grants.ts'

/** What a token of this API can hold. */
export type Scope =${union(plan.scopes.map(({ name }) => name))}

/** All that an operation can ask for. What isn't a scope can't be given by a token. */
export type Grant = Scope | Unchecked${plan.credentials.map((scheme) => ` | ${quote(credentialGrant(scheme))}`).join('')}

/** What a client with these scopes holds. */
export type Held<S extends readonly Scope[] | 'unchecked'> = S extends readonly (infer A extends Scope)[] ? A : Grant
`
}

/** The client without resources: what functions take. */
export function renderClient(plan: SdkPlan, { scopes, connection }: BuiltIn): string {
  const name = clientName(plan)
  const {
    baseUrl = plan.server,
    issuer,
    tokenEndpoint = issuer === undefined ? plan.tokenEndpoint : undefined,
    resource,
  } = connection
  const given = scopes?.filter((scope) => plan.scopes.some((known) => known.name === scope))
  const variables = connection.baseUrl === undefined ? Object.entries(plan.variables ?? {}) : []
  const defaults = Object.fromEntries(variables.map(([variable, { default: value }]) => [variable, value]))
  const choices = variables.map(([variable, { enum: values, default: value }]) => {
    const type = values === undefined ? 'string' : [...new Set([value, ...values])].map(quote).join(' | ')
    return `    readonly ${key(variable)}?: ${type} | undefined\n`
  })
  const type = given === undefined ? "'unchecked'" : `readonly [${given.map(quote).join(', ')}]`
  return `import { Client, type ClientOptions, type Connection } from './runtime/client.ts'
import type { Held, Scope } from './scopes.ts'

const connection: Connection = ${literal({
    baseUrl,
    ...(variables.length > 0 && { variables: defaults }),
    issuer,
    tokenEndpoint,
    resource,
  })}

/** The scopes that a client has unless it is given others. */
export type DefaultScopes = ${type}
const defaultScopes: DefaultScopes = ${given === undefined ? "'unchecked'" : literal(given)}

export interface ${name}ClientOptions<S extends readonly Scope[] | 'unchecked' = DefaultScopes> extends ClientOptions {
  /** What the client asks the authorization server for, and what the compiler checks calls against. */
  readonly scopes?: S | undefined
${choices.length === 0 ? '' : `  /** Of the server's address. */\n  readonly variables?: {\n${choices.join('')}  } | undefined\n`}}

/** A connection to the API, for the functions of its parts. \`${name}\` has them all as methods. */
export class ${name}Client<const S extends readonly Scope[] | 'unchecked' = DefaultScopes> extends Client<Held<S>> {
  constructor(options: ${name}ClientOptions<S> = {}) {
    const scopes: readonly Scope[] | 'unchecked' = options.scopes ?? defaultScopes
    super(options, connection, scopes === 'unchecked' ? undefined : scopes)
  }
}
`
}

export function renderIndex(plan: SdkPlan, modules: readonly Module[]): string {
  const name = clientName(plan)
  const imports = modules.map(
    ({ className, path }, index) => `import { ${className} as $Resource${index} } from './resources/${path}.ts'\n`,
  )
  const properties = modules.map(
    ({ property }, index) =>
      `  readonly ${property}: $Resource${index}<$Held<S>> = new $Resource${index}<$Held<S>>(this)\n`,
  )
  const description = plan.api.summary ?? (plan.api.description && firstParagraph(plan.api.description))
  return `import { type DefaultScopes as $DefaultScopes, ${name}Client as $Client, type ${name}ClientOptions as $ClientOptions } from './client.ts'
${imports.join('')}import { authOf as $authOf, type CredentialOptions as $CredentialOptions } from './runtime/auth/credentials.ts'
import type { components as $components } from './schema.ts'
import type { ${modules.length === 0 ? '' : 'Held as $Held, '}Scope as $Scope } from './scopes.ts'

export * from './errors.ts'
export type { Download } from './runtime/binary.ts'
export type { Answer, Call } from './runtime/call.ts'
export {
${ERRORS.map((error) => `  ${error},\n`).join('')}  type Problem,
} from './runtime/errors.ts'
export type { ServerSentEvent } from './runtime/events.ts'
export type { Visible } from './runtime/grants.ts'
export type { Middleware, OutgoingRequest } from './runtime/middleware.ts'
export { Page } from './runtime/page.ts'
export type { TokenSet } from './runtime/tokens.ts'
export type { Scope } from './scopes.ts'
/** The named schemas of the document. Fields that need scopes are marked: \`Visible\` shows what a client sees. */
export type Schemas = $components extends { schemas: infer All } ? All : never

${comment([prose(plan.api.title), ...(description === undefined ? [] : ['', prose(description)])])}export class ${name}<const S extends readonly $Scope[] | 'unchecked' = $DefaultScopes> extends $Client<S> {
${properties.join('')}
  constructor(options: ${name}Options<S> = {}) {
    super({ ...options, auth: $authOf(options) })
  }
}

/** What isn't given is built in. */
export interface ${name}Options<S extends readonly $Scope[] | 'unchecked' = $DefaultScopes>
  extends $ClientOptions<S>,
    $CredentialOptions {}

export default ${name}
`
}
