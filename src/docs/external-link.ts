import type { ExternalDocs } from '../model/api.ts'
import { excerpt } from './markdown.ts'

export interface ExternalLink {
  readonly href: string
  readonly text: string
}

/** Where a document says that more is to be read; undefined where that is no place on the web. */
export function externalLink(docs: ExternalDocs | undefined): ExternalLink | undefined {
  if (docs === undefined || !URL.canParse(docs.url)) return undefined
  const { protocol, href, host } = new URL(docs.url)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  return { href, text: excerpt(docs.description, 80) ?? host }
}

/** Undefined: what a document gives as an address for mail is none. */
export function emailLink(address: string | undefined): string | undefined {
  return address !== undefined && /^[\w.+-]+@[\w.-]+$/.test(address) ? `mailto:${address}` : undefined
}
