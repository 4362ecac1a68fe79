/** The resource indicator (RFC 8707) of an API's sandbox, which is also the audience of its tokens. */
export function resourceOf(publicUrl: string, api: string): string {
  return `${publicUrl}/sandbox/${api}`
}

/** The API whose sandbox this is. Exact: no other spelling of a URL names a resource. */
export function apiOfResource(publicUrl: string, resource: string): string | undefined {
  const prefix = `${publicUrl}/sandbox/`
  const name = resource.startsWith(prefix) ? resource.slice(prefix.length) : ''
  return name === '' || name.includes('/') ? undefined : name
}
