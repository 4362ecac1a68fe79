export const themes = ['system', 'light', 'dark'] as const

export type Theme = (typeof themes)[number]

/** The name of the cookie that remembers it. */
export const THEME = 'theme'

/** @param cookie as it came: anything */
export function themeOf(cookie: string | undefined): Theme {
  return themes.find((theme) => theme === cookie) ?? 'system'
}
