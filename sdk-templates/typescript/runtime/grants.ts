import type { Transport } from './transport.ts'

declare const granted: unique symbol
declare const gated: unique symbol

/** Where clients and resources keep their connection. */
export const transport: unique symbol = Symbol('transport')

/** A client or resource whose token holds (at least) `A`: what a call asks of the object that it is made on. */
export interface Needs<A extends string> {
  readonly [granted]: { readonly [K in A]: true }
  readonly [transport]: Transport
}

/** What a client without stated scopes holds besides everything: nothing is checked, nothing is promised. */
export type Unchecked = 'scopes are unchecked'

/** A value that is withheld without every scope of `A`. */
export interface Gated<A extends string, T> {
  readonly [gated]: readonly [A, T]
}

/** `T` as a caller with the scopes `S` sees it: what is gated is absent without its scopes. */
export type Visible<T, S extends string> = unknown extends T
  ? T
  : T extends Gated<infer A, infer U>
    ? [A] extends [S]
      ? Visible<U, S>
      : never
    : T extends Opaque
      ? T
      : T extends readonly unknown[]
        ? number extends T['length']
          ? Visible<T[number], S>[]
          : { [K in keyof T]: Visible<T[K], S> }
        : { [K in keyof T as IsHidden<T[K], S> extends true ? never : K]: Visible<T[K], S> | Doubt<T[K], S> }

type Opaque =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | Blob
  | ReadableStream
  | Response
  | ((...values: never) => unknown)

type IsHidden<T, S extends string> = [NonNullable<T>] extends [never]
  ? false
  : [NonNullable<T>] extends [Gated<infer A, unknown>]
    ? [A] extends [S]
      ? false
      : true
    : false

/** Unchecked, a gated value may turn out to be withheld. */
type Doubt<T, S extends string> = Unchecked extends S
  ? [NonNullable<T>] extends [never]
    ? never
    : [NonNullable<T>] extends [Gated<string, unknown>]
      ? undefined
      : never
  : never

/** The items of a page. */
export type ItemOf<Body, Member extends string> = Body extends readonly (infer Item)[]
  ? Item
  : Body extends { readonly [K in Member]?: readonly (infer Item)[] | null }
    ? Item
    : unknown
