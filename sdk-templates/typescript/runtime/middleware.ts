import type { SdkError } from './errors.ts'

/** One attempt at a call, before the token is added. What is changed is what is sent. */
export interface OutgoingRequest {
  readonly operation: string
  readonly method: string
  url: string
  readonly headers: Headers
  /** 1 for the first. */
  readonly attempt: number
}

/** Sees every attempt of every call, and may change it. Never sees the token. */
export interface Middleware {
  request?(request: OutgoingRequest): void | Promise<void>
  /** Any answer, also a refusal. What is returned takes its place. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one.
  response?(response: Response, request: OutgoingRequest): Response | void | Promise<Response | void>
  /** An attempt that failed: a refusal, or no answer. */
  error?(error: SdkError, request: OutgoingRequest): void | Promise<void>
}
