import type { APIRoute } from 'astro'
import { plain } from '../../../_plain.ts'
import { notFound } from '../../../_visitor.ts'
import { openApi } from '../_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { catalog } = context.locals.portal
  const guide = catalog.guides(view.model.name, context.locals.person).find(({ name }) => name === context.params.guide)
  if (guide === undefined) return notFound()
  return plain(`# ${guide.title}\n\n${guide.markdown.trim()}\n`, context.locals.person !== undefined, view)
}
