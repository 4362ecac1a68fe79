import type { ApiLinks } from '../../docs/links.ts'
import type { OperationRow } from '../../docs/navigation.ts'
import { api, verdicts as say } from '../../wording/wording.ts'
import { breakable } from './breakable.ts'
import { gateGlyph } from './gate-glyph.ts'
import { type Html, html } from './html.ts'

interface Options {
  /** The id of the operation that the page is about. */
  readonly current?: string | undefined
  /** With method and path, as on an API's page. */
  readonly paths?: boolean
}

/** As rows were written that come again: a list of hundreds stands beside each of its pages. */
const known = new WeakMap<OperationRow, { readonly address: string; readonly written: Html }>()

/** Operations in a rail of gates. */
export function operationRows(
  rows: readonly OperationRow[],
  links: Pick<ApiLinks, 'operation'>,
  { current, paths = false }: Options = {},
): Html {
  const special = (row: OperationRow): boolean => paths || row.id === current
  const items = rows.map((row) => (special(row) ? operationRow(row, links, { current, paths }) : usualRow(row, links)))
  return html`<ul role="list" class="operation-rows${paths && ' paths'}">${items}</ul>`
}

function usualRow(row: OperationRow, links: Pick<ApiLinks, 'operation'>): Html {
  const address = links.operation(row.id)
  const before = known.get(row)
  if (before?.address === address) return before.written
  const written = operationRow(row, links, {})
  known.set(row, { address, written })
  return written
}

function operationRow(
  { id, title, method, path, deprecated, verdict: { gate, judged, short } }: OperationRow,
  links: Pick<ApiLinks, 'operation'>,
  { current, paths = false }: Options,
): Html {
  return html`
    <li>
      <a class="row${judged && ` ${gate}`}" href="${links.operation(id)}"${id === current && html` aria-current="page"`}>
        ${gateGlyph(gate, judged)}
        <span class="title">
          ${breakable(title)}
          ${deprecated && html`<span class="muted small"> ${api.marked.deprecated}</span>`}
          ${short === '' ? html`<span class="unseen">, ${say.gates[gate]}</span>` : html`<small>${short}</small>`}
        </span>
        ${paths && html`<code><b>${method}</b> ${breakable(path)}</code>`}
      </a>
    </li>`
}
