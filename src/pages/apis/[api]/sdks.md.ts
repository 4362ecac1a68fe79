import type { APIRoute } from 'astro'
import { plainSdks } from '../../../docs/plain-page.ts'
import { plain } from '../../_plain.ts'
import { openApi } from './_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, viewer } = view
  const { npmScope, publicUrl } = context.locals.portal.settings
  return plain(plainSdks({ model, viewer, npmScope, publicUrl }), context.locals.person !== undefined, view)
}
