/**
 * Stands in the browser for `tldts`, which MSW's cookie jar asks for the registrable domain of a host: a list of all public
 * suffixes, larger than the rest of the sandbox. The jar only ever sees this page's own host, which is its own domain.
 */
export function getDomain(host: string): string {
  return host
}
