import type { Element, Root, RootContent } from 'hast'
import MarkdownIt, { type Token } from 'markdown-it'
import rehypeParse from 'rehype-parse'
import rehypeSanitize, { defaultSchema, type Options } from 'rehype-sanitize'
import rehypeStringify from 'rehype-stringify'
import { unified } from 'unified'
import { operation as say } from '../wording/wording.ts'

/**
 * Markdown from documents is hostile: what comes out has no images (they would tell their host who reads), no styles, no
 * ids, no forms and no links but to http, https, mailto and this portal.
 */
const SAFE: Options = {
  ...defaultSchema,
  tagNames: [
    ...['p', 'br', 'hr', 'blockquote', 'pre', 'code', 'em', 'strong', 'b', 'i', 'del', 's', 'kbd', 'sub', 'sup', 'var'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'a', 'details', 'summary'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  attributes: { a: ['href', 'title'], ol: ['start'], th: ['colSpan', 'rowSpan'], td: ['colSpan', 'rowSpan'] },
  protocols: { href: ['http', 'https', 'mailto'] },
  strip: ['script', 'style', 'template', 'svg', 'math'],
}

/** Characters. What is longer is an attack on the parser rather than text. */
const LONGEST = 200_000

/** What it makes of hostile text is hostile, too: {@link harmless} takes it from there. */
const parser = new MarkdownIt({ html: true, linkify: true })
// `file.md` is no address.
parser.linkify.set({ fuzzyLink: false })

/** Wherever a link leads: only its words are read. */
const reader = new MarkdownIt({ html: true })
reader.validateLink = () => true

const harmless = unified()
  .use(rehypeParse, { fragment: true })
  .use(imagesToLinks)
  .use(rehypeSanitize, SAFE)
  .use(settle)
  .use(rehypeStringify)

/** Of what was asked for so far; begun anew when it holds {@link ROOM}. */
const cache = new Map<string, string>()
let held = 0
/** Characters. */
const ROOM = 8_000_000

/**
 * Sanitised HTML of a document's Markdown.
 *
 * @param top the level that its highest heading gets, so that the page's outline holds: 3 under an `h2`
 */
export function markdown(source: string | undefined, top: 2 | 3 | 4 = 3): string {
  if (source === undefined || source.trim() === '') return ''
  const text = source.length > LONGEST ? `${source.slice(0, LONGEST)}…` : source.trimEnd()
  if (isPlain(text)) return `<p>${escapeHtml(text.trim())}</p>`
  const key = `${top}${text}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const html = rendered(text, top)
  held += key.length + html.length
  if (held > ROOM) {
    cache.clear()
    held = key.length + html.length
  }
  cache.set(key, html)
  return html
}

function rendered(text: string, top: number): string {
  try {
    return String(harmless.processSync({ value: parser.render(named(text)), data: { top } }))
  } catch (error) {
    // Tags that nest deeper than any text does: what they are is shown.
    if (error instanceof RangeError) return `<p>${escapeHtml(text)}</p>`
    throw error
  }
}

/** GitHub's alerts, quotes that say in their first line what they are: in words, as readers have it. */
function named(text: string): string {
  return text.replace(
    /^( {0,3}> ?)\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$/gm,
    (_, mark: string, kind: keyof typeof say.alerts) => `${mark}**${say.alerts[kind]}**  `,
  )
}

/** The words of the first paragraph or list, for cards and descriptions: no markup. A heading's only where there is nothing else. */
export function excerpt(source: string | undefined, longest = 160): string | undefined {
  const start = source?.trimStart().slice(0, longest * 20) ?? ''
  const text = (isPlain(start) ? start : firstWords(start)).replace(/\s+/g, ' ').trim()
  if (text === '') return undefined
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/\s+\S*$/, '')}…`
}

function firstWords(source: string): string {
  const blocks: { readonly type: string; readonly words: string[] }[] = []
  for (const token of reader.parse(named(source), {})) {
    if (token.level === 0 && token.nesting >= 0) blocks.push({ type: token.type, words: [] })
    const words = token.type === 'html_block' ? tagless(token.content) : inlineWords(token.children ?? [])
    if (words.trim() !== '') blocks.at(-1)?.words.push(words)
  }
  const spoken = blocks.filter(({ words }) => words.length > 0)
  const first = spoken.find(({ type }) => !/^(heading|table)/.test(type)) ?? spoken[0]
  return first?.words.join(/_list_/.test(first.type) ? '; ' : ' ') ?? ''
}

function inlineWords(tokens: readonly Token[]): string {
  return tokens.map(({ type, content }) => (type === 'html_inline' ? '' : /break$/.test(type) ? ' ' : content)).join('')
}

function tagless(html: string): string {
  return reader.utils.unescapeAll(html.replace(/<!--.*?-->|<[^>]*>/gs, ' '))
}

/** Most descriptions of fields are plain sentences, for which no parser is needed. */
function isPlain(text: string): boolean {
  return !/[*_`[\]<>#|~\\&!\n]|https?:|www\.|^\s*([-+]|\d+[.)])\s|@/.test(text)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The Content Security Policy blocks images from elsewhere; a link still says what was there. */
function imagesToLinks() {
  return (tree: Root): void =>
    each(tree, (element) => {
      if (element.tagName !== 'img') return
      const { src, alt } = element.properties
      element.tagName = 'a'
      element.properties = { href: typeof src === 'string' ? src : '' }
      element.children = [{ type: 'text', value: typeof alt === 'string' && alt !== '' ? alt : 'image' }]
    })
}

/** Headings fit the page's outline; links out tell no one where they came from; wide tables and code can be scrolled to. */
/** Headings get no ids, so a fragment leads nowhere on a page of ours unless it is one of its fields or groups. */
const DEAD = /^#(?!((path|query|querystring|header|cookie|body|response-\w+|field|scope|webhook)\.|tag-))/

function settle() {
  return (tree: Root, file: { data: Record<string, unknown> }): void => {
    const levels: number[] = []
    each(tree, (element) => {
      const level = heading(element)
      if (level !== undefined) levels.push(level)
    })
    const highest = Math.min(...levels)
    const top = Number(file.data.top ?? 3)
    let previous = top - 1
    each(tree, (element) => {
      const level = heading(element)
      if (level !== undefined) {
        previous = Math.min(level - highest + top, previous + 1, 6)
        element.tagName = `h${previous}`
      }
      if (element.tagName === 'a' && DEAD.test(String(element.properties.href))) delete element.properties.href
      if (element.tagName === 'a' && /^https?:/i.test(String(element.properties.href)))
        element.properties.rel = ['noopener', 'noreferrer', 'nofollow']
      if (element.tagName === 'pre' || element.tagName === 'table') element.properties.tabIndex = 0
    })
  }
}

function heading(element: Element): number | undefined {
  return /^h[1-6]$/.test(element.tagName) ? Number(element.tagName[1]) : undefined
}

function each(node: Root | RootContent, visit: (element: Element) => void): void {
  if (node.type === 'element') visit(node)
  if ('children' in node) for (const child of node.children) each(child, visit)
}
