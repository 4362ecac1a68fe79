import type { APIRoute } from 'astro'
import { signedIn } from '../_visitor.ts'

/** `?kind=web&uri=…`, for the form to ask while it is filled in: `{"problem": "uses http…"}`, or null. */
export const GET: APIRoute = ({ locals, url }) => {
  const person = signedIn({ locals, url })
  if (person instanceof Response) return person
  const uri = (url.searchParams.get('uri') ?? '').slice(0, 2_000)
  const problem = locals.portal.apps.redirectUriProblem(uri, url.searchParams.get('kind') ?? '')
  return Response.json({ problem: problem ?? null }, { headers: { 'cache-control': 'no-store' } })
}
