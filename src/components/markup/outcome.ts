import type { Outcome } from '../../docs/operation-page.ts'
import { operation as say } from '../../wording/wording.ts'
import { type Html, html } from './html.ts'
import { json } from './json.ts'

/** The success that the bench shows. */
export function outcome({ status, example }: Outcome): Html {
  return html`
    <div class="outcome">
      <p class="muted small"><span>${example.generated ? say.responseMadeUp : say.aResponse}</span><code>${status}</code></p>
      ${json(example.lines, say.response(status))}
    </div>`
}
