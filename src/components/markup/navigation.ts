import type { Viewer } from '../../docs/lens.ts'
import type { ApiLinks } from '../../docs/links.ts'
import { navigation as grouped, type NavigationGroup } from '../../docs/navigation.ts'
import type { ApiModel, Operation } from '../../model/api.ts'
import { counted, api as say } from '../../wording/wording.ts'
import { type Html, html } from './html.ts'
import { operationRows } from './operations.ts'

export interface Place {
  readonly operation?: Operation | undefined
  readonly here?: 'overview' | 'scopes' | 'sdks' | 'webhooks' | undefined
}

/** Operations by tag. From 1200 px it stands at the left; below, a button opens it: a popover needs no script. */
export function navigation(model: ApiModel, viewer: Viewer, links: ApiLinks, { operation, here }: Place): Html {
  const top = (part: Place['here'], href: string, text: string, current = 'page'): Html =>
    html`<a href="${href}"${part === here && html` aria-current="${current}"`}>${text}</a>`
  return html`
    <nav id="operations" class="operations" aria-label="${model.title}" popover>
      <div class="top">
        ${top('overview', links.overview, model.title)}
        ${model.scopes.length > 0 && top('scopes', links.scopes, say.scopes)}
        ${top('sdks', links.sdks, say.sdks)}
        ${model.webhooks.length > 0 && top('webhooks', links.webhooks, say.webhooks, 'true')}
      </div>
      ${grouped(model, viewer, { current: operation }).map((group) => groupOf(group, links, operation?.id))}
    </nav>`
}

function groupOf({ name, title, count, rows }: NavigationGroup, links: ApiLinks, current: string | undefined): Html {
  if (rows.length > 0) return html`<section><h2>${title}</h2>${operationRows(rows, links, { current })}</section>`
  return html`
    <section>
      <a class="folded" href="${links.group(name)}">${title} <span class="muted">${counted.operations(count)}</span></a>
    </section>`
}
