import type { APIRoute } from 'astro'
import { z } from 'zod'
import { KINDS } from '../../../model/kind.ts'
import { missing } from '../../_problem.ts'

const query = z.object({
  person: z.string().max(100),
  kind: z.enum(KINDS),
  verified: z.stringbool(),
  softwareId: z.string().max(200),
  network: z.string().max(64),
})

/** What the policies would grant to someone who is played in try it. */
export const GET: APIRoute = async ({ params, locals, url }) => {
  const { catalog, personas } = locals.portal
  const model = catalog.get(params.api ?? '', locals.person)
  if (model === undefined) return missing()
  const parsed = query.safeParse(Object.fromEntries(url.searchParams))
  if (!parsed.success) return missing()
  const casting = await personas.cast(
    model,
    { ...parsed.data, scopes: url.searchParams.getAll('scope') },
    locals.person,
  )
  return casting === undefined ? missing() : Response.json(casting, { headers: { 'cache-control': 'no-store' } })
}
