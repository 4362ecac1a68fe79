import { fieldAnchor, tagAnchor } from './anchor.ts'
import { type Lens, lensQuery } from './lens.ts'

/** Addresses within one API. They keep the lens, so that a reader stays in one view. */
export interface ApiLinks {
  readonly overview: string
  readonly sdks: string
  readonly model: string
  operation(id: string): string
  schema(name: string): string
  /** One field, on its schema's page. */
  field(schema: string, name: string): string
  readonly scopes: string
  scope(name: string): string
  /** All webhooks, on the overview. */
  readonly webhooks: string
  webhook(id: string): string
  guide(name: string): string
  /** A group of operations on the overview, unfolded. */
  group(tag: string): string
}

export function apiLinks(api: string, lens: Lens): ApiLinks {
  const base = `/apis/${encodeURIComponent(api)}`
  const query = lensQuery(lens)
  return {
    overview: base + query,
    sdks: `${base}/sdks${query}`,
    model: `${base}/model.json`,
    operation: (id) => `${base}/operations/${segment(id)}${query}`,
    schema: (name) => `${base}/schemas/${segment(name)}${query}`,
    field: (schema, name) => `${base}/schemas/${segment(schema)}${query}#${fieldAnchor('field', name)}`,
    scopes: `${base}/scopes${query}`,
    webhooks: `${base}${query}#webhooks`,
    webhook: (id) => `${base}/webhooks/${segment(id)}${query}`,
    scope: (name) => `${base}/scopes${query}#${fieldAnchor('scope', name)}`,
    guide: (name) => `${base}/guides/${segment(name)}${query}`,
    group: (tag) => `${base}${lensQuery(lens, { tag })}#${tagAnchor(tag)}`,
  }
}

/** Of a path. Half of a surrogate pair, which a document may have in a name, can't be percent-encoded. */
function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed())
}

/** Where scopes that are missing are asked for: for an app that there is, or with a new one. */
export function requestLink(api: string, scopes: readonly string[], clientId?: string): string {
  const query = new URLSearchParams([['api', api], ...scopes.map((scope) => ['scope', scope])])
  const readable = query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/')
  return clientId === undefined ? `/apps/new?${readable}` : `/apps/${encodeURIComponent(clientId)}/request?${readable}`
}
