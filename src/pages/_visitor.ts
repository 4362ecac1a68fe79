import type { Person } from '../server/portal.ts'

export interface Visit {
  readonly locals: App.Locals
  readonly url: URL
}

/** What isn't there and what isn't this visitor's to see are the same. */
export function notFound(): Response {
  return new Response(null, { status: 404 })
}

export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } })
}

/** The person, or the way to sign in and back. */
export function signedIn({ locals, url }: Visit): Person | Response {
  return locals.person ?? seeOther(`/auth/sign-in?${new URLSearchParams({ to: url.pathname + url.search })}`)
}

/** A page of documentation: whoever isn't signed in sees the same one as everyone else. */
export function shareable({
  response,
  locals,
}: {
  readonly response: { readonly headers: Headers }
  readonly locals: App.Locals
}): void {
  response.headers.set('cache-control', `${locals.person === undefined ? 'public' : 'private'}, no-cache`)
  response.headers.append('vary', 'Cookie')
}
