import type { BodyView } from '../../docs/content.ts'
import type { ApiLinks } from '../../docs/links.ts'
import type { Contract, ResponseView } from '../../docs/operation-page.ts'
import { operation as say } from '../../wording/wording.ts'
import { type Html, html, sanitised } from './html.ts'
import { media } from './media.ts'
import { fields } from './schema.ts'

type Links = Pick<ApiLinks, 'schema'>

/** Description, parameters, body and responses: what an operation takes and gives. */
export function contract({ description, parameters, body, responses }: Contract, links: Links): Html {
  const firstError = responses.findIndex(({ status }) => /^[45]/.test(status))
  return html`
    ${description !== '' && html`<div class="prose">${sanitised(description)}</div>`}
    ${parameters.map(({ title, rows }) => html`<section><h2>${title}</h2>${fields(rows, links, title)}</section>`)}
    ${body !== undefined && bodyOf(body, links)}
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

function bodyOf({ required, description, content }: NonNullable<Contract['body']>, links: Links): Html {
  return html`
    <section>
      <h2>${say.body} <span class="muted small">${say.needed(required)}, <code>${typesOf(content)}</code></span></h2>
      <div class="prose">${sanitised(description)}</div>
      ${content.map((one) => media(one, links, { named: content.length > 1, label: say.body }))}
    </section>`
}

function responseOf({ status, description, headers, content }: ResponseView, links: Links, open: boolean): Html {
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
    </details>`
}

function typesOf(content: readonly BodyView[]): string {
  return content.flatMap(({ types }) => types).join(', ')
}
