/** What the page's `color-scheme` says of each: the tokens in tokens.css go by it. */
const THEMES = {
  system: { content: 'light dark' },
  light: { content: 'light' },
  dark: { content: 'dark' },
} as const

export type Theme = keyof typeof THEMES

export const themes = Object.keys(THEMES) as readonly Theme[]

/** The name of the cookie that remembers it. */
export const THEME = 'theme'

/** @param cookie as it came: anything */
export function themeOf(cookie: string | undefined): Theme {
  return themes.find((theme) => theme === cookie) ?? 'system'
}

export function colorScheme(theme: Theme): string {
  return THEMES[theme].content
}
