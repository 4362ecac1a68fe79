import { html, type Part } from './html.ts'

/** Text in which a path, a word that begins with a slash, breaks between its parts; within one only where nothing else helps. */
export function breakable(text: string): Part {
  return text.includes('/') ? text.split(/(?<= )/).map((word) => (word.startsWith('/') ? path(word) : word)) : text
}

function path(word: string): Part {
  return word.split(/(?=\/)/).map((part, index) => (index === 0 ? part : html`<wbr>${part}`))
}
