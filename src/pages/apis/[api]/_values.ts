import type { AstroCookies } from 'astro'
import { VALUES } from '../../../components/cookies.ts'
import { type OwnValues, readValues, storedValues } from '../../../docs/own-values.ts'
import type { ApiModel } from '../../../model/api.ts'

interface Visit {
  readonly cookies: AstroCookies
  readonly locals: App.Locals
}

/** Seconds: a year. */
const REMEMBERED = 31_536_000

/** They hold no character that a cookie may not. */
const asItIs = (text: string): string => text

/** What the reader has filled in for parameters of the API. */
export function ownValues({ cookies }: Pick<Visit, 'cookies'>): OwnValues {
  return readValues(cookies.get(VALUES, { decode: asItIs })?.value)
}

/** The pages of the API get to see them, and nothing else does. */
export function rememberValues({ cookies, locals }: Visit, { name }: ApiModel, values: OwnValues): void {
  const path = `/apis/${encodeURIComponent(name)}`
  if (values.size === 0) {
    cookies.delete(VALUES, { path })
    return
  }
  const secure = locals.portal.settings.publicUrl.startsWith('https:')
  cookies.set(VALUES, storedValues(values), {
    ...{ path, secure, httpOnly: true, sameSite: 'lax', maxAge: REMEMBERED },
    encode: asItIs,
  })
}
