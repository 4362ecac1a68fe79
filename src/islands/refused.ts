/** A refusal by the authorization server, the policies or the person, in words. */
export class RefusedError extends Error {
  override name = 'RefusedError'
}
