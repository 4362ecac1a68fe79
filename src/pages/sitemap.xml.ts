import type { APIRoute } from 'astro'
import { sitemapIndex } from '../docs/sitemap.ts'

/** Of what anyone may see: search engines don't sign in. */
export const GET: APIRoute = ({ locals: { portal } }) =>
  new Response(sitemapIndex(portal.catalog.list(undefined), portal.settings.publicUrl), {
    headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'public, no-cache' },
  })
