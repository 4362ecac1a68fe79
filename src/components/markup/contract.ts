import type { BodyView } from '../../docs/content.ts'
import type { ApiLinks } from '../../docs/links.ts'
import type { CallView, Contract, LinkView, RequestView, ResponseView } from '../../docs/operation-page.ts'
import { operation as say, webhooks } from '../../wording/wording.ts'
import { type Html, html, sanitised } from './html.ts'
import { media } from './media.ts'
import { fields } from './schema.ts'
import { serverRows } from './servers.ts'
import { words } from './words.ts'

type Links = Pick<ApiLinks, 'schema' | 'operation'>

/** Description, parameters, body and responses: what an operation takes and gives. */
export function contract({ description, servers, parameters, body, responses }: Contract, links: Links): Html {
  const firstError = responses.findIndex(({ status }) => /^[45]/.test(status))
  return html`
    ${description !== '' && html`<div class="prose">${sanitised(description)}</div>`}
    ${servers.length > 0 && html`<section><h2>${say.ownServers(servers.length)}</h2>${serverRows(servers)}</section>`}
    ${parameters.map(({ title, rows }) => html`<section><h2>${title}</h2>${fields(rows, links, title)}</section>`)}
    ${body !== undefined && html`<section><h2>${bodyTitle(body)}</h2>${bodyOf(body, links)}</section>`}
    <section>
      <h2>${say.responses}</h2>
      ${responses.length === 0 && html`<p class="muted">${say.noResponses}</p>`}
      ${responses.map(
        (response, index) => html`
          ${index > 0 && index === firstError && html`<h3>${say.errors}</h3>`}
          ${responseOf(response, links, index === 0)}`,
      )}
    </section>`
}

/**
 * Of a call that the API makes: what it brings, and what is expected in return.
 *
 * @param alone the page is about it
 */
export function call({ description, parameters, body, responses }: CallView, links: Links, alone: boolean): Html {
  const heading = (text: Html | string): Html => (alone ? html`<h2>${text}</h2>` : html`<h3>${text}</h3>`)
  return html`
    ${description !== '' && html`<div class="prose">${sanitised(description)}</div>`}
    ${parameters.map(({ title, rows }) => html`<section>${heading(title)}${fields(rows, links, title)}</section>`)}
    ${body !== undefined && html`<section>${heading(bodyTitle(body))}${bodyOf(body, links)}</section>`}
    ${
      responses.length > 0 &&
      html`<section>${heading(webhooks.expects)}${responses.map((response) => responseOf(response, links, false))}</section>`
    }`
}

function bodyTitle({ required, content }: RequestView): Html {
  return html`${say.body} <span class="muted small">${say.needed(required)}, <code>${typesOf(content)}</code></span>`
}

function bodyOf({ description, content }: RequestView, links: Links): Html {
  return html`
    ${description !== '' && html`<div class="prose">${sanitised(description)}</div>`}
    ${content.map((one) => media(one, links, { named: content.length > 1, label: say.body }))}`
}

function responseOf(
  { status, description, headers, content, links: next }: ResponseView,
  links: Links,
  open: boolean,
): Html {
  return html`
    <details class="response"${open && ' open'}>
      <summary>
        <code class="status">${status}</code>
        <span class="prose inline">${sanitised(description)}</span>
        ${content.length > 0 && html`<code class="muted small">${typesOf(content)}</code>`}
      </summary>
      ${headers.length > 0 && html`<h3>${say.headers}</h3>${fields(headers, links, say.headersOf(status))}`}
      ${content.length === 0 && html`<p class="muted small">${say.noBody}</p>`}
      ${content.map((one) => media(one, links, { named: content.length > 1, label: say.fieldsOf(status) }))}
      ${next.length > 0 && html`<h3>${say.links}</h3><ul>${next.map((one) => linkOf(one, links))}</ul>`}
    </details>`
}

function linkOf({ name, description, operation, with: given }: LinkView, links: Links): Html {
  const { id, method, path } = operation
  return html`
    <li>
      <code>${name}</code>: <a href="${links.operation(id)}"><code>${method} ${path}</code></a> ${words(given)}
      ${description !== '' && html`<div class="prose small">${sanitised(description)}</div>`}
    </li>`
}

function typesOf(content: readonly BodyView[]): string {
  return content.flatMap(({ types }) => types).join(', ')
}
