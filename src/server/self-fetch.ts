import type { IssuerFetch } from '../apps/registration.ts'

/**
 * Reaches this server's own public URLs over loopback: the portal speaks HTTP to its authorization server, and a machine
 * behind a proxy can't always reach its own public name. Any other address is refused.
 */
export function createSelfFetch(publicUrl: string, address: () => { host: string; port: number }): IssuerFetch {
  return (url, init) => {
    const target = new URL(url)
    if (target.origin !== publicUrl) throw new TypeError(`Only ${publicUrl} is reached this way, not ${target.origin}.`)
    const { host, port } = address()
    const { body, signal, ...rest } = init
    return fetch(`http://${host}:${port}${target.pathname}${target.search}`, {
      ...rest,
      ...(body !== undefined && body !== null && { body }),
      ...(signal !== undefined && { signal }),
    })
  }
}
