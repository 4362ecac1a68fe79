import type { Shape } from './dates.ts'
import type { PairStyle, ValueStyle } from './styles.ts'

/**
 * How one operation is called: what the generator writes and the runtime reads. What is absent is the default. It names the
 * functions that it needs, so that a bundle holds no others.
 */
export interface Operation {
  readonly id: string
  /** Upper case. */
  readonly method: string
  /** `/employees/{id}` */
  readonly path: string
  readonly parameters?: {
    readonly path?: Readonly<Record<string, ValueStyle>>
    readonly query?: Readonly<Record<string, PairStyle>>
    readonly headers?: Readonly<Record<string, ValueStyle>>
    readonly cookies?: Readonly<Record<string, PairStyle>>
  }
  /** Unless the call brings one of several. */
  readonly body?: BodyFormat
  /** Media type that is asked for, and expected. Absent: the operation answers without a body. */
  readonly accept?: string
  /** Absent: JSON. */
  readonly read?: Read
  /** Text that becomes dates: in the body, or in each item of a stream, and in the bodies of refusals. */
  readonly dates?: {
    readonly revive: (value: unknown, shape: Shape) => unknown
    readonly shape?: Shape
    readonly failures?: Shape
  }
  /** By media type, where the caller may ask for another. */
  readonly reads?: Readonly<Record<string, Read>>
  /** A success may come without a body, too. */
  readonly mayBeEmpty?: true
  /**
   * Sets of scopes, any one of which suffices; the first is the cheapest. Empty: no token is sent. Absent: the document
   * doesn't say, so a token is sent where there is one to send.
   */
  readonly scopes?: readonly (readonly string[])[]
  /** Another server than the client's. */
  readonly server?: string
  /** The header that makes the server do it once, however often it is sent. */
  readonly idempotencyHeader?: string
}

export interface BodyFormat {
  readonly type: string
  readonly encode: Encode
  /** Content type by part. */
  readonly parts?: Readonly<Record<string, string>>
}

export interface EncodedBody {
  readonly body: BodyInit
  /** Absent: fetch sets it by itself (the boundary of `multipart/form-data`). */
  readonly contentType?: string
  readonly repeatable: boolean
}

/** @throws ConfigurationError where the value can't be sent in this format */
export type Encode = (value: unknown, format: BodyFormat) => EncodedBody | Promise<EncodedBody>

/** Reads the body of a success. */
export type Read = (operation: Operation, response: Response) => Promise<unknown>
