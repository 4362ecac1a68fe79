import type { Sample } from '../../docs/samples.ts'
import { operation, frame as say } from '../../wording/wording.ts'
import { type Html, html } from './html.ts'

interface Options {
  readonly label: string
  /** Names the sample, for try it, which rewrites it. */
  readonly sample?: string | undefined
}

/** A block of code to copy. It can be scrolled to by keyboard. */
export function code(text: string, { label, sample }: Options): Html {
  const classes = sample === undefined ? ['code'] : ['code', 'sample', sample]
  return html`
    <div class="${classes.join(' ')}">
      <pre${sample !== undefined && html` data-sample="${sample}"`} tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>
      ${copyButton(label)}
    </div>`
}

/** Copies what stands before it. Shown by its script, where the page may write to the clipboard. */
export function copyButton(label: string): Html {
  return html`
    <button type="button" class="copier" data-copied="${say.copied}" hidden>
      <span aria-live="polite">${say.copy}</span><span class="unseen"> ${label}</span>
    </button>`
}

/** How a program calls an operation, in each language: one of them is shown. */
export function sampleCodes(samples: readonly Sample[]): Html {
  return html`${samples.map(({ id, title, code: text }) => code(text, { label: operation.sample(title), sample: id }))}`
}
