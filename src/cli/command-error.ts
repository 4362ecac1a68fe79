/** Wrong usage or unreadable input: the message goes to stderr, the exit code is 2. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
