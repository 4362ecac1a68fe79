/** HTML in which everything that came from elsewhere has been escaped: only what is in this file makes it. */
class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

export type { Html }

/** What stands between the literal parts. Nothing is shown of what isn't there: `undefined` and `false`. */
export type Part = Html | string | number | undefined | false | readonly Part[]

/**
 * A piece of a page as one string: for rows, of which a page may have thousands, where a component each would take most of
 * the time. Text is escaped, for content and quoted attributes alike; a line break in the template, with its indentation, is
 * layout of the source: one that is meant stands in a part.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const literals = unindented(template)
  let text = literals[0] ?? ''
  for (let index = 0; index < parts.length; index++) text += written(parts[index]) + (literals[index + 1] ?? '')
  return new Html(text)
}

/** Parts with something between them. */
export function joined(parts: readonly Part[], between: string): Html {
  return new Html(parts.map(written).join(escaped(between)))
}

/** What `markdown()` made: sanitised HTML. */
export function sanitised(markdown: string): Html {
  return new Html(markdown)
}

function written(part: Part): string {
  if (typeof part === 'string') return escaped(part)
  if (part instanceof Html) return part.toString()
  if (part === undefined || part === false) return ''
  if (typeof part === 'number') return String(part)
  let text = ''
  for (const one of part) text += written(one)
  return text
}

const SPECIAL = /[&<>"']/
const EACH_SPECIAL = /[&<>"']/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(EACH_SPECIAL, (char) => ENTITIES[char] ?? '') : text
}

const templates = new WeakMap<TemplateStringsArray, readonly string[]>()

function unindented(template: TemplateStringsArray): readonly string[] {
  let literals = templates.get(template)
  if (literals === undefined) {
    literals = template.map((literal) => literal.replace(/\n\s*/g, ''))
    templates.set(template, literals)
  }
  return literals
}
