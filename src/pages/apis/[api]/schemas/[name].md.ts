import type { APIRoute } from 'astro'
import { plainSchema } from '../../../../docs/plain-page.ts'
import { plain } from '../../../_plain.ts'
import { notFound } from '../../../_visitor.ts'
import { openApi } from '../_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const text = plainSchema(context.params.name ?? '', view.model, view.viewer, view.links)
  return text === undefined ? notFound() : plain(text, context.locals.person !== undefined, view)
}
