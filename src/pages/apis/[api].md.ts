import type { APIRoute } from 'astro'
import { plainApi } from '../../docs/plain-page.ts'
import { plain } from '../_plain.ts'
import { openApi } from './[api]/_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, viewer, links } = view
  const { person, portal } = context.locals
  return plain(plainApi(model, viewer, links, portal.catalog.guides(model.name, person)), person !== undefined, view)
}
