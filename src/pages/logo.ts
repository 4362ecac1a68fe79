import type { APIRoute } from 'astro'
import { notFound } from './_visitor.ts'

/** The publisher's logo. An SVG in an image runs no script, and opened by itself it may load nothing. */
export const GET: APIRoute = ({ locals }) => {
  const { logo } = locals.portal.settings
  if (logo === undefined) return notFound()
  return new Response(logo.content, { headers: { 'content-type': logo.type, 'cache-control': 'public, max-age=300' } })
}
