import type { Gate } from '../../docs/gate.ts'
import { type Html, html } from './html.ts'

/**
 * The gate glyph. It never stands without text that says the same, so it is hidden from assistive technology.
 *
 * @param judged false: it shows a requirement, not a verdict on anyone, and takes no colour
 */
export function gateGlyph(state: Gate, judged = true): Html {
  return html`<svg class="gate${judged && ` ${state}`}" aria-hidden="true"><use href="#gate-${state}"></use></svg>`
}
