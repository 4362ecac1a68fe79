import type { APIRoute } from 'astro'
import { plainScopes } from '../../../docs/plain-page.ts'
import { plain } from '../../_plain.ts'
import { openApi } from './_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  return plain(plainScopes(view.model, view.viewer), context.locals.person !== undefined, view)
}
