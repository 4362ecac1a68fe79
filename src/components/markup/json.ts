import type { JsonLine } from '../../docs/json-lines.ts'
import { bodies as say } from '../../wording/wording.ts'
import { type Html, html } from './html.ts'

/** The lines of a body, with what is withheld struck out in its place. */
export function jsonText(lines: readonly JsonLine[]): Html {
  return html`${lines.map(({ depth, text, withheld }) => {
    const indent = '  '.repeat(depth)
    if (withheld === undefined) return `${indent}${text}\n`
    return html`<span class="withheld">${indent}<s>${withheld.name}</s>${`  ${say.withheld}\n`}</span>`
  })}`
}
