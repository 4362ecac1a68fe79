import { AuthenticationError, InsufficientScopeError } from '../errors.ts'

/** RFC 6749 section 5.2: the scopes are unknown, or not for this client. */
export function isInvalidScope(error: unknown): error is AuthenticationError {
  return error instanceof AuthenticationError && error.code === 'invalid_scope'
}

/** The authorization server gives no token with these scopes. */
export function insufficient(
  { message, status = 400, scope, link }: AuthenticationError,
  operation: string,
  asked: readonly string[],
  granted: readonly string[] = [],
): InsufficientScopeError {
  const refused = scope?.split(' ') ?? asked.filter((each) => !granted.includes(each))
  const why = `can't have ${refused.join(' ')}: ${message}`
  return new InsufficientScopeError({ status, operation }, refused, granted, link, why)
}
