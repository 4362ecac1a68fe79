/** A run of text with the little markup that a sentence of ours needs. Safe to render: never HTML. */
export type Inline = string | { readonly code: string } | { readonly strong: string }

export function code(text: string): Inline {
  return { code: text }
}

/** `a`, `a and b`, `a, b and c`. */
function joined(items: readonly Inline[], last: 'and' | 'or'): Inline[] {
  return items.flatMap((item, index) => {
    if (index === 0) return [item]
    return [index === items.length - 1 ? ` ${last} ` : ', ', item]
  })
}

/** As {@link joined}, of names in code; past `most`, the rest is counted. */
export function names(list: readonly string[], last: 'and' | 'or', most = Number.POSITIVE_INFINITY): Inline[] {
  if (list.length <= most) return joined(list.map(code), last)
  return joined([...list.slice(0, most).map(code), `${list.length - most} more`], last)
}

/** The words alone: for titles, labels and search. */
export function plain(inline: readonly Inline[]): string {
  return inline.map((part) => (typeof part === 'string' ? part : 'code' in part ? part.code : part.strong)).join('')
}

/** `1 operation`, `2 operations`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${new Intl.NumberFormat('en').format(number)} ${number === 1 ? one : many}`
}
