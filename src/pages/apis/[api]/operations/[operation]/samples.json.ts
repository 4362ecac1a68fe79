import type { APIRoute } from 'astro'
import { z } from 'zod'
import { withValues } from '../../../../../docs/own-values.ts'
import { samples } from '../../../../../docs/samples.ts'
import { missing, unfit } from '../../../../_problem.ts'
import { ownValues, rememberValues } from '../../_values.ts'
import { openApi, ownApp } from '../../_view.ts'

const given = z.object({
  parameters: z.record(z.string(), z.unknown()),
  media: z.int().nonnegative(),
  body: z.unknown().optional(),
  /** Keys of the parameters that were filled in by hand: they stand in other samples from now on. */
  keep: z.array(z.string()).default([]),
})

/** The samples of an operation with what someone filled in: a list of `{ id, title, code }`. */
export const POST: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view.status === 404 ? missing() : view
  const { model, viewer } = view
  const operation = model.operations.find(({ id }) => id === context.params.operation)
  if (operation === undefined) return missing()
  const parsed = given.safeParse(await context.request.json().catch(() => undefined))
  if (!parsed.success) return unfit('The body is a JSON object with parameters, media, body and keep.')
  const { npmScope, publicUrl } = context.locals.portal.settings
  const { parameters, media, body, keep } = parsed.data
  if (keep.length > 0) {
    const kept = Object.fromEntries(keep.map((key) => [key, parameters[key]]))
    rememberValues(context, model, withValues(ownValues(context), operation, model, kept))
  }
  const sampled = { model, viewer, npmScope, publicUrl, ...ownApp(view) }
  return Response.json(samples(operation, sampled, { parameters, media, body }))
}
