/** What the page's `color-scheme` says of each: the tokens in tokens.css go by it. */
const SCHEMES = { system: 'light dark', light: 'light', dark: 'dark' } as const

export type Theme = keyof typeof SCHEMES

export const themes = Object.keys(SCHEMES) as readonly Theme[]

/** The name of the cookie that remembers it. */
export const THEME = 'theme'

/** @param cookie as it came: anything */
export function themeOf(cookie: string | undefined): Theme {
  return themes.find((theme) => theme === cookie) ?? 'system'
}

export function colorScheme(theme: Theme): string {
  return SCHEMES[theme]
}
