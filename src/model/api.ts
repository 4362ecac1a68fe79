import type { Consent, Policy, Visibility } from '../spec/access-file.ts'
import type { Schema, Schemas } from './schema.ts'

export type { Consent, Grant, Kind, Policy, Rule, Visibility } from '../spec/access-file.ts'
export type { FindingCode } from '../spec/severity.ts'

/**
 * Everything that Sallyport knows of one API, compiled once from its document and `access.yaml`. Plain data: it survives
 * `JSON.stringify`, and documentation, SDKs, sandbox and authorization server all read this and nothing else.
 */
export interface ApiModel {
  /** The folder's name, safe in a URL: `people`. */
  readonly name: string
  readonly title: string
  readonly version: string
  readonly summary?: string
  /** Markdown, hostile. */
  readonly description?: string
  /** What the document said it was, before the upgrade: `2.0`, `3.0.3`, `3.1.0`. */
  readonly sourceVersion: string
  /** SHA-256 (hex) of the sources and the compiler's version. */
  readonly hash: string
  readonly lifecycle: 'draft' | 'stable' | 'deprecated' | 'retired'
  readonly sunset?: string
  readonly family?: string
  readonly owner?: { readonly name: string; readonly email?: string }
  readonly visibility: Visibility
  readonly externalDocs?: ExternalDocs
  readonly contact?: Contact
  readonly license?: { readonly name: string; readonly url?: string }
  /** A URL; hostile. */
  readonly termsOfService?: string
  readonly servers: readonly Server[]
  readonly tags: readonly Tag[]
  readonly schemes: Readonly<Record<string, SecurityScheme>>
  readonly scopes: readonly Scope[]
  readonly operations: readonly Operation[]
  readonly webhooks: readonly Webhook[]
  readonly schemas: Schemas
  /** `claims` of `access.yaml`: claim name → path such as `user.groups`. */
  readonly claims: Readonly<Record<string, string>>
  /** Where the API itself runs, by name; the sandbox isn't one of them. */
  readonly environments: Readonly<Record<string, Environment>>
  /** As the file says; the database rules once they are seeded. */
  readonly policies: readonly Policy[]
}

export interface ExternalDocs {
  /** Hostile, as any URL of a document. */
  readonly url: string
  readonly description?: string
}

/** Whom to ask about an API. All of it hostile. */
export interface Contact {
  readonly name?: string
  readonly url?: string
  readonly email?: string
}

export interface Environment {
  /** URL that the paths of the document stand below. */
  readonly server: string
  /** What its tokens are for (RFC 8707). */
  readonly audience: string
}

export interface Server {
  /** OpenAPI 3.2. */
  readonly name?: string
  readonly url: string
  readonly description?: string
  readonly variables: Readonly<Record<string, ServerVariable>>
}

export interface ServerVariable {
  readonly default: string
  readonly enum?: readonly string[]
  readonly description?: string
}

export interface Tag {
  readonly name: string
  /** OpenAPI 3.2, as are `parent` and `kind`: what to show instead of the name. */
  readonly summary?: string
  readonly description?: string
  /** Name of the tag that this one stands under. It exists, and the way up ends. */
  readonly parent?: string
  /** `nav`, `badge`, `audience`, or any other word. */
  readonly kind?: string
  readonly externalDocs?: ExternalDocs
}

export interface SecurityScheme {
  readonly name: string
  readonly type: 'oauth2' | 'openIdConnect' | 'http' | 'apiKey' | 'mutualTLS'
  /**
   * Whether a token of the authorization server stands for it: oauth2, openIdConnect and http bearer do; an API key, a
   * certificate and other http schemes never do.
   */
  readonly token: boolean
  /** OpenAPI 3.2. */
  readonly deprecated?: true
  readonly description?: string
  /** `http`: `bearer`, `basic`, …, lower case. */
  readonly scheme?: string
  /** `apiKey`. */
  readonly in?: 'header' | 'query' | 'cookie'
  readonly parameter?: string
  /** `http` bearer: a hint, such as `JWT`. */
  readonly bearerFormat?: string
  readonly openIdConnectUrl?: string
  /** OpenAPI 3.2: the authorization server's metadata (RFC 8414). */
  readonly oauth2MetadataUrl?: string
  /** By the grant's name as OpenAPI has it: `authorizationCode`, `clientCredentials`, `deviceAuthorization`, … */
  readonly flows: Readonly<Record<string, Flow>>
}

