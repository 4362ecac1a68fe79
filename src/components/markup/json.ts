import type { JsonLine } from '../../docs/json-lines.ts'
import { bodies as say } from '../../wording/wording.ts'
import { type Html, html } from './html.ts'

/** A body, with what is withheld struck out in its place. */
export function json(lines: readonly JsonLine[], label: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}"><code>${lines.map(line)}</code></pre>`
}

function line({ depth, text, withheld }: JsonLine): Html | string {
  const indent = '  '.repeat(depth)
  if (withheld === undefined) return `${indent}${text}\n`
  return html`<span class="withheld">${indent}<s>${withheld.name}</s>${`  ${say.withheld}\n`}</span>`
}
