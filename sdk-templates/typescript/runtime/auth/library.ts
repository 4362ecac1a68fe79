import * as oauth from 'oauth4webapi'
import type { Party } from './authorization-server.ts'

/** How oauth4webapi makes its requests for us. */
export function http({ fetch, signal, insecure }: Party): oauth.HttpRequestOptions<'POST', URLSearchParams> {
  return {
    // What the library passes is a RequestInit in all but its name for the method.
    [oauth.customFetch]: (url, init) => fetch(url, init as RequestInit),
    [oauth.allowInsecureRequests]: insecure,
    signal,
  }
}
