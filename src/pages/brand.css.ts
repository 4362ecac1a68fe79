import type { APIRoute } from 'astro'

/** The publisher's accent. A stylesheet of its own, because the Content Security Policy forbids style attributes. */
export const GET: APIRoute = ({ locals }) => {
  const { accent } = locals.portal.settings
  const css = accent !== undefined && /^#[0-9a-f]{6}$/i.test(accent) ? `:root{--accent:${accent}}` : ''
  return new Response(css, {
    headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' },
  })
}
