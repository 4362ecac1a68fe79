import type { EnumValue } from '../../docs/schema-tree.ts'
import { schema as say } from '../../wording/wording.ts'
import { type Html, html, joined } from './html.ts'

const MOST = 40

/** The values of an enum: in a line, or as a list where each has a meaning. */
export function enumValues(values: readonly EnumValue[]): Html {
  const shown = values.slice(0, MOST)
  const explained = values.some(({ meaning }) => meaning !== undefined)
  return html`${say.oneOf} ${
    explained
      ? html`<ul>${shown.map(
          ({ text, meaning }) => html`<li><code>${text}</code>${meaning !== undefined && `: ${meaning}`}</li>`,
        )}</ul>`
      : joined(
          shown.map(({ text }) => html`<code>${text}</code>`),
          ', ',
        )
  }${values.length > MOST && say.more(values.length - MOST)}`
}