export interface Flow {
  readonly authorizationUrl?: string
  readonly tokenUrl?: string
  readonly refreshUrl?: string
  readonly deviceAuthorizationUrl?: string
}

export interface Scope {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly consent: Consent
  /** Part of what a request without `scope` asks for. */
  readonly default: boolean
  /** False: used by an operation or field, but declared nowhere. */
  readonly declared: boolean
}

/**
 * A disjunction of conjunctions. No alternatives can't happen: an operation without security has the one empty
 * alternative, which anyone satisfies.
 */
export interface Requirement {
  /** False: the document says nothing about access here, which is not the same as saying "anyone". */
  readonly stated: boolean
  readonly alternatives: readonly Alternative[]
}

/** Every one must be held. Empty: anonymous. */
export type Alternative = readonly SchemeRequirement[]

export interface SchemeRequirement {
  readonly scheme: string
  /** As in {@link SecurityScheme.token}. */
  readonly token: boolean
  readonly scopes: readonly string[]
}

/** A field that is withheld without its scopes. */
export interface GatedField {
  /** JSON Pointer into the bundled document: `/components/schemas/Employee/properties/salary`. */
  readonly pointer: string
  /** As a person would say it: `salary`. */
  readonly name: string
  /** A conjunction. */
  readonly scopes: readonly string[]
}

export interface Operation {
  /** Unique in the API, safe as identifier in every language and in a URL. */
  readonly id: string
  readonly operationId?: string
  /** Upper case. */
  readonly method: string
  /** `/employees/{id}` */
  readonly path: string
  /** JSON Pointer into the bundled document. */
  readonly pointer: string
  readonly summary?: string
  /** Markdown, hostile. */
  readonly description?: string
  readonly tags: readonly string[]
  readonly deprecated: boolean
  /** `x-sunset`: the day on which it is to stop working, `2027-06-30`. */
  readonly sunset?: string
  readonly parameters: readonly Parameter[]
  readonly body?: Body
  readonly responses: readonly Response[]
  readonly requirement: Requirement
  /** Gated fields that a request may carry, and that a success response may carry, at any depth. */
  readonly fields: { readonly request: readonly GatedField[]; readonly response: readonly GatedField[] }
  readonly pagination?: Pagination
  /** Asking changes nothing (RFC 9110 section 9.2.1): GET, HEAD, OPTIONS, TRACE, QUERY. */
  readonly safe: boolean
  /** Asking twice does what asking once does (RFC 9110 section 9.2.2): safe methods, PUT and DELETE. */
  readonly idempotent: boolean
  /** The request header whose value makes a repetition recognisable, as in draft-ietf-httpapi-idempotency-key-header. */
  readonly idempotencyKey?: { readonly header: string; readonly required: boolean }
  /** What the API calls back while or after it is called. */
  readonly callbacks: readonly Callback[]
  /** Who may know of it, of those who may see the API; absent: all of them. */
  readonly visibility?: Visibility
  readonly externalDocs?: ExternalDocs
  /** Where an SDK puts it: `{ resource: ['employees', 'notes'], method: 'list' }`. */
  readonly sdk: { readonly resource: readonly string[]; readonly method: string }
  readonly servers?: readonly Server[]
}

export type Style =
  | 'matrix'
  | 'label'
  | 'simple'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'cookie'

