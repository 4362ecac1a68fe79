import type { Pagination } from '../../model/api.ts'
import type { Schema } from '../../model/schema.ts'

/**
 * What an SDK consists of, in any language: resources, their methods, and what each needs to know to make its call. Plain
 * data. Names are the model's: safe as identifiers; the casing that a language prefers is the renderer's business.
 */
export interface SdkPlan {
  readonly api: {
    readonly name: string
    readonly title: string
    readonly version: string
    readonly summary?: string
    readonly description?: string
    readonly hash: string
  }
  readonly scopes: readonly ScopePlan[]
  /** Schemes that no token stands for and that some operation needs: API keys, certificates. */
  readonly credentials: readonly string[]
  /** By path, parents before their children. */
  readonly resources: readonly ResourcePlan[]
  readonly problems: readonly ProblemPlan[]
  /** The document's first server, if it is absolute: `https://{region}.example/v1`. */
  readonly server?: string
  /** The variables in it, with their defaults. */
  readonly variables?: Readonly<Record<string, { readonly default: string; readonly enum?: readonly string[] }>>
  /** The first flow's token endpoint for client credentials, if the document names one. */
  readonly tokenEndpoint?: string
}

interface ScopePlan {
  readonly name: string
  readonly title?: string
  readonly description?: string
}

export interface ResourcePlan {
  /** `['employees', 'notes']`; never empty. */
  readonly path: readonly string[]
  readonly operations: readonly OperationPlan[]
}

export interface OperationPlan {
  /** Unique in the SDK. */
  readonly id: string
  /** Unique in the resource, and no name of a child resource. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly summary?: string
  readonly description?: string
  readonly deprecated: boolean
  /** Those of the path in the path's order, then the others in the document's. */
  readonly parameters: readonly ParameterPlan[]
  readonly body?: BodyPlan
  readonly result: ResultPlan
  /** What is declared of refusals, 401 aside: a client tells of it before anyone reads the body. */
  readonly failures: readonly FailurePlan[]
  readonly requirement: RequirementPlan
  /** Whether the request, or the result, may hold fields that need scopes of their own. */
  readonly gated: { readonly request: boolean; readonly response: boolean }
  /** Of the result: field by name, with its scopes. */
  readonly gatedFields: readonly { readonly name: string; readonly scopes: readonly string[] }[]
  readonly pagination?: Pagination
  /** Request header that makes a repetition recognisable, where the document names one. */
  readonly idempotencyHeader?: string
  /** Where the operation has a server of its own. */
  readonly server?: string
}

export interface ParameterPlan {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly required: boolean
  readonly deprecated: boolean
  readonly description?: string
  readonly style: 'matrix' | 'label' | 'simple' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject'
  readonly explode: boolean
  readonly allowReserved: boolean
  /** Serialised as this media type instead of by a style. */
  readonly content?: string
  readonly schema: Schema
}

export interface BodyPlan extends BodyFormatPlan {
  readonly required: boolean
  readonly description?: string
  /** Other media types that a caller may send instead. */
  readonly others: readonly BodyFormatPlan[]
}

export interface BodyFormatPlan {
  readonly kind: 'json' | 'form' | 'multipart' | 'text' | 'binary'
  readonly mediaType: string
  readonly schema?: Schema
  /** Content type by part. */
  readonly parts: Readonly<Record<string, string>>
}

export type ResultKind = 'json' | 'text' | 'binary' | 'events' | 'lines' | 'none'

export interface ResultPlan {
  readonly kind: ResultKind
  /** The media type to ask for. */
  readonly accept?: string
  /** Statuses of success that come without a body. */
  readonly empty: readonly string[]
  /** The bodies of success, by status. */
  readonly variants: readonly VariantPlan[]
  /** Other media types that a caller may ask for instead: their names differ from those of the variants. */
  readonly others: readonly (VariantPlan & { readonly kind: ResultKind })[]
}

export interface FailurePlan {
  /** `404`, `4XX` or `default`. */
  readonly status: string
  /** None: it comes without a body. */
  readonly bodies: readonly VariantPlan[]
}

/** A problem type that the document declares (RFC 9457 section 3.1.1). */
export interface ProblemPlan {
  /** Unique in the SDK: `OutOfStock`. */
  readonly name: string
  /** URI reference, as it is in `type`. */
  readonly type: string
  readonly description?: string
  /** What it looks like: a named schema, or an operation's response. */
  readonly body:
    | { readonly schema: string }
    | { readonly operation: string; readonly status: string; readonly mediaType: string }
}

export interface VariantPlan {
  readonly status: string
  readonly mediaType: string
  readonly schema?: Schema
}

/** A disjunction of conjunctions, without what another alternative implies. */
export interface RequirementPlan {
  /** False: the document says nothing about access here. */
  readonly stated: boolean
  readonly alternatives: readonly AlternativePlan[]
}

export interface AlternativePlan {
  /** Whether a token is part of it. */
  readonly token: boolean
  readonly scopes: readonly string[]
  /** Schemes that no token stands for. */
  readonly credentials: readonly string[]
}
