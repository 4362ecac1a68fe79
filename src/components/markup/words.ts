import type { Inline } from '../../wording/inline.ts'
import { type Html, html } from './html.ts'

/** A sentence of ours, with its code, links, dates and emphasis. */
export function words(sentence: readonly Inline[]): Html {
  return html`${sentence.map((part) => {
    if (typeof part === 'string') return part
    if ('code' in part) return html`<code>${part.code}</code>`
    if ('strong' in part) return html`<b>${part.strong}</b>`
    if ('time' in part) return html`<time datetime="${part.time}">${part.text}</time>`
    const away = /^https?:/.test(part.href) && html` rel="noopener noreferrer nofollow"`
    return html`<a href="${part.href}"${away}>${part.link}</a>`
  })}`
}
