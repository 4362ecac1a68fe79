import { ApiError } from './errors.ts'
import type { Unchecked, Visible } from './grants.ts'

/** The body of a refusal with this status, as an operation's responses are declared: by status, by range, or all the others. */
export type ErrorBody<Responses, Status extends number> = Status extends keyof Responses
  ? Content<Responses[Status]>
  : Range<Status> extends keyof Responses
    ? Content<Responses[Range<Status>]>
    : 'default' extends keyof Responses
      ? Content<Responses['default']>
      : unknown

type Range<Status extends number> = `${Status}` extends `4${string}` ? '4XX' : '5XX'

type Content<Response> = Response extends { readonly content: infer Bodies }
  ? [keyof Bodies] extends [never]
    ? unknown
    : Visible<Bodies[keyof Bodies], Unchecked>
  : unknown

/** A refusal of one operation with one status. */
export type ErrorOf<Operation extends string, Status extends number, Body> = ApiError & {
  readonly operation: Operation
  readonly status: Status
  readonly body: Body
}

export function isRefusal(error: unknown, operation: string, status: number): boolean {
  return error instanceof ApiError && error.operation === operation && error.status === status
}

/** Whether it is a refusal with problem details of this type (RFC 9457). */
export function isProblem(error: unknown, type: string): boolean {
  return error instanceof ApiError && error.problem?.type === type
}
