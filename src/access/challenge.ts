/** What a `WWW-Authenticate: Bearer` challenge says (RFC 6750 section 3). */
export interface Challenge {
  readonly error?: 'invalid_token' | 'insufficient_scope'
  readonly description?: string
  readonly scope: readonly string[]
}

/**
 * The header's value. Everything is quoted and stripped of what RFC 6750 section 3 forbids in these attributes (`"`, `\`,
 * controls, non-ASCII), so that a scope from a hostile document can't break out of its quotes.
 *
 * @param resourceMetadata URL of the protected resource's metadata (RFC 9728 section 5.1).
 */
export function formatChallenge(challenge: Challenge, resourceMetadata?: string): string {
  const parameters: string[] = []
  if (challenge.error !== undefined) parameters.push(`error="${challenge.error}"`)
  if (challenge.error !== undefined && challenge.description !== undefined)
    parameters.push(`error_description="${quotable(challenge.description)}"`)
  const scope = challenge.scope.filter((token) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(token))
  if (scope.length > 0) parameters.push(`scope="${scope.join(' ')}"`)
  if (resourceMetadata !== undefined) parameters.push(`resource_metadata="${quotable(resourceMetadata)}"`)
  return parameters.length === 0 ? 'Bearer' : `Bearer ${parameters.join(', ')}`
}

function quotable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, ' ')
}
