/** As documents write days, `2027-06-30`; in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}
