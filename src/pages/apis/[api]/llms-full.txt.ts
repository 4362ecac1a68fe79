import { hash } from 'node:crypto'
import type { APIRoute } from 'astro'
import { plainEverything } from '../../../docs/plain-page.ts'
import { onTop, plainHeaders } from '../../_plain.ts'
import { streamed } from '../../_stream.ts'
import { openApi } from './_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, viewer, links } = view
  const { person, portal } = context.locals
  const { npmScope, publicUrl, version } = portal.settings
  const guides = portal.catalog.guides(model.name, person)
  const headers = new Headers(plainHeaders(person !== undefined))
  // What an app may do depends on policies, too, which change without a document's doing.
  if (viewer.prospect === undefined && version !== undefined) {
    const made = JSON.stringify([version, model.hash, viewer, links, guides, npmScope, publicUrl])
    const etag = `W/"${hash('sha256', made, 'base64url').slice(0, 22)}"`
    headers.set('etag', etag)
    if (context.request.headers.get('if-none-match')?.includes(etag))
      return new Response(null, { status: 304, headers })
  }
  const pages = plainEverything({ model, viewer, npmScope, publicUrl }, links, guides)
  return new Response(streamed(separated(onTop(view), pages), context.locals), { headers })
}

/** What of the address couldn't be honoured, then page by page. */
function* separated(start: string, pages: Iterable<string>): Generator<string> {
  let before = start
  for (const page of pages) {
    yield before + page
    before = '\n---\n\n'
  }
}
