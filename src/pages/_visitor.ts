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
