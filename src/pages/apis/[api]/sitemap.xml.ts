import type { APIRoute } from 'astro'
import { sitemap } from '../../../docs/sitemap.ts'
import { notFound } from '../../_visitor.ts'

export const GET: APIRoute = ({ params, locals: { portal } }) => {
  const model = portal.catalog.get(params.api ?? '', undefined)
  if (model === undefined) return notFound()
  const guides = portal.catalog.guides(model.name, undefined).map(({ name }) => name)
  return new Response(sitemap(model, guides, portal.settings.publicUrl), {
    headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'public, no-cache' },
  })
}
