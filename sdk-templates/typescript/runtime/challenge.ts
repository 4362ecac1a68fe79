/** A `WWW-Authenticate: Bearer` challenge (RFC 6750 section 3). */
export interface Challenge {
  readonly error: string | undefined
  readonly scope: readonly string[]
}

/** The first Bearer challenge of the header. */
export function bearerChallenge(header: string): Challenge | undefined {
  const start = /(?:^|,)\s*bearer(?:\s+|$|,)/i.exec(header)
  if (start === null) return undefined
  const parameters = new Map<string, string>()
  const pattern = /\s*,?\s*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y
  pattern.lastIndex = start.index + start[0].length
  for (let match = pattern.exec(header); match !== null; match = pattern.exec(header))
    parameters.set((match[1] ?? '').toLowerCase(), match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '')
  const scope = (parameters.get('scope') ?? '').split(' ').filter((token) => token !== '')
  return { error: parameters.get('error'), scope }
}
