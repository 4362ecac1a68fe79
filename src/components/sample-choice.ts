import { SAMPLE } from './cookies.ts'

/** Seconds: a year. */
const REMEMBERED = 31_536_000

/** The language that someone chose is the one that every page shows them first. */
document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== SAMPLE) return
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads it, and not every browser has a Cookie Store.
  document.cookie = `${SAMPLE}=${target.value}; Path=/; Max-Age=${REMEMBERED}; SameSite=Lax`
})
