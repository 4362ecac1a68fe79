import type { Server } from '../../model/api.ts'
import { api as say } from '../../wording/wording.ts'
import { type Html, html } from './html.ts'
import { words } from './words.ts'

/** Where an API answers, with what its addresses leave open. */
export function serverRows(servers: readonly Server[]): Html {
  return html`${servers.map(
    ({ name, url, description, variables }) => html`
    <p>
      <code>${url}</code>
      ${[name, description].map((about) => about !== undefined && html` <span class="muted small">${about}</span>`)}
      ${Object.entries(variables).map(
        ([variable, { default: value, enum: values = [], description: meaning }]) => html`
        <span class="muted small"> ${words(
          say.variable(
            variable,
            value,
            values.filter((other) => other !== value),
            meaning,
          ),
        )}</span>`,
      )}
    </p>`,
  )}`
}
