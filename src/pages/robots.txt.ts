import type { APIRoute } from 'astro'

const PRIVATE = [
  '/account',
  '/apps',
  '/console',
  '/consent/',
  '/oauth',
  '/sandbox/',
  '/search',
  '/sign-in',
  '/auth/',
  '/npm/',
]

export const GET: APIRoute = ({ locals: { portal } }) =>
  new Response(
    [
      'User-agent: *',
      ...PRIVATE.map((path) => `Disallow: ${path}`),
      `Sitemap: ${portal.settings.publicUrl}/sitemap.xml`,
      '',
    ].join('\n'),
    { headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' } },
  )
