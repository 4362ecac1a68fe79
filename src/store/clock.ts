/** Now, in seconds since the epoch, as OAuth counts. */
export function epoch(): number {
  return Math.floor(Date.now() / 1000)
}
