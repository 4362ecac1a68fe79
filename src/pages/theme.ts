import type { APIRoute } from 'astro'
import { posted } from '../components/form/posted.ts'
import { THEME, themeOf } from '../components/theme.ts'
import { seeOther } from './_visitor.ts'

/** Seconds: a year. */
const REMEMBERED = 31_536_000

/** Remembers a theme, and goes back to the page where it was chosen: one of this origin, or none would have been let through. */
export const POST: APIRoute = async ({ request, cookies, locals }) => {
  const theme = themeOf((await posted(request)).one('theme'))
  const about = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: locals.portal.settings.publicUrl.startsWith('https:'),
  } as const
  if (theme === 'system') cookies.delete(THEME, about)
  else cookies.set(THEME, theme, { ...about, maxAge: REMEMBERED })
  const from = URL.parse(request.headers.get('referer') ?? '')
  return seeOther(from === null ? '/' : from.pathname + from.search)
}