/** Style and explode are resolved: what the document leaves out is filled in by OpenAPI's defaults. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'querystring'
  /** JSON Pointer into the bundled document; of a path's placeholder that nothing declares, the operation's. */
  readonly pointer: string
  readonly required: boolean
  readonly deprecated: boolean
  readonly description?: string
  readonly style: Style
  readonly explode: boolean
  readonly allowReserved: boolean
  readonly schema: Schema
  /** With `content` instead of `schema`: the media type that the value is serialised as. */
  readonly mediaType?: string
  readonly examples: readonly Example[]
}

export interface Body {
  readonly required: boolean
  readonly description?: string
  readonly content: readonly MediaType[]
}

export interface MediaType {
  /** `application/json`, lower case, parameters kept. */
  readonly type: string
  readonly schema?: Schema
  /** OpenAPI 3.2: one item of a stream. */
  readonly itemSchema?: Schema
  /** Items that may come one by one, and how they are told apart: server-sent events, lines (JSONL), RFC 7464, parts. */
  readonly stream?: 'events' | 'lines' | 'sequence' | 'parts'
  readonly examples: readonly Example[]
  /** `multipart/*` and forms: by part or field. */
  readonly encoding: Readonly<Record<string, Encoding>>
}

export interface Encoding {
  readonly contentType?: string
  readonly style: Style
  readonly explode: boolean
  readonly allowReserved: boolean
}

export interface Example {
  readonly name: string
  readonly summary?: string
  readonly description?: string
  readonly value?: unknown
  readonly externalValue?: string
}

export interface Response {
  /** `200`, `4XX` or `default`. */
  readonly status: string
  /** OpenAPI 3.2. */
  readonly summary?: string
  readonly description: string
  readonly headers: readonly Header[]
  readonly content: readonly MediaType[]
  /** To operations that there are. */
  readonly links?: readonly Link[]
}

/** What of a response leads to another operation. */
export interface Link {
  readonly name: string
  readonly description?: string
  /** Its id. */
  readonly operation: string
  /** Parameter by name: a runtime expression, such as `$response.body#/id`, or a value. */
  readonly parameters: Readonly<Record<string, string>>
  readonly body?: string
}

/** Always in style `simple`. */
export interface Header {
  readonly name: string
  readonly description?: string
  readonly required: boolean
  readonly deprecated: boolean
  readonly explode: boolean
  readonly schema: Schema
  /** With `content` instead of `schema`. */
  readonly mediaType?: string
  readonly examples: readonly Example[]
}

/** A call that the API makes. */
export interface Webhook {
  readonly name: string
  /** Unique among the API's webhooks, or the operation's callbacks; safe as {@link Operation.id} is. */
  readonly id: string
  /** Upper case. */
  readonly method: string
  readonly pointer: string
  readonly summary?: string
  readonly description?: string
  readonly deprecated: boolean
  readonly parameters: readonly Parameter[]
  readonly body?: Body
  readonly responses: readonly Response[]
}

export interface Callback extends Webhook {
  /** Where it goes, a runtime expression: `{$request.body#/callbackUrl}`. */
  readonly expression: string
}

/**
 * Names are those of query parameters and of top-level members of the response body; `items` is empty where the body is
 * the list. With `link`, the response says where the next page is in its `Link` header, `rel="next"` (RFC 8288).
 */
export type Pagination = { readonly link?: true } & (
  | {
      readonly kind: 'cursor'
      readonly cursor: string
      readonly limit?: string
      readonly next: string
      readonly items: string
    }
  | {
      readonly kind: 'page'
      readonly page: string
      readonly size?: string
      readonly total?: string
      readonly items: string
    }
  | {
      readonly kind: 'offset'
      readonly offset: string
      readonly limit: string
      readonly total?: string
      readonly items: string
    }
  | {
      /** By its `Link` header alone. */
      readonly kind: 'link'
      readonly limit?: string
      readonly items: string
    }
)
