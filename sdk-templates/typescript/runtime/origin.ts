import { ConfigurationError } from './errors.ts'

/** RFC 8252 section 8.3: plain HTTP is fine where nobody can listen. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

export function parseUrl(text: string, what: string): URL {
  try {
    return new URL(text)
  } catch {
    throw new ConfigurationError(`The ${what} is no URL`)
  }
}
