import type { APIRoute } from 'astro'
import { z } from 'zod'
import { samples } from '../../../../../docs/samples.ts'
import { missing } from '../../_document.ts'
import { openApi } from '../../_view.ts'

const given = z.object({
  parameters: z.record(z.string(), z.unknown()),
  media: z.int().nonnegative(),
  body: z.unknown().optional(),
})

/** The samples of an operation with what someone filled in: a list of `{ id, title, code }`. */
export const POST: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view.status === 404 ? missing() : view
  const { model, viewer } = view
  const operation = model.operations.find(({ id }) => id === context.params.operation)
  if (operation === undefined) return missing()
  const parsed = given.safeParse(await context.request.json().catch(() => undefined))
  if (!parsed.success) return problem('The body is a JSON object with parameters, media and body.')
  const { npmScope, publicUrl } = context.locals.portal.settings
  const { parameters, media, body } = parsed.data
  return Response.json(samples(operation, { model, viewer, npmScope, publicUrl }, { parameters, media, body }))
}

function problem(detail: string): Response {
  const body = { type: 'about:blank', title: 'Bad Request', status: 400, detail }
  return new Response(JSON.stringify(body), { status: 400, headers: { 'content-type': 'application/problem+json' } })
}
