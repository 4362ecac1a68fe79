import type { APIRoute } from 'astro'

/** The publisher's logo. An SVG in an image runs no script, and opened by itself it may load nothing. */
export const GET: APIRoute = ({ locals }) => {
  const { logo } = locals.portal.settings
  if (logo === undefined) return new Response(null, { status: 404 })
  return new Response(logo.content, { headers: { 'content-type': logo.type, 'cache-control': 'public, max-age=300' } })
}
