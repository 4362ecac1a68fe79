import type { APIRoute } from 'astro'
import { plainOperation } from '../../../../docs/plain-page.ts'
import { plain } from '../../../_plain.ts'
import { notFound } from '../../../_visitor.ts'
import { openApi } from '../_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, viewer, links } = view
  const operation = model.operations.find(({ id }) => id === context.params.operation)
  if (operation === undefined) return notFound()
  const { npmScope, publicUrl } = context.locals.portal.settings
  return plain(
    plainOperation(operation, { model, viewer, npmScope, publicUrl }, links),
    context.locals.person !== undefined,
    view,
  )
}
