import type { IssuerFetch } from '../apps/registration.ts'

/**
 * Reaches this server's own public URLs over loopback: the portal speaks HTTP to its authorization server, and a machine
 * behind a proxy can't always reach its own public name. Any other address is refused.
 */
export function createSelfFetch(publicUrl: string, ownOrigin: string): IssuerFetch {
  return (url, init) => {
    const target = new URL(url)
    if (target.origin !== publicUrl) throw new TypeError(`Only ${publicUrl} is reached this way, not ${target.origin}.`)
    const { body, signal, ...rest } = init
    return fetch(ownOrigin + target.pathname + target.search, {
      ...rest,
      ...(body !== undefined && body !== null && { body }),
      ...(signal !== undefined && { signal }),
    })
  }
}
