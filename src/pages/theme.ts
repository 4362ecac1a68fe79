import type { APIRoute } from 'astro'
import { localPath } from '../components/form/local-path.ts'
import { posted } from '../components/form/posted.ts'
import { THEME, themeOf } from '../components/theme.ts'
import { seeOther } from './_visitor.ts'

/** Seconds: a year. */
const REMEMBERED = 31_536_000

/** Remembers a theme, and goes back to the page where it was chosen. Try it's service worker would have the browser name another as the referrer. */
export const POST: APIRoute = async ({ request, cookies, locals }) => {
  const form = await posted(request)
  const theme = themeOf(form.one('theme'))
  const about = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: locals.portal.settings.publicUrl.startsWith('https:'),
  } as const
  if (theme === 'system') cookies.delete(THEME, about)
  else cookies.set(THEME, theme, { ...about, maxAge: REMEMBERED })
  return seeOther(localPath(form.one('to')))
}
