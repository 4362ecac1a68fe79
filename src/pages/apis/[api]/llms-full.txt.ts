import type { APIRoute } from 'astro'
import { plainEverything } from '../../../docs/plain-page.ts'
import { plain } from '../../_plain.ts'
import { openApi } from './_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, viewer, links } = view
  const { person, portal } = context.locals
  const { npmScope, publicUrl } = portal.settings
  const guides = portal.catalog.guides(model.name, person)
  const pages: string[] = []
  for (const page of plainEverything({ model, viewer, npmScope, publicUrl }, links, guides)) {
    pages.push(page)
    // A large document takes seconds, and nobody else's page waits for it.
    await new Promise(setImmediate)
  }
  return plain(pages.join('\n---\n\n'), person !== undefined)
}
