/** How one operation is called: data that the generator writes and the runtime reads. What is absent is the default. */
export interface Operation {
  readonly id: string
  /** Upper case. */
  readonly method: string
  /** `/employees/{id}` */
  readonly path: string
  readonly parameters?: readonly Parameter[]
  readonly body?: BodyFormat
  /** Media type that is asked for, and expected. Absent: the operation answers without a body. */
  readonly accept?: string
  /** A success may come without a body, too. */
  readonly mayBeEmpty?: true
  /**
   * Sets of scopes, any one of which suffices; the first is the cheapest. Empty: no token is sent. Absent: the document
   * doesn't say, so a token is sent where there is one to send.
   */
  readonly scopes?: readonly (readonly string[])[]
  /** Another server than the client's. */
  readonly server?: string
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  /** Absent: `simple` in path and header, `form` in query and cookie. */
  readonly style?: Style
  /** Absent: true for `form`, else false. */
  readonly explode?: boolean
  readonly allowReserved?: true
  /** Serialised as this media type instead of by a style. */
  readonly content?: string
}

type Style = 'matrix' | 'label' | 'simple' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject'

export interface BodyFormat {
  readonly kind: 'json' | 'form' | 'multipart' | 'binary' | 'text'
  readonly type: string
  /** Content type by part. */
  readonly parts?: Readonly<Record<string, string>>
}

/** How a list continues. Names are those of query parameters and of members of the body; `items: ''`: the body itself. */
export type Pagination =
  | { readonly kind: 'cursor'; readonly cursor: string; readonly next: string; readonly items: string }
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
