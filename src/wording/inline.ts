/** A run of text with the little markup that a sentence of ours needs. Safe to render: never HTML. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly link: string; readonly href: string }
  | Moment

/** A point in time, as its readers write it. `time` is in ISO 8601. */
export interface Moment {
  readonly time: string
  readonly text: string
}

/** A sentence with parts in it: `` said`Sign in at ${code(url)}.` ``. Names in a sentence may hold anything; they stay text. */
export function said(text: TemplateStringsArray, ...parts: readonly (Inline | readonly Inline[])[]): Inline[] {
  const between = (index: number): readonly Inline[] => {
    const part = parts[index]
    return part === undefined ? [] : isRun(part) ? part : [part]
  }
  return text.flatMap((words, index) => [...(words === '' ? [] : [words]), ...between(index)])
}

function isRun(part: Inline | readonly Inline[]): part is readonly Inline[] {
  return Array.isArray(part)
}

export function code(text: string): Inline {
  return { code: text }
}

/** A sentence of a decision or a finding, whose names stand in backticks: these as code. */
export function coded(text: string): Inline[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part))
}

export function strong(text: string): Inline {
  return { strong: text }
}

export function link(text: string, href: string): Inline {
  return { link: text, href }
}

/** Parts with something between them: `joined(ways, ', or ')`. */
export function joined(items: readonly (Inline | readonly Inline[])[], between: string, last = between): Inline[] {
  return items.flatMap((item, index) => {
    const part = isRun(item) ? item : [item]
    return index === 0 ? part : [index === items.length - 1 ? last : between, ...part]
  })
}

/** The words alone: for titles, labels and search. */
export function plain(inline: readonly Inline[]): string {
  return inline.map(text).join('')
}

function text(part: Inline): string {
  if (typeof part === 'string') return part
  if ('code' in part) return part.code
  if ('strong' in part) return part.strong
  return 'link' in part ? part.link : part.text
}
